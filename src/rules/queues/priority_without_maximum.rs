use crate::catalogue::cards;
use crate::facts::tasks::limits::number;
use crate::facts::{Facts, Scope, queues, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::PRIORITY_WITHOUT_MAXIMUM, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        if !is_rabbitmq(scope) || !scope.no_code_sets("task_queue_max_priority") || may_know_priorities(scope) {
            continue;
        }
        for said in scope.said("task_default_priority").filter(|said| said.number().is_some()) {
            findings
                .add(cards::PriorityWithoutMaximum { setting: &said.setting.written })
                .at(&said.known.at)
                .scope(&scope.name)
                .at_most_info_if(said.is_for_tests());
        }
        let Some(broker) = scope.said("broker_url").next() else { continue };
        for file in facts.python_code.iter().filter(|file| facts.is_of_one_app(file, &broker.setting.written)) {
            // Once for a file: one maximum is enough for all.
            let mut options = file.sendings.iter().filter(|it| it.task.is_some()).flat_map(|it| &it.options);
            let given = options.find(|(name, given)| name.as_str() == "priority" && number(&given.value).is_some());
            if let Some((name, given)) = given {
                findings
                    .add(cards::PriorityWithoutMaximum { setting: name })
                    .at(&given.at)
                    .scope(&scope.name)
                    .at_most_info_if(file.is_for_tests());
            }
        }
    }
}

fn is_rabbitmq(scope: &Scope) -> bool {
    let names_a_scheme =
        scope.said("broker_url").filter_map(|said| said.text().map(url::parse)).any(|url| url.scheme_name().is_some());
    names_a_scheme && queues::broker_may_be_rabbitmq(scope)
}

/// Quorum queues have priorities of their own; a classic queue needs `x-max-priority` when it is made.
fn may_know_priorities(scope: &Scope) -> bool {
    let quorum = ["task_default_queue_type", "task_create_missing_queue_type"];
    quorum.iter().any(|name| !scope.no_code_sets(name))
        || scope.said("task_queues").count() != queues::declared(scope).count()
        || queues::declared(scope).any(|declared| {
            let is_plain = |queue: &queues::Queue<'_>| {
                queue.arguments_are_whole
                    && queue.argument("x-max-priority").is_none()
                    && queue.argument("x-queue-type").is_none()
            };
            !declared.is_whole || !declared.queues.iter().all(is_plain)
        })
}
