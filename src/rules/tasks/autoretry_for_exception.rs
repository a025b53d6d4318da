use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{Task, TaskOption};
use crate::facts::value::{Value, Why};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::AUTORETRY_FOR_EXCEPTION, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // Whoever writes it once writes it everywhere: one remark of a sort is enough for a file.
    let mut said = Vec::new();
    for (_, task) in facts.tasks() {
        let Some(option) = task.option("autoretry_for") else { continue };
        // A bare class, or its name, is no list: a card of its own.
        if option.known().is_some_and(|known| match &known.value {
            Value::Unknown(Why::Name(name)) => super::autoretry_for_not_a_list::is_exception(name),
            Value::Text(_) => true,
            _ => false,
        }) {
            continue;
        }
        let broad = names_everything(option);
        let message: Message = match (broad, has_own_delay(task)) {
            (true, false) => cards::AutoretryForException::BroadInStep { task: &task.name }.into(),
            (true, true) => cards::AutoretryForException::Broad { task: &task.name }.into(),
            (false, false) => cards::AutoretryForException::InStep { task: &task.name }.into(),
            (false, true) => continue,
        };
        let remark = (option.expression.span().source, broad, has_own_delay(task));
        if said.contains(&remark) {
            continue;
        }
        said.push(remark);
        findings.add(message).at(&option.expression);
    }
}

fn names_everything(option: &TaskOption) -> bool {
    let Some(Value::List(items)) = option.known().map(|known| &known.value) else { return false };
    items.iter().any(
        |item| matches!(&item.value, Value::Unknown(Why::Name(name)) if name == "Exception" || name == "BaseException"),
    )
}

/// Whether somebody thought of the time between two tries.
fn has_own_delay(task: &Task) -> bool {
    task.is_open
        || ["retry_backoff", "default_retry_delay", "retry_kwargs"].iter().any(|name| task.option(name).is_some())
}
