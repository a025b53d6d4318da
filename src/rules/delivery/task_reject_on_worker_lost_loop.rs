use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_REJECT_ON_WORKER_LOST_LOOP, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // Since 5.7 a retry, which is counted, can take the place of the redelivery.
        if scope.said("task_retry_on_worker_lost").next().is_some() {
            continue;
        }
        for (said, late) in scope.together("task_reject_on_worker_lost", "task_acks_late") {
            if said.boolean() != Some(true) || late.boolean() != Some(true) {
                continue;
            }
            findings
                .add(cards::TaskRejectOnWorkerLostLoop { setting: &said.setting.written })
                .at(&said.setting.written)
                .scope(&scope.name)
                .at_most_info_if(said.is_for_tests() || late.is_for_tests());
        }
    }
}
