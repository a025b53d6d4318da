//! Every expression in a statement, also those inside others.

use crate::read::python::{Expression, FormatPart, Node, Statement, StatementKind};

/// The expressions that stand directly in a statement.
pub(in crate::facts) fn expressions(statement: &Statement) -> Vec<&Node> {
    match &statement.kind {
        StatementKind::Assign { target, value } | StatementKind::AugmentedAssign { target, value, .. } => {
            vec![target, value]
        }
        StatementKind::Expression(node)
        | StatementKind::Delete(node)
        | StatementKind::Head(node)
        | StatementKind::Test(node)
        | StatementKind::Return(Some(node))
        | StatementKind::Raise(Some(node)) => vec![node],
        StatementKind::Function(function) => {
            let defaults = function.parameters.iter().filter_map(|parameter| parameter.default.as_ref());
            function.decorators.iter().chain(defaults).collect()
        }
        _ => Vec::new(),
    }
}

/// Visits a node and everything in it; `later` tells what stands in a `lambda`.
pub(in crate::facts) fn walk<'n>(node: &'n Node, later: bool, visit: &mut dyn FnMut(&'n Node, bool)) {
    visit(node, later);
    match &node.is {
        Expression::Attribute { object, .. } => walk(object, later, visit),
        Expression::Subscript { object, index } => {
            walk(object, later, visit);
            walk(index, later, visit);
        }
        Expression::Slice { object, from, to } => {
            for part in [Some(object), from.as_ref(), to.as_ref()].into_iter().flatten() {
                walk(part, later, visit);
            }
        }
        Expression::Format(parts) => {
            for part in parts {
                if let FormatPart::Hole { value, .. } = part {
                    walk(value, later, visit);
                }
            }
        }
        Expression::List(items)
        | Expression::Tuple(items)
        | Expression::Set(items)
        | Expression::Junction { of: items, .. } => {
            for item in items {
                walk(item, later, visit);
            }
        }
        Expression::Dict(entries) => {
            for (key, value) in entries {
                if let Some(key) = key {
                    walk(key, later, visit);
                }
                walk(value, later, visit);
            }
        }
        Expression::Call { function, arguments } => {
            walk(function, later, visit);
            for argument in arguments {
                walk(&argument.value, later, visit);
            }
        }
        Expression::Binary { left, right, .. } | Expression::Compare { left, right, .. } => {
            walk(left, later, visit);
            walk(right, later, visit);
        }
        Expression::Conditional { test, then, otherwise } => {
            for part in [test, then, otherwise] {
                walk(part, later, visit);
            }
        }
        Expression::Not(inner)
        | Expression::Negative(inner)
        | Expression::Starred(inner)
        | Expression::Await(inner)
        | Expression::Pairs(inner)
        | Expression::Named { value: inner, .. } => walk(inner, later, visit),
        Expression::Later(inner) => walk(inner, true, visit),
        Expression::Comprehension { element, of, tests, .. } => {
            walk(element, later, visit);
            for each in of.iter().chain(tests) {
                walk(each, later, visit);
            }
        }
        Expression::Name(_)
        | Expression::String(_)
        | Expression::Bytes
        | Expression::Integer(_)
        | Expression::Float(_)
        | Expression::Boolean(_)
        | Expression::None
        | Expression::Other => {}
    }
}
