use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::MAX_RETRIES_NONE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for (number, task) in file.tasks.iter().enumerate() {
            let Some(option) = task.option("max_retries") else { continue };
            if !option.known().is_some_and(|known| matches!(known.value, Value::None)) {
                continue;
            }
            // The task counts for itself.
            if file.slips.iter().any(|it| it.is == SlipKind::RetriesCompared && it.in_task == Some(number)) {
                continue;
            }
            // A retry with a limit of its own does not go on for ever (celery/app/task.py, retry).
            let retry = file.retries.iter().find(|retry| retry.in_task == number && !retry.has_own_limit);
            let (message, cause): (Message, _) = match (task.option("autoretry_for"), retry) {
                (Some(auto), _) => (cards::MaxRetriesNone::Auto { task: &task.name }.into(), &auto.name),
                (None, Some(retry)) => (cards::MaxRetriesNone::ByHand { task: &task.name }.into(), &retry.at),
                (None, None) => continue,
            };
            findings.add(message).at(&option.expression).related(cause, Role::Cause);
        }
    }
}
