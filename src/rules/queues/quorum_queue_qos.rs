use crate::catalogue::cards;
use crate::catalogue::version::VersionRange;
use crate::facts::{Facts, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::QUORUM_QUEUE_QOS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        if !queues::broker_may_be_rabbitmq(scope) {
            continue;
        }
        let quorum = queues::quorum(scope);
        for (place, said) in &quorum {
            for off in scope.said("worker_detect_quorum_queues") {
                if off.boolean() != Some(false) || !off.can_hold_with(said) {
                    continue;
                }
                let finding = findings.add(cards::QuorumQueueQos {});
                finding.at(&off.known.at).related(place, Role::Cause).scope(&scope.name).as_said(&off).as_said(said);
                finding.only_in = VersionRange::parse(">=5.5");
            }
        }
        // `task_default_queue_type` is read since 5.5 only; a queue that says so itself is a quorum queue for all.
        if let Some((place, said)) = quorum.iter().find(|(_, said)| said.setting.name == "task_queues") {
            let finding = findings.add(cards::QuorumQueueQos {});
            finding.at(place).scope(&scope.name).as_said(said);
            finding.only_in = VersionRange::parse("<5.5");
        }
    }
}
