use crate::catalogue::cards;
use crate::facts::Facts;
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
                findings.add(cards::TaskNameTwice { name }).at(name).related(first, Role::Conflict);
            }
            None => seen.push(name),
        }
    }
}
