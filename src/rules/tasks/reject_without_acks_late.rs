use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, SlipKind, Task};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::REJECT_WITHOUT_ACKS_LATE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // Anybody who speaks of the setting may turn it on.
    let is_set = facts.scopes().any(|(_, scope)| scope.said("task_acks_late").next().is_some());
    let is_shown = facts.scopes().any(|(_, scope)| scope.no_code_sets("task_acks_late"));
    if is_set || !is_shown {
        return;
    }
    let acks_early = |task: &Task| {
        let own = task.option("acks_late");
        own.is_none_or(|it| it.known().is_some_and(|it| it.truth() == Some(false)))
            && task.option("base").is_none()
            && task.made_by != MadeBy::Class
            && !task.is_open
    };
    for file in &facts.python_code {
        if file.slips.iter().any(|it| it.is == SlipKind::TaskClassGiven) {
            return;
        }
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::RejectRequeued) {
            if slip.in_task.and_then(|task| file.tasks.get(task)).is_some_and(acks_early) {
                let message: Message = cards::RejectWithoutAcksLate::Raised { found: &slip.at }.into();
                findings.add(message).at(&slip.at);
            }
        }
        for task in file.tasks.iter().filter(|task| acks_early(task)) {
            let Some(option) = task.option("reject_on_worker_lost") else { continue };
            if option.known().and_then(|it| it.truth()) == Some(true) {
                let message: Message = cards::RejectWithoutAcksLate::Option { found: &option.name }.into();
                findings.add(message).at(&option.name);
            }
        }
    }
}
