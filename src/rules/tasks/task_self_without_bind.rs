use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, Task};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_SELF_WITHOUT_BIND, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, task) in facts.tasks() {
        if is_unbound_method(task) {
            let self_at = &task.parameters[0].name;
            let message = cards::TaskSelfWithoutBind::Method { task: &task.name, used: self_at };
            findings.add(message).at(&task.decorator).related(self_at, Role::Cause);
            continue;
        }
        // Another decorator may hand the function whatever it likes.
        if task.made_by == MadeBy::Class || task.is_wrapped || task.is_method || task.is_bound() != Some(false) {
            continue;
        }
        let Some(used) = task.uses_of_self.first() else { continue };
        let position = task.parameters.iter().position(|parameter| parameter.name.as_str() == "self");
        let message: Message = match position {
            None => cards::TaskSelfWithoutBind::NoParameter { task: &task.name, used }.into(),
            Some(0) => cards::TaskSelfWithoutBind::NotGiven { task: &task.name, used }.into(),
            Some(_) => continue,
        };
        let finding = findings.add(message).at(&task.decorator).related(used, Role::Cause);
        if position.is_some()
            && let Some((place, new)) = bound(task)
        {
            finding.replace(&place, &new);
        }
    }
}

/// Whether it is a method of a class whose object nobody hands it.
fn is_unbound_method(task: &Task) -> bool {
    let is_plain = task.is_method && task.is_alone && task.made_by != MadeBy::Class && task.conditions.is_empty();
    is_plain
        && task.is_bound() == Some(false)
        && !["base", "filter"].iter().any(|option| task.option(option).is_some())
        && task.parameters.first().is_some_and(|first| first.name.as_str() == "self")
}

/// The smallest edit that makes the decorator say `bind=True`.
fn bound(task: &Task) -> Option<(Text, String)> {
    if let Some(option) = task.option("bind") {
        return Some((option.expression.clone(), "True".to_owned()));
    }
    if let Some(first) = task.options.first() {
        return Some((first.name.clone(), format!("bind=True, {}", first.name.as_str())));
    }
    let callee = task.decorator.as_str().trim_end_matches("()");
    (!callee.contains('(')).then(|| (task.decorator.clone(), format!("{callee}(bind=True)")))
}
