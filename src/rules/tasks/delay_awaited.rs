use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_AWAITED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // A class of the project's own may send in another way, and so do Celery's relatives for asyncio.
    let is_other = |name: &str| name.contains("celery") && (name.contains("aio") || name.contains("async"));
    let imports = || facts.python_code.iter().flat_map(|file| &file.imports);
    let pools = || facts.processes().filter_map(|(_, process)| process.option("--pool")?.text());
    if facts.scopes().any(|(_, scope)| scope.mentions("task_cls"))
        || imports().any(|it| is_other(it.module.split('.').next().unwrap_or_default()))
        || pools().any(|pool| is_other(pool.as_str()))
    {
        return;
    }
    for file in &facts.python_code {
        for sending in file.sendings.iter().filter(|sending| sending.is_awaited) {
            let Some(task) = sending.task.and_then(|task| facts.task(task)) else { continue };
            if task.is_open || task.option("base").is_some() {
                continue;
            }
            findings.add(cards::DelayAwaited { method: &sending.method }).at(&sending.method);
        }
    }
}
