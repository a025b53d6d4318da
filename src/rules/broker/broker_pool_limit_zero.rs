use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_POOL_LIMIT_ZERO, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("broker_pool_limit") {
            if !super::is_off(&said) {
                continue;
            }
            findings
                .add(cards::BrokerPoolLimitZero { setting: &said.setting.written })
                .at(&said.known.at)
                .scope(&scope.name)
                .as_said(&said);
        }
    }
}
