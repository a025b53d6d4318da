//! The arguments of a call by their names and numbers.

use crate::read::python::{Argument, BinaryOperator, Expression, Node};

/// What is called, with its arguments; a node that is no call is called with nothing.
pub(super) fn parts(node: &Node) -> (&Node, &[Argument]) {
    match &node.is {
        Expression::Call { function, arguments } => (function, arguments),
        _ => (node, &[]),
    }
}

/// `3600`, `24 * 60 * 60`
pub(super) fn whole_number(node: &Node) -> Option<i64> {
    match &node.is {
        Expression::Integer(number) => Some(*number),
        Expression::Binary { left, operator: BinaryOperator::Multiply, right } => {
            whole_number(left)?.checked_mul(whole_number(right)?)
        }
        _ => None,
    }
}

pub(super) fn is_called(argument: &Argument, wanted: &str) -> bool {
    argument.name.as_ref().is_some_and(|name| name.as_str() == wanted)
}

pub(super) fn named<'n>(arguments: &'n [Argument], wanted: &str) -> Option<&'n Node> {
    arguments.iter().find(|it| is_called(it, wanted)).map(|it| &it.value)
}

pub(super) fn positional(arguments: &[Argument], number: usize) -> Option<&Node> {
    let given = arguments.get(number)?;
    (arguments[..=number].iter().all(|it| it.name.is_none() && !it.unpacked)).then_some(&given.value)
}
