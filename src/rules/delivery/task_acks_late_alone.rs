use crate::catalogue::cards;
use crate::facts::{Answer, Facts, Role, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_ACKS_LATE_ALONE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let process = scope.process.and_then(|number| variant.processes.get(number));
        if process.is_some_and(|process| process.role != Role::Worker) {
            continue;
        }
        let is_default = |name| matches!(scope.answer(name), Answer::Default);
        let mut missing: Vec<&str> = Vec::new();
        // A child that is killed has its message acknowledged all the same (celery/worker/request.py, on_failure).
        if is_default("task_reject_on_worker_lost") && !scope.mentions("reject_on_worker_lost") {
            missing.push("task_reject_on_worker_lost");
        }
        if is_default("worker_prefetch_multiplier") && !disables_prefetch(scope) {
            missing.push("worker_prefetch_multiplier");
        }
        if missing.is_empty() {
            continue;
        }
        for said in scope.said("task_acks_late").filter(|said| said.boolean() == Some(true) && !said.is_conditional()) {
            findings.add(cards::TaskAcksLateAlone { settings: &missing }).at(&said.setting.written).scope(&scope.name);
        }
    }
}

fn disables_prefetch(scope: &Scope) -> bool {
    scope.said("worker_disable_prefetch").any(|said| said.boolean() != Some(false))
}
