use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, Sending, SlipKind, Task, TaskParameter};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::ParameterKind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_WRONG_ARGUMENTS, sees: &[Kind::Python], check };

/// What `apply_async` takes beside the arguments of the task (celery/app/task.py, extract_exec_options).
const OPTIONS: [&str; 14] = [
    "countdown",
    "eta",
    "expires",
    "queue",
    "routing_key",
    "exchange",
    "priority",
    "retry",
    "retry_policy",
    "serializer",
    "link",
    "link_error",
    "headers",
    "task_id",
];

fn check(facts: &Facts, findings: &mut Findings) {
    signatures(facts, findings);
    for file in &facts.python_code {
        for sending in &file.sendings {
            let Some(task) = sending.task.and_then(|task| facts.task(task)) else { continue };
            // `typing=False` leaves the check to the worker.
            if task.option("typing").is_some() || task.made_by == MadeBy::Class || !task.conditions.is_empty() {
                continue;
            }
            let Some(parameters) = task.open_parameters() else { continue };
            let first = task.parameters.first().map(|first| first.name.as_str());
            // Another rule says that the task itself takes the place of data.
            if task.is_bound() == Some(true) && !first.is_some_and(super::is_for_the_task) {
                continue;
            }
            if let Some((message, at)) = wrong(task, parameters, sending) {
                findings.add(message).at(&at).related(&task.name, Role::Conflict).at_most_info_if(file.is_for_tests());
            }
        }
    }
}

/// `add.s(2, 3, queue="math")`: options are set with `.set(…)`.
fn signatures(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for slip in &file.slips {
            if slip.is == SlipKind::SendTaskKeyword
                // Options of the same meaning are told elsewhere.
                && !super::task_option_misspelt::is_meant_in_sending(slip.at.as_str())
            {
                let message = cards::DelayWrongArguments::SendTask { task: "send_task", argument: slip.at.as_str() };
                findings.add(message).at(&slip.at).at_most_info_if(file.is_for_tests());
            }
            let SlipKind::SignatureOption(name) = &slip.is else { continue };
            let mut tasks = facts.tasks().map(|(_, task)| task).filter(|task| task.name.as_str() == name);
            let (Some(task), None) = (tasks.next(), tasks.next()) else { continue };
            let option = &slip.at;
            let takes =
                |it: &TaskParameter| it.kind == ParameterKind::ManyKeyword || it.name.as_str() == option.as_str();
            if task.open_parameters().is_some_and(|all| !all.iter().any(takes)) {
                let message = cards::DelayWrongArguments::Signature { task: &task.name, argument: option.as_str() };
                findings
                    .add(message)
                    .at(option)
                    .related(&task.name, Role::Conflict)
                    .at_most_info_if(file.is_for_tests());
            }
        }
    }
}

fn wrong(task: &Task, parameters: &[TaskParameter], sending: &Sending) -> Option<(Message, Text)> {
    let takes = |kind: ParameterKind| parameters.iter().any(|parameter| parameter.kind == kind);
    let given = &sending.arguments;
    let name = &task.name;
    if !takes(ParameterKind::ManyKeyword) {
        let known = |wanted: &str| {
            parameters.iter().any(|it| {
                it.name.as_str() == wanted && matches!(it.kind, ParameterKind::Positional | ParameterKind::KeywordOnly)
            })
        };
        if let Some((unknown, _)) = given.named.iter().find(|(name, _)| !known(name.as_str())) {
            let message: Message = if OPTIONS.contains(&unknown.as_str()) {
                cards::DelayWrongArguments::Option { task: name, argument: unknown.as_str() }.into()
            } else {
                cards::DelayWrongArguments::Unknown { task: name, argument: unknown.as_str() }.into()
            };
            return Some((message, unknown.clone()));
        }
    }
    let positional: Vec<&TaskParameter> =
        parameters.iter().filter(|parameter| parameter.kind == ParameterKind::Positional).collect();
    if given.positional.len() > positional.len() && !takes(ParameterKind::ManyPositional) {
        let first_too_many = &given.positional[positional.len()];
        let message = cards::DelayWrongArguments::TooMany { task: name, argument: first_too_many.at.as_str() };
        return Some((message.into(), first_too_many.at.clone()));
    }
    if given.is_open {
        return None;
    }
    let is_given =
        |parameter: &TaskParameter| given.named.iter().any(|(name, _)| name.as_str() == parameter.name.as_str());
    let missing = positional
        .iter()
        .skip(given.positional.len())
        .copied()
        .chain(parameters.iter().filter(|parameter| parameter.kind == ParameterKind::KeywordOnly))
        .find(|parameter| !parameter.has_default && !is_given(parameter))?;
    let message = cards::DelayWrongArguments::Missing { task: name, argument: missing.name.as_str() };
    Some((message.into(), sending.method.clone()))
}
