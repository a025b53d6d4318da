use crate::catalogue::cards;
use crate::facts::broker::{TransportOption, transport_option};
use crate::facts::value::Value;
use crate::facts::{Answer, Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::PUBLISHER_CONFIRMS_OFF, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        if !address.url.is_any(&super::AMQP) {
            continue;
        }
        for quorum in address.scope.said("task_default_queue_type") {
            let is_quorum = quorum.known.whole_text().is_some_and(|name| name.as_str() == "quorum");
            if !is_quorum || !quorum.can_hold_with(&address.said) {
                continue;
            }
            let is_off = match address.scope.answer("broker_transport_options") {
                Answer::Default => true,
                Answer::NotShown => false,
                Answer::Said(said) => said.iter().all(|it| match transport_option(it.known, "confirm_publish") {
                    TransportOption::NotSet => true,
                    TransportOption::Set(value) => matches!(value.value, Value::Boolean(false) | Value::None),
                    TransportOption::Unknown => false,
                }),
            };
            if is_off {
                findings
                    .add(cards::PublisherConfirmsOff {})
                    .at(&quorum.known.at)
                    .scope(&address.scope.name)
                    .as_said(&quorum);
            }
        }
    }
}
