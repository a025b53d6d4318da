use crate::catalogue::cards;
use crate::facts::{Facts, queues};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::QUORUM_QUEUE_AUTOSCALE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let worker = scope.process.and_then(|number| variant.processes.get(number));
        let Some(worker) = worker.filter(|worker| queues::is_worker(worker)) else { continue };
        let Some(option) = worker.command.uses("--autoscale").next() else { continue };
        if !queues::broker_may_be_rabbitmq(scope) {
            continue;
        }
        if let Some((place, said)) = queues::quorum(scope).first() {
            findings
                .add(cards::QuorumQueueAutoscale {})
                .at(&option.written)
                .related(place, Role::Conflict)
                .scope(&scope.name)
                .at_most_info_if(said.is_for_tests());
        }
    }
}
