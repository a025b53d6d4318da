use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_MAX_TASKS_PER_CHILD_INVALID, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // Only prefork looks at it; another rule says so of the other pools.
        if scope.said("worker_pool").any(|pool| pool.text().is_some_and(|it| it.as_str() != "prefork")) {
            continue;
        }
        for said in scope.said("worker_max_tasks_per_child") {
            // celery/concurrency/prefork.py, on_start: a positive int or None.
            let found = match said.known.value {
                Value::Integer(number) if number <= 0 => number.to_string(),
                Value::Float(number) => number.to_string(),
                _ => continue,
            };
            findings
                .add(cards::WorkerMaxTasksPerChildInvalid { setting: &said.setting.written, found })
                .at(&said.known.at)
                .scope(&scope.name)
                .as_said(&said);
        }
    }
}
