use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, TaskRef};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::ParameterKind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_BIND_WITHOUT_PARAMETER, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (file_number, file) in facts.python_code.iter().enumerate() {
        for (task_number, task) in file.tasks.iter().enumerate() {
            let is_judged = task.made_by != MadeBy::Class && !task.is_wrapped && !task.is_method;
            if !is_judged || task.is_bound() != Some(true) {
                continue;
            }
            let takes_any = task.parameters.iter().any(|it| it.kind == ParameterKind::ManyPositional);
            let positional: Vec<_> = task.parameters.iter().filter(|it| it.kind == ParameterKind::Positional).collect();
            let Some(first) = positional.first() else {
                if !takes_any {
                    findings
                        .add(cards::TaskBindWithoutParameter::Nothing { task: &task.name, parameter: "" })
                        .at(&task.name);
                }
                continue;
            };
            // The parameter may have any name; only a call shows that it is meant for data.
            if takes_any || super::is_for_the_task(first.name.as_str()) {
                continue;
            }
            let reference = TaskRef { file: file_number, task: task_number };
            let sendings = facts.python_code.iter().flat_map(|file| &file.sendings);
            let filled = sendings.filter(|sending| sending.task == Some(reference)).find(|sending| {
                let given = &sending.arguments;
                let by_name = given.named.iter().any(|(name, _)| name.as_str() == first.name.as_str());
                by_name || (given.positional.len() == positional.len() && !given.is_open)
            });
            if let Some(sending) = filled {
                findings
                    .add(cards::TaskBindWithoutParameter::Data { task: &task.name, parameter: &first.name })
                    .at(&first.name)
                    .related(&sending.at, Role::Conflict);
            } else if !task.first_is_asked_as_task && is_for_data(first.name.as_str()) {
                findings
                    .add(cards::TaskBindWithoutParameter::Named { task: &task.name, parameter: &first.name })
                    .at(&first.name);
            }
        }
    }
}

/// Whether nobody would call the task itself so.
fn is_for_data(name: &str) -> bool {
    const FOR_THE_TASK: [&str; 14] = [
        "self", "task", "this", "celery", "ctx", "context", "bound", "inst", "job", "worker", "app", "cls", "current",
        "proxy",
    ];
    name.len() >= 4 && !FOR_THE_TASK.iter().any(|word| name.contains(word))
}
