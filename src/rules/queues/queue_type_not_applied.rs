use crate::catalogue::cards;
use crate::facts::{Facts, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::QUEUE_TYPE_NOT_APPLIED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("task_default_queue_type") {
            if said.known.whole_text().is_none_or(|text| text.as_str() != "quorum") {
                continue;
            }
            for declared in queues::declared(scope).filter(|declared| said.can_hold_with(&declared.said)) {
                let classic = declared
                    .queues
                    .iter()
                    // RabbitMQ refuses quorum queues with a maximum of priorities: such a queue is classic on purpose.
                    .find(|queue| {
                        queue.arguments_are_whole
                            && ["x-queue-type", "x-max-priority"].iter().all(|it| queue.argument(it).is_none())
                    });
                let Some(queue) = classic else { continue };
                findings
                    .add(cards::QueueTypeNotApplied { queue: queue.name })
                    .at(queue.at)
                    .related(said.known.written(), Role::Conflict)
                    .scope(&scope.name)
                    .at_most_info_if(said.is_for_tests() || declared.said.is_for_tests());
            }
        }
    }
}
