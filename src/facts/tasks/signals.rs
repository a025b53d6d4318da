//! Functions that are connected to Celery's signals.

use super::names::{Names, function_of};
use super::walk::{expressions, walk};
use crate::read::python::{Argument, Expression, Function, Node, ParameterKind, PythonDocument, StatementKind};
use crate::text::Text;

/// A function that a signal of Celery's is to call.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Its name, or what stands for it: a `lambda`.
    pub at: Text,
    /// The signal, as written.
    pub signal: Text,
    /// Whether it takes arguments of any name; absent where its definition is not seen.
    pub takes_any: Option<bool>,
    /// Whether nothing but the signal knows it once the line or the function around it has run.
    pub is_forgotten: bool,
    /// What `sender=` is, and whether that is a string.
    pub sender: Option<(Text, bool)>,
}

/// The signals of the app itself (celery/app/base.py, 5.7.0).
const OF_APP: [&str; 4] = ["on_configure", "on_after_configure", "on_after_finalize", "on_after_fork"];
/// Calls that last as long as the program: what is defined around them lives on.
const LASTING: [&str; 6] = ["worker_main", "start", "run", "run_forever", "serve_forever", "join"];

pub(super) fn receivers(document: &PythonDocument, names: &Names) -> Vec<Receiver> {
    let mut found = Vec::new();
    for (number, statement) in document.statements.iter().enumerate() {
        if let StatementKind::Function(function) = &statement.kind
            // Another decorator below may change the parameters.
            && let Some(decorator) = function.decorators.last()
            && let Some((signal, options)) = connection(decorator, names)
        {
            let is_forgotten = is_forgotten(document, number, options, 0) && function.decorators.len() == 1;
            found.extend(receiver(&function.name, signal, options, Some(function), is_forgotten));
        }
        for expression in expressions(statement) {
            walk(expression, false, &mut |node, _| {
                let Expression::Call { .. } = &node.is else { return };
                let Some((signal, arguments)) = connection(node, names) else { return };
                let Some(first) = arguments.first().filter(|it| it.name.is_none() && !it.unpacked) else { return };
                match &first.value.is {
                    Expression::Later(_) => {
                        let is_forgotten = !keeps(arguments);
                        found.extend(receiver(&first.value.at, signal, arguments, None, is_forgotten));
                    }
                    Expression::Name(name) => {
                        let is_meant = |it: &(usize, &Function)| {
                            it.1.name.as_str() == name
                                && function_of(&document.statements[it.0]) == function_of(statement)
                                && !document.statements[it.0]
                                    .inside
                                    .iter()
                                    .any(|block| matches!(block, crate::read::python::Block::Class(_)))
                        };
                        let mut meant = functions(document).filter(is_meant);
                        let (Some((number, function)), None) = (meant.next(), meant.next()) else { return };
                        if function.decorators.is_empty() {
                            let is_forgotten = is_forgotten(document, number, arguments, 1);
                            found.extend(receiver(&first.value.at, signal, arguments, Some(function), is_forgotten));
                        }
                    }
                    _ => {}
                }
            });
        }
    }
    found
}

fn functions(document: &PythonDocument) -> impl Iterator<Item = (usize, &Function)> {
    document.statements.iter().enumerate().filter_map(|(number, statement)| match &statement.kind {
        StatementKind::Function(function) => Some((number, function)),
        _ => None,
    })
}

fn receiver(
    at: &Text,
    signal: &Node,
    options: &[Argument],
    function: Option<&Function>,
    is_forgotten: bool,
) -> Option<Receiver> {
    // With `retry`, a function of Celery's own is connected instead.
    let is_open = options.iter().any(|it| it.unpacked || it.name.as_ref().is_some_and(|name| name.as_str() == "retry"));
    let sender = options.iter().find(|it| it.name.as_ref().is_some_and(|name| name.as_str() == "sender"));
    (!is_open).then(|| Receiver {
        sender: sender.map(|it| (it.value.at.clone(), it.value.string().is_some())),
        at: at.clone(),
        signal: signal.at.clone(),
        takes_any: function.map(|it| it.parameters.iter().any(|it| it.kind == ParameterKind::ManyKeyword)),
        is_forgotten,
    })
}

/// The signal in `signal.connect`, with what `connect` is given.
fn connection<'n>(node: &'n Node, names: &Names) -> Option<(&'n Node, &'n [Argument])> {
    let (callee, arguments) = match &node.is {
        Expression::Call { function, arguments } => (&**function, &arguments[..]),
        _ => (node, &[][..]),
    };
    let Expression::Attribute { object, name } = &callee.is else { return None };
    if name.as_str() != "connect" {
        return None;
    }
    let is_signal = match &object.is {
        Expression::Attribute { object: app, name } if OF_APP.contains(&name.as_str()) => names.is_app(app),
        _ => names.full_name(object)?.starts_with("celery.signals."),
    };
    is_signal.then_some((&**object, arguments))
}

/// Whether the signal is told to keep the function alive.
fn keeps(options: &[Argument]) -> bool {
    options.iter().any(|it| it.unpacked || it.name.as_ref().is_some_and(|name| name.as_str() == "weak"))
}

/// Whether a function lives only as long as the function around it runs; `uses` times its name is written to connect it.
fn is_forgotten(document: &PythonDocument, number: usize, options: &[Argument], uses: usize) -> bool {
    let statement = &document.statements[number];
    let Some(outer) = function_of(statement) else { return false };
    let (StatementKind::Function(inner), StatementKind::Function(around)) =
        (&statement.kind, &document.statements[outer].kind)
    else {
        return false;
    };
    // A fixture or a context manager waits in the middle.
    if keeps(options) || !around.decorators.is_empty() || around.is_async {
        return false;
    }
    let mut named = 0;
    let mut lasts = false;
    for expression in document.statements.iter().flat_map(expressions) {
        walk(expression, false, &mut |node, _| match &node.is {
            Expression::Name(name) if name == inner.name.as_str() => named += 1,
            Expression::Attribute { name, .. } if LASTING.contains(&name.as_str()) => lasts = true,
            _ => {}
        });
    }
    named == uses && !lasts
}
