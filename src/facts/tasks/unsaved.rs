//! Objects whose key is sent before anything stores them.

use super::names::function_of;
use super::sending::Place;
use crate::read::python::{Argument, Around, Condition, Expression, Node, Statement, StatementKind};
use crate::text::Text;

impl Place<'_> {
    /// The call that stores the object whose key is handed over, where it comes after the sending:
    /// `order.save()`, `session.commit()`, `super().save()`.
    pub(super) fn saved_later(&self, arguments: &[Argument]) -> Option<Text> {
        let object = arguments.iter().find_map(|it| key_of(&it.value))?;
        let number = self.function()?;
        let StatementKind::Function(function) = &self.document.statements.get(number)?.kind else { return None };
        let is_within =
            |it: &&Statement| it.around.iter().any(|it| matches!(it, Around::Function(it) if *it == number));
        let within = self.document.statements.iter().skip(number + 1).take_while(is_within);
        let body: Vec<&Statement> = within.filter(|it| function_of(it) == Some(number)).collect();
        let here = body.iter().position(|it| it.at.span() == self.statement.at.span())?;
        let (before, after) = (&body[..here], &body[here + 1..]);
        if object == "self" {
            // Whoever asks for the key knows that there may be none.
            let asks =
                |it: &Condition| [".pk", ".id", "_state", "created"].iter().any(|key| it.test.as_str().contains(key));
            if function.name.as_str() != "save" || self.statement.conditions.iter().any(asks) {
                return None;
            }
        } else {
            let made = before.iter().rposition(|it| sets(it, object))?;
            let StatementKind::Assign { value, .. } = &before[made].kind else { return None };
            if !is_new(value) {
                return None;
            }
            if before[made..].iter().any(|it| stored(it, object).is_some()) {
                return None;
            }
        }
        if before.iter().any(|it| object == "self" && stored(it, object).is_some()) {
            return None;
        }
        // It happens whenever the sending does.
        let is_sure = |it: &&&Statement| {
            it.conditions.len() <= self.statement.conditions.len()
                && it
                    .conditions
                    .iter()
                    .zip(self.statement.conditions.iter())
                    .all(|(one, other)| one.test.span() == other.test.span() && one.holds == other.holds)
        };
        let next = after.iter().take_while(|it| !sets(it, object)).filter(is_sure).find_map(|it| stored(it, object))?;
        Some(next.clone())
    }
}

/// `order` of `order.id`, `str(order.pk)`, `[order.id]`.
fn key_of(node: &Node) -> Option<&str> {
    match &node.is {
        Expression::Attribute { object, name } if matches!(name.as_str(), "id" | "pk") => match &object.is {
            Expression::Name(name) => Some(name),
            _ => None,
        },
        Expression::List(items) | Expression::Tuple(items) => items.iter().find_map(key_of),
        Expression::Dict(entries) => entries.iter().find_map(|(_, value)| key_of(value)),
        Expression::Call { function, arguments } if matches!(&function.is, Expression::Name(it) if it == "str") => {
            key_of(&arguments.first()?.value)
        }
        _ => None,
    }
}

fn sets(statement: &Statement, object: &str) -> bool {
    matches!(&statement.kind, StatementKind::Assign { target, .. }
        if matches!(&target.is, Expression::Name(name) if name == object))
}

/// `Order(…)`, `models.Order(…)`: made, and not read from anywhere.
fn is_new(value: &Node) -> bool {
    let Expression::Call { function, .. } = &value.is else { return false };
    let Some(dotted) = function.dotted() else { return false };
    let class = dotted.rsplit('.').next().unwrap_or_default();
    class.starts_with(|it: char| it.is_ascii_uppercase())
        && !["Form", "Serializer", "Schema", "Response", "Task", "Result"].iter().any(|kind| class.ends_with(kind))
}

/// The call of a statement that stores an object, or whatever waits to be stored.
fn stored<'s>(statement: &'s Statement, object: &str) -> Option<&'s Text> {
    let call = match &statement.kind {
        StatementKind::Expression(node) | StatementKind::Return(Some(node)) => node,
        StatementKind::Assign { value, .. } => value,
        _ => return None,
    };
    let call = match &call.is {
        Expression::Await(inner) => inner,
        _ => call,
    };
    let Expression::Call { function, .. } = &call.is else { return None };
    let Expression::Attribute { object: of, name } = &function.is else { return None };
    let is_it = match name.as_str() {
        "save" | "asave" if object == "self" => of.at.as_str().starts_with("super("),
        "save" | "asave" => matches!(&of.is, Expression::Name(name) if name == object),
        // What is flushed has a key, and nobody else sees it yet.
        "commit" | "bulk_create" => true,
        _ => false,
    };
    is_it.then_some(&call.at)
}
