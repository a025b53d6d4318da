//! What a task does with exceptions of Celery's own: `self.retry(…)`, and handlers that swallow it or a soft time limit.

use std::collections::HashSet;

use super::Retry;
use super::gather::Reader;
use super::names::within_function;
use crate::read::python::{Argument, Around, Expression, Handler, Node, PythonDocument, Statement, StatementKind};

/// The handlers whose body raises something, and those where that is not only another retry.
pub(super) struct Raising {
    anything: HashSet<usize>,
    no_retry: HashSet<usize>,
}

pub(super) fn raising(document: &PythonDocument) -> Raising {
    let mut found = Raising { anything: HashSet::new(), no_retry: HashSet::new() };
    for statement in &document.statements {
        let StatementKind::Raise(raised) = &statement.kind else { continue };
        let is_retry = raised.as_ref().is_some_and(|node| is_method_call(node, "retry"));
        for around in within_function(statement) {
            if let Around::Handler(number) = around {
                found.anything.insert(*number);
                if !is_retry {
                    found.no_retry.insert(*number);
                }
            }
        }
    }
    found
}

fn is_method_call(node: &Node, method: &str) -> bool {
    match &node.is {
        Expression::Call { function, .. } => {
            matches!(&function.is, Expression::Attribute { name, .. } if name.as_str() == method)
        }
        _ => false,
    }
}

impl Reader<'_> {
    /// `self.retry(…)` of a task whose first parameter is `self`, whatever it is called.
    pub(super) fn retry(&mut self, statement: &Statement, node: &Node, in_task: Option<usize>) {
        let Some(in_task) = in_task else { return };
        let Expression::Call { function, arguments } = &node.is else { return };
        let Expression::Attribute { object, name } = &function.is else { return };
        let Expression::Name(object) = &object.is else { return };
        let task = &self.file.tasks[in_task];
        let itself = task.parameters.first().map_or("self", |first| first.name.as_str());
        // A task may also name itself: add.retry(…).
        if name.as_str() != "retry" || (object != itself && object != task.name.as_str()) {
            return;
        }
        let named =
            |wanted: &str| arguments.iter().find(|it| it.name.as_ref().is_some_and(|name| name.as_str() == wanted));
        let throws = match named("throw") {
            None => !arguments.iter().any(|argument| argument.unpacked),
            Some(argument) => matches!(argument.value.is, Expression::Boolean(true)),
        };
        let is_raised =
            matches!(&statement.kind, StatementKind::Raise(Some(raised)) if raised.at.span() == node.at.span());
        let swallowed_by = within_function(statement)
            .iter()
            .rev()
            .find_map(|around| match around {
                Around::Try(handlers) if throws || is_raised => self.catching(handlers, "Retry"),
                _ => None,
            })
            .filter(|handler| !self.raising.no_retry.contains(&handler.number))
            .map(|handler| handler.at.clone());
        self.file.retries.push(Retry {
            at: node.at.clone(),
            in_task,
            is_raised,
            exception_first: arguments.first().filter(|it| is_exception(it)).map(|it| it.value.at.clone()),
            has_own_limit: named("max_retries").is_some_and(|it| !matches!(it.value.is, Expression::None)),
            swallowed_by,
        });
    }

    /// Remembers which handlers of a task catch its soft time limit.
    pub(super) fn handlers(&mut self, statement: &Statement, in_task: Option<usize>) {
        let Some(task) = in_task else { return };
        for around in within_function(statement) {
            let Around::Try(handlers) = around else { continue };
            let Some(handler) = self.catching(handlers, "SoftTimeLimitExceeded") else { continue };
            let known = &mut self.file.tasks[task].catches_everything;
            if !self.raising.anything.contains(&handler.number)
                && !known.iter().any(|at| at.span() == handler.at.span())
            {
                known.push(handler.at.clone());
            }
        }
    }

    /// The handler that catches an exception of Celery's because it catches everything; none where one names it.
    fn catching<'h>(&self, handlers: &'h [Handler], exception: &str) -> Option<&'h Handler> {
        for handler in handlers {
            if handler.catches.is_empty() {
                return Some(handler);
            }
            for caught in &handler.catches {
                let name = self.names.full_name(caught).unwrap_or_default();
                let last = name.rsplit('.').next().unwrap_or_default();
                if last == exception || last == "TaskPredicate" {
                    return None;
                }
                if matches!(name.as_str(), "Exception" | "BaseException") {
                    return Some(handler);
                }
            }
        }
        None
    }
}

/// Whether an argument without a name is one that people give what `except` caught.
fn is_exception(argument: &Argument) -> bool {
    const NAMES: [&str; 6] = ["exc", "e", "ex", "err", "error", "exception"];
    let is_named = match &argument.value.is {
        Expression::Name(name) => NAMES.contains(&name.as_str()),
        // Nor is a number of seconds a list of arguments.
        Expression::Integer(_) | Expression::Float(_) => true,
        _ => false,
    };
    is_named && argument.name.is_none() && !argument.unpacked
}
