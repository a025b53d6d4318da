use crate::catalogue::{Message, cards};
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_FAILOVER_STRATEGY_UNKNOWN, sees: SETTINGS_KINDS, check };

/// kombu/connection.py:54 in 5.7.0, `failover_strategies`.
const STRATEGIES: [&str; 2] = ["round-robin", "shuffle"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("broker_failover_strategy") {
            let Some(name) = said.known.whole_text() else { continue };
            if STRATEGIES.contains(&name.as_str()) {
                continue;
            }
            // With one address there is nothing to choose from, and the name is never looked at.
            let chooses = broker::brokers(facts).iter().any(|address| {
                std::ptr::eq(scope, address.scope) && address.of > 1 && address.said.can_hold_with(&said)
            });
            let message: Message = if chooses {
                cards::BrokerFailoverStrategyUnknown::Fails { name }.into()
            } else {
                cards::BrokerFailoverStrategyUnknown::NotUsedYet { name }.into()
            };
            let finding = findings.add(message).at(name).scope(&scope.name).as_said(&said);
            let written = name.as_str().to_ascii_lowercase().replace(['_', ' '], "-");
            let same = STRATEGIES.into_iter().find(|it| *it == written);
            if let Some(meant) = same.or_else(|| nearest(&written, STRATEGIES)) {
                finding.replace(name, meant);
            }
        }
    }
}
