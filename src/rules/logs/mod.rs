//! Log lines. Each is a card alone; this file says them all.

use super::Rule;
use crate::catalogue::cards;
use crate::catalogue::{AsCode, Message};
use crate::facts::Facts;
use crate::finding::{Finding, Findings};
use crate::intake::Kind;

pub(super) const RULES: &[Rule] = &[Rule { card: &cards::LOG_RUNS_AS_ROOT, sees: &[Kind::Log], check }];

/// Every known line of every log. All log cards are said here, whichever card stands in the list above.
fn check(facts: &Facts, findings: &mut Findings) {
    for event in &facts.events {
        let values = event.card.values.iter().map(|name| event.value(name).shown());
        let finding: &mut Finding = findings
            .add(Message { card: event.card, outcome: None, values: values.collect() })
            .at(&event.at)
            .at_most_info_if(event.is_overcome);
        finding.count = event.count;
        finding.last = event.last.clone();
        finding.seen = event.first_seen.clone().zip(event.last_seen.clone());
    }
}
