use crate::catalogue::cards;
use crate::facts::tasks::SlipKind;
use crate::facts::{Facts, Role as Does};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::MULTIPROCESSING_IN_TASK, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let workers = || facts.processes().filter(|(_, process)| process.role == Does::Worker);
    let other_pool = workers()
        .any(|(_, it)| it.option("--pool").is_some_and(|it| it.text().is_none_or(|it| it.as_str() != "prefork")))
        || facts.scopes().any(|(_, scope)| scope.said("worker_pool").next().is_some());
    if other_pool {
        return;
    }
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::Multiprocessing && it.in_task.is_some()) {
            findings.add(cards::MultiprocessingInTask { found: &slip.at }).at(&slip.at);
        }
    }
}
