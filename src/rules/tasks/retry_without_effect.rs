use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, SlipKind, Task};
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::RETRY_WITHOUT_EFFECT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        for slip in &file.slips {
            let found = &slip.at;
            let message: Message = match &slip.is {
                SlipKind::RetryNoLimit => {
                    let Some(task) = slip.in_task.and_then(|task| file.tasks.get(task)) else { continue };
                    // Where the task has no limit, or one that is not known, it may be meant.
                    let has_limit = task
                        .option("max_retries")
                        .is_none_or(|it| it.known().is_some_and(|it| it.truth() == Some(true)));
                    if !has_limit || task.is_open || task.option("base").is_some() {
                        continue;
                    }
                    cards::RetryWithoutEffect::NoLimit { found }.into()
                }
                // A task without a limit never gets to the block.
                SlipKind::RetryLimitNotRaised if slip.in_task.is_some_and(|task| has_no_limit(&file.tasks[task])) => {
                    continue;
                }
                SlipKind::RetryLimitNotRaised => cards::RetryWithoutEffect::LimitNotRaised { found }.into(),
                SlipKind::RetryRaised if slip.in_task.is_some() => cards::RetryWithoutEffect::Raised { found }.into(),
                _ => continue,
            };
            findings.add(message).at(found);
        }
    }
    // A class of the whole app may bring autoretry_for.
    let by_class =
        facts.tasks().any(|(_, task)| task.made_by == MadeBy::Class && task.option("autoretry_for").is_some());
    let open =
        by_class || facts.python_code.iter().any(|file| file.slips.iter().any(|it| it.is == SlipKind::TaskClassGiven));
    for (_, task) in facts.tasks().filter(|(_, task)| !open && task.made_by != MadeBy::Class && !task.is_open) {
        if task.option("autoretry_for").is_some() || task.option("base").is_some() {
            continue;
        }
        let of_auto = ["retry_backoff", "retry_backoff_max", "retry_kwargs", "dont_autoretry_for"];
        let given = of_auto.iter().find_map(|name| task.option(name));
        if let Some(option) = given.filter(|it| it.known().is_none_or(|it| it.truth() == Some(true))) {
            findings.add(cards::RetryWithoutEffect::Backoff { found: &option.name }).at(&option.name);
        }
    }
}

fn has_no_limit(task: &Task) -> bool {
    task.option("max_retries").is_some_and(|it| it.known().is_none_or(|it| matches!(it.value, Value::None)))
}
