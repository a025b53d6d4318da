use crate::catalogue::cards;
use crate::facts::tasks::{MadeBy, Slip, SlipKind};
use crate::facts::{Facts, Role as Does};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
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
    let is_certain = runs_as_shown(facts);
    for (file, task) in facts.tasks() {
        // A class of one's own, or a decorator in between, may run it.
        let is_own = task.option("base").is_some() || task.is_open || task.is_wrapped;
        if task.is_async && !is_own && !file.is_test_code() {
            findings.add(cards::TaskIsAsync::Coroutine { task: &task.name }).at(&task.name).uncertain_if(!is_certain);
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

/// Whether the workers are shown, with a pool of Celery's own and no class of tasks that might run a coroutine.
fn runs_as_shown(facts: &Facts) -> bool {
    const OWN: [&str; 6] = ["prefork", "processes", "threads", "solo", "gevent", "eventlet"];
    let is_own = |text: Option<&Text>| text.is_some_and(|text| OWN.contains(&text.as_str()));
    let mut workers = facts.scopes().filter_map(|(variant, scope)| {
        let process = variant.processes.get(scope.process?)?;
        (process.role == Does::Worker).then_some((process, scope))
    });
    workers.next().is_some_and(|first| {
        std::iter::once(first).chain(workers).all(|(process, scope)| {
            scope.closed
                && !["task_cls", "Task"].iter().any(|word| scope.mentions(word))
                && process.option("--pool").is_none_or(|given| is_own(given.text()))
                && scope.said("worker_pool").all(|said| is_own(said.known.whole_text()))
        })
    })
}
