use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::{CodeFile, Task};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_NAME_TWICE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // Two apps may each have a task of that name.
    if facts.python_code.iter().filter(|file| !file.wiring.apps.is_empty()).count() > 1 {
        return;
    }
    let mut seen: Vec<&Text> = Vec::new();
    for (file, task) in facts.tasks() {
        if file.part.is_some() || file.is_test_code() || !task.conditions.is_empty() {
            continue;
        }
        let Some(name) = task.option("name").and_then(|option| option.known()?.whole_text()) else { continue };
        match seen.iter().find(|known| known.as_str() == name.as_str()) {
            Some(first) => {
                let message = cards::TaskNameTwice::Written { name, second: name };
                findings.add(message).at(name).related(first, Role::Conflict);
            }
            None => seen.push(name),
        }
    }
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        renamed(file, findings);
    }
}

/// Decorators without `functools.wraps`: every task below is named after the one function that they return.
fn renamed(file: &CodeFile, findings: &mut Findings) {
    let judged = |task: &&Task| task.conditions.is_empty() && task.option("name").is_none() && !task.is_open;
    let mut seen: Vec<(&Text, &Text)> = Vec::new();
    for task in file.tasks.iter().filter(judged) {
        let Some(name) = &task.renamed_to else { continue };
        match seen.iter().find(|(known, _)| known.as_str() == name.as_str()) {
            Some((_, first)) => {
                let message = cards::TaskNameTwice::Renamed { name, second: &task.name };
                findings.add(message).at(&task.name).related(first, Role::Conflict).related(name, Role::Cause);
            }
            None => seen.push((name, &task.name)),
        }
    }
}
