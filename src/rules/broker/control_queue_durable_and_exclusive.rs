use crate::catalogue::{Message, cards};
use crate::facts::{Answer, Facts};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::CONTROL_QUEUE_DURABLE_AND_EXCLUSIVE, sees: SETTINGS_KINDS, check };

const PAIRS: [(&str, &str); 2] =
    [("control_queue_durable", "control_queue_exclusive"), ("event_queue_durable", "event_queue_exclusive")];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for (durable_name, exclusive_name) in PAIRS {
            for durable in scope.said(durable_name).filter(|said| said.boolean() == Some(true)) {
                let setting = &durable.setting.written;
                let (message, exclusive): (Message, _) = match scope.answer(exclusive_name) {
                    Answer::Default => (
                        cards::ControlQueueDurableAndExclusive::ByDefault { setting, other: exclusive_name }.into(),
                        None,
                    ),
                    Answer::NotShown => {
                        (cards::ControlQueueDurableAndExclusive::Unless { setting, other: exclusive_name }.into(), None)
                    }
                    Answer::Said(said) => {
                        let both = said.into_iter().find(|it| it.boolean() == Some(true) && it.can_hold_with(&durable));
                        let Some(both) = both else { continue };
                        let message = cards::ControlQueueDurableAndExclusive::Both { setting, other: exclusive_name };
                        (message.into(), Some(both))
                    }
                };
                let conditional = durable.is_conditional() || exclusive.as_ref().is_some_and(|it| it.is_conditional());
                let finding = findings.add(message);
                finding.at(&durable.known.at).scope(&scope.name).uncertain_if(conditional);
                finding.at_most_info_if(durable.is_for_tests());
                if let Some(exclusive) = exclusive {
                    finding.related(&exclusive.known.at, Role::Conflict);
                }
            }
        }
    }
}
