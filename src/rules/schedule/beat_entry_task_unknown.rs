use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::task_name::{self, TaskNames};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_TASK_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let names = TaskNames::of(facts);
    super::each_entry(facts, |scope, _, schedule, entry| {
        let Some(task) = entry.task() else { return };
        let includes = task_name::includes(scope);
        let Some((defined, meant)) = names.meant(&includes, task.as_str()) else { return };
        findings
            .add(cards::BeatEntryTaskUnknown { task, meant: &meant })
            .at(task)
            .scope(&scope.name)
            .as_said(&schedule.said)
            .related(defined, Role::Conflict)
            .replace(task, &meant);
    });
}
