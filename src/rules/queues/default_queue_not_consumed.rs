use crate::catalogue::{Message, cards};
use crate::facts::queues::{self, Consumption, Routes};
use crate::facts::tasks::{MadeBy, Task};
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DEFAULT_QUEUE_NOT_CONSUMED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        let consumed = Consumption::of(variant);
        let has_workers = variant.processes.iter().any(queues::is_worker);
        for scope in &variant.scopes {
            let Some(default) = queues::default_queue(scope) else { continue };
            let mut declared = queues::declared(scope);
            let (Some(only), None) = (declared.next(), declared.next()) else { continue };
            if !only.is_whole
                || only.refused.is_some()
                || only.queues.is_empty()
                || only.said.is_conditional()
                || only.queues.iter().any(|queue| queue.name.as_str() == default)
            {
                continue;
            }
            // A router of the project's own, or a pattern for everything, may leave nothing for the default queue.
            let routes = queues::routes(scope);
            if routes.open || routes.to.iter().any(|(pattern, _)| pattern.as_str() == "*") {
                continue;
            }
            match &consumed {
                Some(consumed) if consumed.has(&default) => continue,
                // Workers that we do not see through may consume it.
                None if has_workers => continue,
                _ => {}
            }
            let message: Message = match never_run(facts, scope, &routes, &default).filter(|_| consumed.is_some()) {
                Some(task) => cards::DefaultQueueNotConsumed::NeverRun { queue: &default, task: &task.name }.into(),
                None => cards::DefaultQueueNotConsumed::MayBe { queue: &default, task: "" }.into(),
            };
            let finding = findings.add(message);
            finding.at(&only.said.setting.written).scope(&scope.name);
            if let Some(said) = scope.said("task_default_queue").next() {
                finding.related(said.known.written(), Role::Conflict);
            }
        }
    }
}

/// A task of this app that certainly goes to the default queue: no route is for it, and nobody sends it elsewhere.
fn never_run<'a>(facts: &'a Facts, scope: &Scope, routes: &Routes<'_>, default: &str) -> Option<&'a Task> {
    // A pattern may be for any task; so may a queue that is named when a task is sent or defined.
    let names_queues =
        |options: &[&str]| options.iter().any(|option| ["queue", "exchange", "routing_key"].contains(option));
    let is_sent_elsewhere = facts.python_code.iter().any(|file| {
        file.sendings
            .iter()
            .any(|sending| names_queues(&sending.options.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>()))
    });
    let pattern_for_many = routes.to.iter().any(|(pattern, _)| pattern.as_str().contains(['*', '?', '[', '(']));
    let may_be_set = ["send_task", "signature", "set", "before_task_publish"].iter().any(|word| scope.mentions(word));
    if !scope.closed || may_be_set || is_sent_elsewhere || pattern_for_many || default.is_empty() {
        return None;
    }
    facts
        .tasks()
        .filter(|(file, task)| {
            !file.is_for_tests()
                && matches!(task.made_by, MadeBy::AppTask | MadeBy::SharedTask)
                && !task.is_open
                && task.conditions.is_empty()
                && ["queue", "exchange", "routing_key", "name", "base"].iter().all(|name| task.option(name).is_none())
                && !routes.to.iter().any(|(pattern, _)| pattern.as_str().ends_with(task.name.as_str()))
        })
        .map(|(_, task)| task)
        .next()
}
