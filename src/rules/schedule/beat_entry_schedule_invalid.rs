use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::{Scheduler, When};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_SCHEDULE_INVALID, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_entry(facts, |scope, scheduler, schedule, entry| {
        if scheduler == Scheduler::Other {
            return;
        }
        let Some(known) = entry.field("schedule") else { return };
        let (message, at, number) = match entry.when() {
            When::Text(template) => {
                let Some(text) = template.whole() else { return };
                let written = text.as_str().trim();
                if written.parse::<f64>().is_ok_and(f64::is_finite) {
                    (cards::BeatEntryScheduleInvalid::Number { value: text }, text, Some(written))
                } else if written.split_whitespace().count() == 5 {
                    (cards::BeatEntryScheduleInvalid::Line { value: text }, text, None)
                } else {
                    (cards::BeatEntryScheduleInvalid::Text { value: text }, text, None)
                }
            }
            When::Nonsense => (cards::BeatEntryScheduleInvalid::Other { value: &known.at }, &known.at, None),
            _ => return,
        };
        let finding = findings
            .add(message)
            .at(if at.is_empty() { &known.at } else { at })
            .scope(&scope.name)
            .uncertain_if(schedule.said.is_conditional())
            .at_most_info_if(schedule.said.is_for_tests());
        if let Some(number) = number {
            finding.replace(&known.at, number);
        }
    });
}
