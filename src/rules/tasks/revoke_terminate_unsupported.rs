use crate::catalogue::cards;
use crate::facts::tasks::SlipKind;
use crate::facts::{Facts, Role as Does};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::REVOKE_TERMINATE_UNSUPPORTED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let workers = || facts.processes().filter(|(_, process)| process.role == Does::Worker);
    let pools: Vec<_> = workers().map(|(_, process)| process.option("--pool").and_then(|it| it.text())).collect();
    // celery/concurrency/base.py: terminate_job; neither pool defines it (5.7.0).
    let cannot = |written: &str| matches!(written, "threads" | "solo");
    if pools.is_empty() || !pools.iter().all(|it| it.as_ref().is_some_and(|it| cannot(it.as_str()))) {
        return;
    }
    let Some(pool) = pools.into_iter().flatten().next() else { return };
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::Terminates) {
            findings
                .add(cards::RevokeTerminateUnsupported { pool: pool.as_str() })
                .at(&slip.at)
                .related(pool, Role::Conflict);
        }
    }
}
