use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::POOL_SOLO_CONCURRENCY, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        if process.role != Role::Worker {
            continue;
        }
        let Some(pool) = process.option("--pool").and_then(|given| given.text()).filter(|it| it.as_str() == "solo")
        else {
            continue;
        };
        let Some(given) = process.option("--concurrency") else { continue };
        let (Some(count), Some(text)) = (given.integer().filter(|count| *count > 1), given.text()) else { continue };
        findings
            .add(cards::PoolSoloConcurrency { count: count.unsigned_abs() })
            .at(text)
            .related(pool, crate::words::Role::Conflict)
            .scope(&process.name);
    }
}
