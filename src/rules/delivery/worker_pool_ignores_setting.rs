use crate::catalogue::cards;
use crate::facts::Facts;
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
