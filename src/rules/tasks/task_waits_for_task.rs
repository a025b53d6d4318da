use crate::catalogue::cards;
use crate::facts::{Facts, Role as ProcessRole};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_WAITS_FOR_TASK, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // Only these pools let a task wait (celery/concurrency/gevent.py and eventlet.py, task_join_will_block).
    let is_green = |pool: &str| matches!(pool, "gevent" | "eventlet");
    let by_option = facts.processes().filter(|(_, process)| process.role == ProcessRole::Worker).any(|(_, process)| {
        process.command.value("--pool").is_some_and(|pool| pool.is_open() || is_green(pool.as_str()))
    });
    let by_setting = facts
        .scopes()
        .any(|(_, scope)| scope.said("worker_pool").any(|said| said.text().is_none_or(|text| is_green(text.as_str()))));
    if by_option || by_setting {
        return;
    }
    for file in &facts.python_code {
        for read in file.reads.iter().filter(|read| read.waits && !read.is_allowed) {
            let Some(task) = read.in_task.and_then(|task| file.tasks.get(task)) else { continue };
            findings
                .add(cards::TaskWaitsForTask { task: &task.name, method: &read.method })
                .at(&read.method)
                .related(&read.from, Role::Cause);
        }
    }
}
