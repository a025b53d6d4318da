use crate::catalogue::cards;
use crate::facts::{Facts, Role as Does};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_PROCESS_INIT_UNSENT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let workers = facts.processes().filter(|(_, process)| process.role == Does::Worker);
    let pools: Vec<_> = workers.map(|(_, process)| process.option("--pool").and_then(|it| it.text())).collect();
    // Only prefork and solo send it (celery/concurrency/prefork.py:100, solo.py:22, 5.7.0).
    let never = |pool: &str| matches!(pool, "threads" | "gevent" | "eventlet");
    if pools.is_empty() || !pools.iter().all(|it| it.as_ref().is_some_and(|it| never(it.as_str()))) {
        return;
    }
    let Some(pool) = pools.into_iter().flatten().next() else { return };
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        for receiver in &file.receivers {
            let signal = receiver.signal.as_str().rsplit('.').next().unwrap_or_default();
            // Whoever listens to others as well may know.
            let others = file
                .receivers
                .iter()
                .any(|it| it.at.span() == receiver.at.span() && it.signal.span() != receiver.signal.span());
            if signal == "worker_process_init" && !others {
                findings
                    .add(cards::WorkerProcessInitUnsent { pool: pool.as_str() })
                    .at(&receiver.signal)
                    .related(pool, Role::Conflict);
            }
        }
    }
}
