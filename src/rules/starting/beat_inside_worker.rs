use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_INSIDE_WORKER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(given) = process.option("--beat").filter(|given| given.is_on()) else { continue };
        // On one's own machine it is convenient, and meant so.
        if process.role == Role::Worker && (process.container.is_some() || process.image.is_some()) {
            findings.add(cards::BeatInsideWorker { option: &given.written }).at(&given.written).scope(&process.name);
        }
    }
}
