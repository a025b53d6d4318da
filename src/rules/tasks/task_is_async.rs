use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, Slip, SlipKind};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_IS_ASYNC, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // Pools and apps of other packages run coroutines.
    let runs_them =
        |module: &str| module.contains("aio") || module.contains("async_celery") || module.contains("asyncio");
    let others = facts.python_code.iter().flat_map(|file| &file.imports).any(|import| {
        let first = import.module.split('.').next().unwrap_or_default();
        first.contains("celery") && first != "celery" && runs_them(first)
    });
    if others {
        return;
    }
    for (file, task) in facts.tasks() {
        // A class of one's own, or a decorator in between, may run it.
        let is_own = task.option("base").is_some() || task.is_open || task.is_wrapped;
        if task.is_async && !is_own && !file.is_test_code() {
            findings.add(cards::TaskIsAsync::Coroutine { task: &task.name }).at(&task.name);
        }
        // `contextmanager` and its kin stand below the task's own decorator.
        let yields = |it: &&Slip| {
            it.is == SlipKind::Yields
                && it.in_task.and_then(|it| file.tasks.get(it)).is_some_and(|it| it.name.span() == task.name.span())
        };
        if let Some(slip) =
            file.slips.iter().find(yields).filter(|_| !is_own && !task.is_async && task.made_by != MadeBy::Class)
        {
            findings
                .add(cards::TaskIsAsync::Generator { task: &task.name })
                .at(&task.name)
                .related(&slip.at, Role::Cause);
        }
    }
}
