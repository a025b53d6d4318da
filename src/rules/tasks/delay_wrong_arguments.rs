use std::collections::HashMap;

use crate::catalogue::{Message, cards};
use crate::facts::schedule::Entry;
use crate::facts::tasks::{CodeFile, Given, GivenArguments, How, MadeBy, Shape, SlipKind, Task, TaskParameter};
use crate::facts::value::{Known, Value};
use crate::facts::{Facts, schedule};
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
    named(facts, findings);
    for file in &facts.python_code {
        for sending in &file.sendings {
            let Some(task) = sending.task.and_then(|task| facts.task(task)) else { continue };
            if let Some((message, at)) = wrong(task, &sending.arguments, &sending.method) {
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

/// What entries of schedules, and `send_task`, give the tasks that they name.
fn named(facts: &Facts, findings: &mut Findings) {
    let mut tasks: HashMap<&str, Vec<(&CodeFile, &Task)>> = HashMap::new();
    for (file, task) in facts.tasks() {
        tasks.entry(task.name.as_str()).or_default().push((file, task));
    }
    let only = |name: &str| {
        let (module, function) = name.rsplit_once('.')?;
        let is_it = |it: &&(&CodeFile, &Task)| it.0.is_file_of(module) && it.1.option("name").is_none();
        let mut named = tasks.get(function).into_iter().flatten().filter(is_it);
        named.next().filter(|_| named.next().is_none()).map(|(_, task)| *task)
    };
    for file in &facts.python_code {
        for sending in file.sendings.iter().filter(|it| it.how == How::SendTask) {
            let Some(task) = only(sending.what.as_str()) else { continue };
            // The worker looks at them, and not whoever sends.
            if let Some((_, at)) = wrong(task, &sending.arguments, &sending.method) {
                let message = cards::DelayWrongArguments::ByName { task: &task.name, argument: at.as_str() };
                findings.add(message).at(&at).related(&task.name, Role::Conflict).at_most_info_if(file.is_for_tests());
            }
        }
    }
    for (_, scope) in facts.scopes() {
        for schedule in schedule::schedules(scope) {
            for entry in schedule.entries.iter().flatten() {
                let Some(name) = entry.task().filter(|_| entry.is_whole) else { continue };
                let Some(task) = only(name.as_str()) else { continue };
                let Some(given) = given(entry) else { continue };
                if let Some((message, at)) = wrong(task, &given, name) {
                    findings.add(message).at(&at).related(&task.name, Role::Conflict).as_said(&schedule.said);
                }
            }
        }
    }
}

/// The arguments of an entry; `None` where they are no list and no dictionary of names.
fn given(entry: &Entry<'_>) -> Option<GivenArguments> {
    let argument = |known: &Known| Given {
        at: known.written().clone(),
        value: known.clone(),
        shape: Shape::Other,
        shaped: known.written().clone(),
        is_sure: true,
        is_parenthesised: false,
    };
    let mut given = GivenArguments::default();
    match entry.field("args").map(|it| &it.value) {
        None | Some(Value::None) => {}
        Some(Value::List(items)) => given.positional = items.iter().map(argument).collect(),
        Some(_) => return None,
    }
    match entry.field("kwargs").map(|it| &it.value) {
        None | Some(Value::None) => {}
        Some(Value::Dict(entries)) => {
            for (name, value) in entries {
                given.named.push((name.whole_text()?.clone(), argument(value)));
            }
        }
        Some(_) => return None,
    }
    Some(given)
}

fn wrong(task: &Task, given: &GivenArguments, at: &Text) -> Option<(Message, Text)> {
    // `typing=False` leaves the check to the worker.
    if task.option("typing").is_some() || task.made_by == MadeBy::Class || !task.conditions.is_empty() {
        return None;
    }
    let parameters = task.open_parameters()?;
    let first = task.parameters.first().map(|first| first.name.as_str());
    // Another rule says that the task itself takes the place of data.
    if task.is_bound() == Some(true) && !first.is_some_and(super::is_for_the_task) {
        return None;
    }
    let takes = |kind: ParameterKind| parameters.iter().any(|parameter| parameter.kind == kind);
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
    Some((message.into(), at.clone()))
}
