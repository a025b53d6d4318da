//! Decorators that are defined in the same file, and what they make of a task.

use super::decorators::made_by;
use super::names::{Names, function_of};
use crate::read::python::{Expression, Function, Node, PythonDocument, StatementKind};
use crate::text::Text;

/// Decorators of others that return a function of their own, which has none of a task's methods.
const HIDING: [&str; 4] = ["django.db.transaction.atomic", "functools.lru_cache", "functools.cache", "tenacity.retry"];

/// What the decorators around `@app.task` do: the one above it that hides the task, and the one below it that gives
/// the function another name, with that name.
pub(super) fn around_task(
    document: &PythonDocument,
    function: &Function,
    names: &Names,
) -> (Option<Text>, Option<Text>) {
    let Some(position) = function.decorators.iter().position(|it| made_by(it, names).is_some()) else {
        return (None, None);
    };
    let covered = function.decorators[..position].iter().find_map(|it| {
        let callee = match &it.is {
            Expression::Call { function, .. } => function,
            _ => it,
        };
        let hides = names.full_name(callee).is_some_and(|full| HIDING.contains(&full.as_str()))
            || inner_of(document, it).is_some();
        hides.then(|| it.at.clone())
    });
    let renamed = function.decorators.get(position + 1).and_then(|it| inner_of(document, it));
    // functools.wraps keeps the name.
    (covered, renamed.filter(|inner| inner.decorators.is_empty()).map(|inner| inner.name.clone()))
}

/// The function that a decorator of this file returns instead of the one that it is given.
fn inner_of<'d>(document: &'d PythonDocument, decorator: &Node) -> Option<&'d Function> {
    let Expression::Name(name) = &decorator.is else { return None };
    let mut same = document.statements.iter().enumerate().filter_map(|(number, statement)| match &statement.kind {
        StatementKind::Function(function) if function.name.as_str() == name && statement.inside.is_empty() => {
            Some((number, function))
        }
        _ => None,
    });
    let (Some((outer, it)), None) = (same.next(), same.next()) else { return None };
    if !it.decorators.is_empty() {
        return None;
    }
    let mut inner: Option<&Function> = None;
    let mut returned: Option<&str> = None;
    for statement in document.statements.iter().filter(|it| function_of(it) == Some(outer)) {
        match &statement.kind {
            StatementKind::Function(function) if inner.is_none() => inner = Some(function),
            StatementKind::Return(Some(Node { is: Expression::Name(name), .. })) if returned.is_none() => {
                returned = Some(name);
            }
            // The docstring.
            StatementKind::Expression(node) if node.string().is_some() => {}
            StatementKind::Import { .. } | StatementKind::FromImport { .. } => {}
            // It may hand on the methods of the task, or give back what it got.
            _ => return None,
        }
    }
    inner.filter(|inner| returned == Some(inner.name.as_str()))
}
