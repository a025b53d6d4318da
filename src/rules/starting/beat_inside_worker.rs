use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_INSIDE_WORKER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(given) = process.option("--beat").filter(|given| given.is_on()) else { continue };
        let pool = process.option("--pool").and_then(|pool| pool.text());
        // celery/bin/worker.py: "-B option doesn't work with eventlet/gevent pools".
        if process.role == Role::Worker && pool.is_some_and(|pool| matches!(pool.as_str(), "eventlet" | "gevent")) {
            let message = cards::BeatInsideWorker::Green { option: &given.written };
            findings.add(message).at(&given.written).scope(&process.name);
            continue;
        }
        // On one's own machine it is convenient, and meant so.
        if process.role == Role::Worker && (process.container.is_some() || process.image.is_some()) {
            findings
                .add(cards::BeatInsideWorker::Twice { option: &given.written })
                .at(&given.written)
                .scope(&process.name);
        }
    }
}
