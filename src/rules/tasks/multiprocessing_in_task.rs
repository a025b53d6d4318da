use crate::catalogue::cards;
use crate::facts::tasks::SlipKind;
use crate::facts::value::Template;
use crate::facts::{Facts, Role as Does};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::MULTIPROCESSING_IN_TASK, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let workers = || facts.processes().filter(|(_, process)| process.role == Does::Worker);
    // A default may be another pool in the end.
    let is_other = |pool: Option<&Text>| pool.is_none_or(|it| it.as_str() != "prefork" || it.fallback().is_some());
    let other_pool = workers().any(|(_, it)| it.option("--pool").is_some_and(|it| is_other(it.text())))
        || facts
            .scopes()
            .flat_map(|(_, scope)| scope.said("worker_pool"))
            .any(|said| is_other(said.text().and_then(Template::whole)));
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
