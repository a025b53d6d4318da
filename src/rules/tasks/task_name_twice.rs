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
    let root = root_of_app(facts);
    // One of two programs, each in a folder of its own, that speak of the same task: one sends it, the other runs it.
    let is_inside = |file: &CodeFile| root.is_none_or(|root| file.path.starts_with(root));
    let mut seen: Vec<(&Text, bool)> = Vec::new();
    for (file, task) in facts.tasks() {
        if file.part.is_some() || file.is_test_code() || !task.conditions.is_empty() {
            continue;
        }
        let Some(name) = task.option("name").and_then(|option| option.known()?.whole_text()) else { continue };
        let place = is_inside(file);
        match seen.iter().find(|(known, other)| known.as_str() == name.as_str() && *other == place) {
            Some((first, _)) => {
                let message = cards::TaskNameTwice::Written { name, second: name };
                findings.add(message).at(name).related(first, Role::Conflict);
            }
            None => seen.push((name, place)),
        }
    }
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        renamed(file, findings);
    }
}

/// The folder that the program with the app runs in, as its imports tell.
fn root_of_app(facts: &Facts) -> Option<&str> {
    let app = facts.python_code.iter().position(|file| !file.wiring.apps.is_empty())?;
    let path = &facts.python_code[app].path;
    let imports = facts.python_code.iter().flat_map(|file| &file.imports);
    let mut roots = imports.filter(|import| facts.module(&import.module) == Some(app));
    path.strip_suffix(&format!("{}.py", roots.next()?.module.replace('.', "/"))).filter(|root| !root.is_empty())
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
