use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_MAX_MEMORY_PER_CHILD_UNIT, sees: SETTINGS_KINDS, check };

/// A child that has imported Celery alone is bigger than this many KiB (46 MiB with 5.7.0 on Python 3.12).
const LESS_THAN_ANY_CHILD: f64 = 30_000.0;
/// 100 GB for one child: whoever writes more counted in bytes.
const MORE_THAN_ANY_CHILD: f64 = 100_000_000.0;

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("worker_max_memory_per_child") {
            let Some(number) = said.number().filter(|number| *number > 0.0) else { continue };
            let setting = &said.setting.written;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and shown only")]
            let is = (number as u64).saturating_mul(1024);
            let message = if number < LESS_THAN_ANY_CHILD {
                cards::WorkerMaxMemoryPerChildUnit::TooSmall { setting, is }
            } else if number >= MORE_THAN_ANY_CHILD {
                cards::WorkerMaxMemoryPerChildUnit::TooLarge { setting, is }
            } else {
                continue;
            };
            findings.add(message).at(&said.known.at).scope(&scope.name).as_said(&said);
        }
    }
}
