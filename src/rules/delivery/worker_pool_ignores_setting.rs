use crate::catalogue::cards;
use crate::facts::queues::{self, Consumed};
use crate::facts::tasks::{CodeFile, Task};
use crate::facts::value::Value;
use crate::facts::{Facts, Process, Variant};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_POOL_IGNORES_SETTING, sees: SETTINGS_KINDS, check };

/// Settings that only some pools obey, and the pools that do not (docs/userguide/workers.rst; celery/concurrency has no
/// timeout outside prefork.py and gevent.py).
const OBEYED_BY_SOME: [(&str, &[&str]); 4] = [
    ("task_time_limit", &["threads", "solo", "eventlet"]),
    ("task_soft_time_limit", &["threads", "solo", "eventlet", "gevent"]),
    ("worker_max_tasks_per_child", &["threads", "solo", "eventlet", "gevent"]),
    ("worker_max_memory_per_child", &["threads", "solo", "eventlet", "gevent"]),
];

/// So many more tasks with such a limit are pointed at.
const MOST_OTHERS: usize = 20;

fn check(facts: &Facts, findings: &mut Findings) {
    of_tasks(facts, findings);
    for (_, scope) in facts.scopes() {
        for (name, ignored_by) in OBEYED_BY_SOME {
            for (said, pool) in scope.together(name, "worker_pool") {
                let Some(found) = pool.known.whole_text() else { continue };
                if !ignored_by.contains(&found.as_str()) || said.number().is_none_or(|number| number <= 0.0) {
                    continue;
                }
                let setting = &said.setting.written;
                let message = if name.starts_with("task_") {
                    cards::WorkerPoolIgnoresSetting::TimeLimit { setting, pool: found }
                } else {
                    cards::WorkerPoolIgnoresSetting::PerChild { setting, pool: found }
                };
                findings
                    .add(message)
                    .at(setting)
                    .related(found, Role::Conflict)
                    .scope(&scope.name)
                    .as_said(&said)
                    .as_said(&pool);
            }
        }
    }
}

/// Limits of single tasks, where every worker that may run them has such a pool.
fn of_tasks(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        // One pool is one thing to mend, however many tasks have a limit.
        let mut told: Vec<(&Text, &str, Vec<&Text>)> = Vec::new();
        let workers: Vec<_> = variant.processes.iter().filter(|process| queues::is_worker(process)).collect();
        for (file, task) in facts.tasks().filter(|(file, _)| file.part.is_none()) {
            for (name, ignored_by) in OBEYED_BY_SOME {
                let Some(option) = name.strip_prefix("task_").and_then(|name| task.option(name)) else { continue };
                let is_on = option.known().is_some_and(|it| matches!(it.value, Value::Integer(number) if number > 0));
                if !is_on || workers.is_empty() || file.is_for_tests() {
                    continue;
                }
                let queue = queue_of(facts, variant, file, task);
                let may_run = |worker: &&&Process| match (queues::consumed(worker), &queue) {
                    (Consumed::Named(names), Some(queue)) => names.iter().any(|it| it.as_str() == queue.as_str()),
                    _ => true,
                };
                let pools: Option<Vec<&Text>> = workers
                    .iter()
                    .filter(may_run)
                    .map(|worker| {
                        let pool = worker.option("--pool")?.text()?;
                        ignored_by.contains(&pool.as_str()).then_some(pool)
                    })
                    .collect();
                let Some(found) = pools.and_then(|pools| pools.first().copied()) else { continue };
                match told.iter_mut().find(|(pool, of, _)| pool.span() == found.span() && *of == name) {
                    Some((_, _, settings)) => settings.push(&option.name),
                    None => told.push((found, name, vec![&option.name])),
                }
            }
        }
        for (pool, _, settings) in told {
            let setting = settings[0];
            let finding = findings.add(cards::WorkerPoolIgnoresSetting::TimeLimit { setting, pool });
            finding.at(setting).related(pool, Role::Conflict);
            for other in settings.into_iter().skip(1).take(MOST_OTHERS) {
                finding.related(other, Role::Cause);
            }
        }
    }
}

/// The queue that a task goes to, where its own option or one route of a whole module says so.
fn queue_of<'a>(facts: &'a Facts, variant: &'a Variant, file: &CodeFile, task: &'a Task) -> Option<&'a Text> {
    let own = || task.option("queue")?.known()?.whole_text();
    let routed = || {
        let routes = variant.scopes.iter().flat_map(|scope| queues::routes(scope).to);
        let mut fitting = routes.filter(|(pattern, _)| {
            let Some((module, last)) = pattern.as_str().rsplit_once('.') else { return false };
            if last != "*" && last != task.name.as_str() {
                return false;
            }
            facts.module(module).is_some_and(|number| facts.python_code[number].source == file.source)
        });
        fitting.next().map(|(_, queue)| queue)
    };
    own().or_else(routed)
}
