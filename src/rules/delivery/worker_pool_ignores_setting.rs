use crate::catalogue::cards;
use crate::facts::{Facts, Role as Does};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
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
                    .uncertain_if(said.is_conditional() || pool.is_conditional())
                    .at_most_info_if(said.is_for_tests() || pool.is_for_tests());
            }
        }
    }
}

/// The limits of tasks themselves, where every worker has such a pool.
fn of_tasks(facts: &Facts, findings: &mut Findings) {
    let workers = || facts.processes().filter(|(_, process)| process.role == Does::Worker);
    let pools: Vec<_> = workers().map(|(_, it)| it.option("--pool").and_then(|it| it.text())).collect();
    for (name, ignored_by) in [("time_limit", OBEYED_BY_SOME[0].1), ("soft_time_limit", OBEYED_BY_SOME[1].1)] {
        let ignores = |it: &Option<&crate::text::Text>| it.is_some_and(|it| ignored_by.contains(&it.as_str()));
        if !pools.iter().all(ignores) {
            continue;
        }
        let Some(pool) = pools.first().copied().flatten() else { continue };
        for (file, task) in facts.tasks() {
            let Some(option) = task.option(name).filter(|it| it.known().is_some_and(|it| it.truth() == Some(true)))
            else {
                continue;
            };
            findings
                .add(cards::WorkerPoolIgnoresSetting::TimeLimit { setting: &option.name, pool })
                .at(&option.name)
                .related(pool, Role::Conflict)
                .at_most_info_if(file.is_for_tests());
        }
    }
}
