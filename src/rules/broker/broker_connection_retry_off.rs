use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_CONNECTION_RETRY_OFF, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        if process.role != Role::Worker || process.container.is_none() {
            continue;
        }
        for name in ["broker_connection_retry", "broker_connection_retry_on_startup"] {
            for said in scope.said(name) {
                if said.boolean() == Some(false) {
                    findings
                        .add(cards::BrokerConnectionRetryOff { setting: &said.setting.written })
                        .at(&said.known.at)
                        .scope(&scope.name)
                        .uncertain_if(said.is_conditional())
                        .at_most_info_if(said.is_for_tests());
                }
            }
        }
    }
}
