use std::collections::HashSet;

use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::queues::{self, Consumed};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::QUEUE_NOT_DECLARED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let is_only_app = facts.python_code.iter().filter(|file| !file.wiring.apps.is_empty()).count() <= 1;
    for (variant, scope) in facts.scopes() {
        let worker = scope.process.and_then(|number| variant.processes.get(number));
        let named = worker.filter(|worker| queues::is_worker(worker)).map(queues::consumed);
        let names = if let Some(Consumed::Named(names)) = named { names } else { Vec::new() };
        let declared: Vec<_> = queues::declared(scope).collect();
        let unset = scope.no_code_sets("task_queues");
        // Several values, or queues that we do not see: any of the names may be there.
        let known: HashSet<String> = match &declared[..] {
            [only] if only.is_whole && only.refused.is_none() && scope.said("task_queues").count() == 1 => {
                only.queues.iter().map(|queue| queue.name.as_str().to_owned()).collect()
            }
            [] if unset => queues::default_queue(scope).into_iter().collect(),
            _ => continue,
        };
        if known.is_empty() {
            continue;
        }
        for said in scope.said("task_create_missing_queues") {
            if said.boolean() != Some(false) {
                continue;
            }
            // Both may stand in one class that others may overrule.
            let of_class = || {
                let mut said = scope.said("task_default_queue");
                let only = said.next()?.known.whole_text()?.as_str().to_owned();
                said.next().is_none().then_some(only)
            };
            let default = queues::default_queue(scope).or_else(of_class);
            if let Some(default) = default.filter(|name| !known.contains(name)) {
                findings
                    .add(cards::QueueNotDeclared::Default { queue: &default })
                    .at(&said.known.at)
                    .scope(&scope.name)
                    .as_said(&said);
            }
            // celery/app/amqp.py, Queues.__missing__, through the router: QueueNotFound where the task is sent.
            let routes = queues::routes(scope).to.into_iter().map(|(_, queue)| {
                let message: Message = cards::QueueNotDeclared::Route { queue }.into();
                (queue, message)
            });
            let named = names.iter().map(|queue| (queue, cards::QueueNotDeclared::Command { queue }.into()));
            // `apply_async(queue="…")` asks the same list.
            let sent = facts.python_code.iter().filter(|file| {
                !file.is_for_tests() && (is_only_app || file.source == said.setting.written.span().source)
            });
            let sent = sent.flat_map(|file| &file.sendings);
            let sent = sent.flat_map(|sending| &sending.options).filter(|(option, _)| option.as_str() == "queue");
            let sent = sent.filter_map(|(_, given)| {
                let queue = given.value.whole_text()?;
                Some((queue, cards::QueueNotDeclared::Route { queue }.into()))
            });
            for (name, message) in routes.chain(named).chain(sent).filter(|(name, _)| !known.contains(name.as_str())) {
                findings
                    .add(message)
                    .at(name)
                    .related(&said.known.at, Role::Cause)
                    .scope(&scope.name)
                    .uncertain_if(said.is_conditional() || declared.iter().any(|it| it.said.is_conditional()))
                    .at_most_info_if(said.is_for_tests());
            }
        }
    }
}
