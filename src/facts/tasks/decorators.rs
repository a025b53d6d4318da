//! Which functions and classes are tasks, with the options of their decorators.

use super::names::Names;
use super::{MadeBy, Task, TaskOption, TaskParameter};
use crate::facts::python::{Alternative, Evaluator};
use crate::facts::value::Known;
use crate::read::python::{
    Around, Block, Expression, Function, Node, Parameter, ParameterKind, Statement, StatementKind,
};

/// The task that a statement defines, if it does.
pub(super) fn task(statement: &Statement, names: &Names, evaluator: &Evaluator<'_>) -> Option<Task> {
    match &statement.kind {
        StatementKind::Function(function) => of_function(statement, function, names, evaluator),
        StatementKind::Class { name, bases, keywords } => {
            bases.iter().find(|base| {
                names.is_celerys(base, "Task")
                    || matches!(&base.is, Expression::Attribute { object, name } if name.as_str() == "Task" && names.is_app(object))
            })?;
            Some(Task {
                name: name.clone(),
                made_by: MadeBy::Class,
                decorator: name.clone(),
                options: Vec::new(),
                is_open: bases.len() + keywords.len() > 1,
                is_wrapped: false,
                is_async: false,
                wrong_handlers: Vec::new(),
                is_alone: true,
                covered_by: None,
                renamed_to: None,
                may_give_signature: true,
                is_method: false,
                is_twice: false,
                parameters: Vec::new(),
                uses_of_self: Vec::new(),
                first_is_asked_as_task: false,
                catches_everything: Vec::new(),
                conditions: statement.conditions.to_vec(),
            })
        }
        _ => None,
    }
}

fn of_function(statement: &Statement, function: &Function, names: &Names, evaluator: &Evaluator<'_>) -> Option<Task> {
    let (position, made_by, decorator) = function
        .decorators
        .iter()
        .enumerate()
        .find_map(|(position, decorator)| Some((position, made_by(decorator, names)?, decorator)))?;
    let mut options = Vec::new();
    let mut is_open = false;
    if let Expression::Call { arguments, .. } = &decorator.is {
        for argument in arguments {
            match &argument.name {
                Some(name) => options.push(TaskOption {
                    name: name.clone(),
                    expression: argument.value.at.clone(),
                    values: evaluator.evaluate(&argument.value),
                }),
                None => is_open = true,
            }
        }
    }
    Some(Task {
        name: function.name.clone(),
        made_by,
        decorator: decorator.at.clone(),
        options,
        is_open,
        // Decorators above get the task, those below get the function.
        is_wrapped: position + 1 < function.decorators.len(),
        is_async: function.is_async,
        wrong_handlers: Vec::new(),
        is_alone: function.decorators.len() == 1,
        covered_by: None,
        renamed_to: None,
        may_give_signature: function.is_async,
        is_method: matches!(statement.inside.last(), Some(Block::Class(_))),
        is_twice: false,
        parameters: function.parameters.iter().map(parameter).collect(),
        uses_of_self: Vec::new(),
        first_is_asked_as_task: false,
        catches_everything: Vec::new(),
        conditions: statement.conditions.to_vec(),
    })
}

pub(super) fn parameter(parameter: &Parameter) -> TaskParameter {
    TaskParameter { name: parameter.name.clone(), kind: parameter.kind, has_default: parameter.default.is_some() }
}

pub(super) fn made_by(decorator: &Node, names: &Names) -> Option<MadeBy> {
    let callee = match &decorator.is {
        Expression::Call { function, .. } => function,
        _ => decorator,
    };
    let full = names.full_name(callee)?;
    match full.as_str() {
        "shared_task" | "celery.shared_task" | "celery.app.shared_task" => return Some(MadeBy::SharedTask),
        "celery.task.task"
        | "celery.decorators.task"
        | "celery.task.periodic_task"
        | "celery.decorators.periodic_task" => return Some(MadeBy::OldDecorator),
        _ => {}
    }
    match &callee.is {
        Expression::Attribute { object, name } if name.as_str() == "task" && names.is_app(object) => {
            Some(MadeBy::AppTask)
        }
        _ => None,
    }
}

/// Adds what the body of a class says to its task: attributes are options, `run` has the parameters.
pub(super) fn class_member(task: &mut Task, statement: &Statement, evaluator: &Evaluator<'_>) {
    match &statement.kind {
        StatementKind::Assign { target: Node { at, is: Expression::Name(_) }, value } => {
            task.options.push(TaskOption {
                name: at.clone(),
                expression: value.at.clone(),
                values: evaluator.evaluate(value),
            });
        }
        StatementKind::Function(function) if function.name.as_str() == "run" => {
            task.parameters = function.parameters.iter().map(parameter).collect();
            task.is_wrapped |= !function.decorators.is_empty();
            let starts_with_self = task.parameters.first().is_some_and(|first| first.kind == ParameterKind::Positional);
            task.is_open |= !starts_with_self;
        }
        StatementKind::Function(function)
            if function.decorators.is_empty() && handled(function.name.as_str()).is_some() =>
        {
            let wanted = handled(function.name.as_str()).unwrap_or_default();
            if !takes(function, wanted.split(", ").count() + 1) {
                task.wrong_handlers.push((function.name.clone(), wanted));
            }
        }
        // A class may check and change what it is called with.
        StatementKind::Function(function)
            if matches!(function.name.as_str(), "__call__" | "delay" | "apply_async" | "__init__") =>
        {
            task.is_open = true;
        }
        _ => {}
    }
}

/// What Celery calls a handler of a task with (celery/app/task.py, 5.7.0).
fn handled(name: &str) -> Option<&'static str> {
    Some(match name {
        "on_failure" | "on_retry" => "exc, task_id, args, kwargs, einfo",
        "on_success" => "retval, task_id, args, kwargs",
        "after_return" => "status, retval, task_id, args, kwargs, einfo",
        _ => return None,
    })
}

/// Whether a function can be called with so many arguments without names.
fn takes(function: &Function, count: usize) -> bool {
    let is = |kind: ParameterKind| function.parameters.iter().filter(move |it| it.kind == kind);
    let required = is(ParameterKind::Positional).filter(|it| it.default.is_none()).count();
    let most = if is(ParameterKind::ManyPositional).next().is_some() {
        usize::MAX
    } else {
        is(ParameterKind::Positional).count()
    };
    (required..=most).contains(&count) && is(ParameterKind::KeywordOnly).all(|it| it.default.is_some())
}

/// The class that a statement stands directly in, by the number of its statement.
pub(super) fn class_of(statement: &Statement) -> Option<usize> {
    match statement.around.last() {
        Some(Around::Class(number)) => Some(*number),
        _ => None,
    }
}

/// The only value of an expression.
pub(super) fn only(values: Vec<Alternative>, node: &Node) -> Known {
    let mut values = values;
    match (values.len(), values.pop()) {
        (1, Some(only)) => only.known,
        _ => Known::unknown(crate::facts::value::Why::TooMuch, &node.at),
    }
}
