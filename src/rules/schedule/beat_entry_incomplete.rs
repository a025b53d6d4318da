use crate::catalogue::cards;
use crate::facts::schedule::{Entry, Schedule, Scheduler};
use crate::facts::value::{Value, Why};
use crate::facts::{Facts, Scope};
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
            (true, true) => {
                of_function(facts, scope, schedule, entry, findings);
                return;
            }
            (_, false) => cards::BeatEntryIncomplete::Schedule {},
            (false, true) => cards::BeatEntryIncomplete::Task {},
        };
        let at = entry.name().unwrap_or(&entry.key.at);
        findings
            .add(message)
            .at(if at.is_empty() { &entry.key.at } else { at })
            .scope(&scope.name)
            .as_said(&schedule.said);
    });
}

/// A task itself where its name belongs: `"task": cleanup`.
fn of_function(facts: &Facts, scope: &Scope, schedule: &Schedule<'_>, entry: &Entry<'_>, findings: &mut Findings) {
    let Some(known) = entry.field("task") else { return };
    let Value::Unknown(Why::Name(name)) = &known.value else { return };
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_task = facts.python_code.iter().any(|file| file.tasks.iter().any(|task| task.name.as_str() == last));
    if is_task && known.at.as_str() == name {
        findings.add(cards::BeatEntryIncomplete::Function {}).at(&known.at).scope(&scope.name).as_said(&schedule.said);
    }
}
