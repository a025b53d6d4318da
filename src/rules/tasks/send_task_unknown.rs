use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SEND_TASK_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // A task with a name of its own may be meant.
    let has_names = facts.tasks().any(|(_, task)| task.option("name").is_some() || task.is_open);
    if has_names {
        return;
    }
    for found in facts.python_code.iter().flat_map(|file| &file.sent_by_name) {
        let Some((module, name)) = found.as_str().rsplit_once('.') else { continue };
        let path = format!("{}.py", module.replace('.', "/"));
        let mut files = facts.python_code.iter().filter(|file| {
            let before = file.path.strip_suffix(path.as_str());
            file.part.is_none() && file.is_whole && before.is_some_and(|it| it.is_empty() || it.ends_with('/'))
        });
        let (Some(file), None) = (files.next(), files.next()) else { continue };
        if file.functions.iter().any(|function| function.as_str() == name) {
            continue;
        }
        let Some(meant) = nearest(name, file.tasks.iter().map(|task| task.name.as_str())) else { continue };
        let finding = findings.add(cards::SendTaskUnknown { found, meant }).at(found);
        finding.replace(found, &format!("{module}.{meant}"));
        if let Some(task) = file.tasks.iter().find(|task| task.name.as_str() == meant) {
            finding.related(&task.name, Role::Conflict);
        }
    }
}
