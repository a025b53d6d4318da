use crate::catalogue::cards;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_HEARTBEAT_OFF, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        // Only py-amqp sends heartbeats (kombu/transport/pyamqp.py); for other brokers the setting does nothing.
        if !address.url.is_any(&["amqp", "amqps", "pyamqp"]) || address.url.is_local() == Some(true) {
            continue;
        }
        for said in address.scope.said("broker_heartbeat") {
            if super::is_off(&said) && said.can_hold_with(&address.said) {
                findings
                    .add(cards::BrokerHeartbeatOff { setting: &said.setting.written })
                    .at(&said.known.at)
                    .scope(&address.scope.name)
                    .as_said(&said);
            }
        }
    }
}
