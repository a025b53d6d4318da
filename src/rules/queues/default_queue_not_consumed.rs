use crate::catalogue::{Message, cards};
use crate::facts::queues::{self, Consumption, Routes};
use crate::facts::tasks::{MadeBy, Task};
use crate::facts::{Facts, Process, Role, Said, Scope, Variant, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::backends;
use crate::rules::Rule;
use crate::words::Role as Part;

pub(super) const RULE: Rule = Rule { card: &cards::DEFAULT_QUEUE_NOT_CONSUMED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        // Other machines may have more workers, but one that only consumes `celery` has nothing to do if no task goes there.
        let is_bare = |it: &Consumption| it.names == ["celery"];
        let of_machines = Consumption::of_machines(variant).filter(is_bare);
        let is_whole = Consumption::of(variant).is_some();
        let consumed = Consumption::of(variant).or(of_machines);
        let has_workers = variant.processes.iter().any(queues::is_worker);
        for scope in &variant.scopes {
            let Some(default) = queues::default_queue(scope) else { continue };
            let mut declared = queues::declared(scope);
            let declared = match (declared.next(), declared.next()) {
                (Some(only), None)
                    if only.is_whole
                        && only.refused.is_none()
                        && !only.queues.is_empty()
                        && !only.said.is_conditional()
                        && !only.queues.iter().any(|queue| queue.name.as_str() == default) =>
                {
                    Some(only)
                }
                // Every worker says with -Q what it consumes.
                (None, None) if scope.no_code_sets("task_queues") => None,
                _ => continue,
            };
            // A router of the project's own, or a pattern for everything, may leave nothing for the default queue.
            let routes = queues::routes(scope);
            if routes.open || routes.to.iter().any(|(pattern, _)| pattern.as_str() == "*") {
                continue;
            }
            if !is_whole && routes.to.iter().any(|(_, queue)| queue.as_str() == "celery") {
                continue;
            }
            let named = match &consumed {
                Some(consumed) if consumed.has(&default) => continue,
                Some(consumed) => consumed.first_place(),
                // Workers that we do not see through may consume it.
                None if has_workers => continue,
                None => None,
            };
            let Some(at) = declared.as_ref().map(|only| &only.said.setting.written).or(named) else { continue };
            let queue = &default;
            let never_run = never_run(facts, scope, &routes, queue).filter(|_| consumed.is_some());
            let message: Message = match (never_run, &declared) {
                (Some(task), _) => cards::DefaultQueueNotConsumed::NeverRun { queue, task: &task.name }.into(),
                (None, _) if consumed.is_some() && sends_cleanup(variant, scope, &routes) => {
                    cards::DefaultQueueNotConsumed::Cleanup { queue, task: CLEANUP }.into()
                }
                (None, Some(_)) => cards::DefaultQueueNotConsumed::MayBe { queue, task: "" }.into(),
                (None, None) => continue,
            };
            // What is not named here may be consumed by workers elsewhere.
            let finding = findings.add(message);
            finding.at(at).scope(&scope.name).uncertain_if(declared.is_none() || (has_workers && !is_whole));
            if let Some(said) = scope.said("task_default_queue").next() {
                finding.related(said.known.written(), Part::Conflict);
            }
        }
    }
}

const CLEANUP: &str = "celery.backend_cleanup";

/// Whether beat sends the task that deletes old results, and nothing sends it elsewhere (celery/beat.py:276, 5.7.0).
fn sends_cleanup(variant: &Variant, scope: &Scope, routes: &Routes<'_>) -> bool {
    let runs_beat = |process: &Process| process.role == Role::Beat || process.command.uses("--beat").next().is_some();
    let is_kept = |said: Said<'_>| {
        let alias = said.text().map(url::parse).and_then(|url| url.scheme_name());
        let row = alias.and_then(|alias| backends::find(alias.as_str()));
        row.is_some_and(|row| !row.forgets && !matches!(row.alias, "disabled" | "amqp" | "riak"))
    };
    let is_endless = |said: Said<'_>| said.is_none() || said.number() == Some(0.0);
    variant.processes.iter().any(runs_beat)
        && scope.said("result_backend").any(is_kept)
        && !scope.said("result_expires").any(is_endless)
        && !scope.mentions("backend_cleanup")
        && !routes
            .to
            .iter()
            .any(|(pattern, _)| pattern.as_str().starts_with("celery") || pattern.as_str().starts_with(['*', '?', '[']))
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
    // No variable sets a queue or a route.
    if !scope.code_is_closed || may_be_set || is_sent_elsewhere || pattern_for_many || default.is_empty() {
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
