use crate::catalogue::cards;
use crate::facts::{Facts, Said};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_ACKS_ON_TIMEOUT_LOOP, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // celery/app/task.py, annotate: the newer setting wins over the one for both cases.
        let name = if scope.said("task_acks_on_timeout").any(|said| !said.is_none()) {
            "task_acks_on_timeout"
        } else {
            "task_acks_on_failure_or_timeout"
        };
        let limits: Vec<Said<'_>> =
            scope.said("task_time_limit").filter(|said| said.number().is_some_and(|number| number > 0.0)).collect();
        for (said, late) in scope.together(name, "task_acks_late") {
            let Some(limit) = limits.iter().find(|limit| limit.can_hold_with(&said)) else { continue };
            if said.boolean() != Some(false) || late.boolean() != Some(true) {
                continue;
            }
            findings
                .add(cards::TaskAcksOnTimeoutLoop { setting: &said.setting.written })
                .at(&said.setting.written)
                .related(&late.setting.written, Role::Cause)
                .related(&limit.setting.written, Role::Cause)
                .scope(&scope.name)
                .uncertain_if(said.is_conditional() || late.is_conditional() || limit.is_conditional())
                .at_most_info_if(said.is_for_tests() || late.is_for_tests());
        }
    }
}
