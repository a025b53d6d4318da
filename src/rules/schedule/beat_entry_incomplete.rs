use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::Scheduler;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_INCOMPLETE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_entry(facts, |scope, scheduler, schedule, entry| {
        if scheduler == Scheduler::Other || !entry.is_whole {
            return;
        }
        let (has_task, has_schedule) = (entry.field("task").is_some(), entry.field("schedule").is_some());
        let message = match (has_task, has_schedule) {
            (true, true) => return,
            (_, false) => cards::BeatEntryIncomplete::Schedule {},
            (false, true) => cards::BeatEntryIncomplete::Task {},
        };
        let at = entry.name().unwrap_or(&entry.key.at);
        findings
            .add(message)
            .at(if at.is_empty() { &entry.key.at } else { at })
            .scope(&scope.name)
            .uncertain_if(schedule.said.is_conditional())
            .at_most_info_if(schedule.said.is_for_tests());
    });
}
