use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::PREFETCH_OPTION_ZERO, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(given) = process.option("--prefetch-multiplier") else { continue };
        let Some(text) = given.text().filter(|_| process.role == Role::Worker && given.integer() == Some(0)) else {
            continue;
        };
        findings.add(cards::PrefetchOptionZero { option: &given.written }).at(text).scope(&process.name);
    }
}
