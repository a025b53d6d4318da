use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::AUTOSCALE_NOT_AS_WRITTEN, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(given) = process.option("--autoscale").filter(|_| process.role == Role::Worker) else { continue };
        let Some(text) = given.text() else { continue };
        let numbers: Option<Vec<i64>> = text.as_str().split(',').map(crate::facts::command::integer).collect();
        let Some(numbers) = numbers else { continue };
        let option = &given.written;
        let message: Option<Message> = match numbers.as_slice() {
            [_] => Some(cards::AutoscaleNotAsWritten::ToZero { option, found: text }.into()),
            // celery/bin/worker.py sorts the two since 5.0; celery/bin/base.py of 4.4.7 takes the first as the maximum.
            [first, second] if first < second => {
                Some(cards::AutoscaleNotAsWritten::Reversed { option, found: text }.into())
            }
            _ => None,
        };
        if let Some(message) = message {
            findings.add(message).at(text).scope(&process.name);
        }
        if let Some(concurrency) = process.option("--concurrency") {
            let message: Message =
                cards::AutoscaleNotAsWritten::OverConcurrency { option, found: &concurrency.written }.into();
            findings
                .add(message)
                .at(&concurrency.written)
                .related(option, crate::words::Role::Conflict)
                .scope(&process.name);
        }
    }
}
