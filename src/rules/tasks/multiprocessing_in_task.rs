use crate::catalogue::cards;
use crate::facts::tasks::SlipKind;
use crate::facts::value::Template;
use crate::facts::{Facts, Role as Does};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::MULTIPROCESSING_IN_TASK, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let workers = || facts.processes().filter(|(_, process)| process.role == Does::Worker);
    let other_pool = workers()
        .any(|(_, it)| it.option("--pool").is_some_and(|it| it.text().is_none_or(|it| it.as_str() != "prefork")))
        || facts
            .scopes()
            .flat_map(|(_, scope)| scope.said("worker_pool"))
            .any(|said| said.text().and_then(Template::whole).is_none_or(|it| it.as_str() != "prefork"));
    if other_pool {
        return;
    }
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::Multiprocessing && it.in_task.is_some()) {
            findings.add(cards::MultiprocessingInTask::Children { found: &slip.at }).at(&slip.at);
        }
        let on_gpu = file.slips.iter().find(|it| it.is == SlipKind::OnGpu).filter(|_| !file.tasks.is_empty());
        if let Some(slip) = on_gpu {
            findings.add(cards::MultiprocessingInTask::Gpu { found: &slip.at }).at(&slip.at);
        }
    }
}
