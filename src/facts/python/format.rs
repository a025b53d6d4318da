//! `"…".format(…)` and `"…" % …`: where each value goes, with the place of the placeholder.

use super::builtins::one;
use super::evaluate::{Alternative, Evaluator};
use super::f_strings::Part;
use crate::facts::value::{Known, Template, Why};
use crate::read::python::{Argument, Expression, Node};
use crate::text::Text;

/// `template.format(arguments)`.
pub(super) fn str_format(
    evaluator: &Evaluator<'_>,
    template: &Template,
    arguments: &[Argument],
    at: &Text,
    depth: u32,
) -> Vec<Alternative> {
    let unknown = || one(Known::unknown(Why::Call("format".into()), at));
    let Some(whole) = template.whole() else { return unknown() };
    let text = whole.as_str();
    let mut parts = Vec::new();
    let mut position = 0;
    let mut index = 0;
    let mut run = 0;
    while let Some(found) = text[position..].find(['{', '}']) {
        let brace = position + found;
        parts.push(Part::Text(whole.slice(run..brace)));
        let doubled = text[brace..].starts_with("{{") || text[brace..].starts_with("}}");
        if doubled {
            parts.push(Part::Text(whole.slice(brace..brace + 1)));
            position = brace + 2;
            run = position;
            continue;
        }
        let Some(end) = text[brace..].find('}').filter(|_| text[brace..].starts_with('{')) else { return unknown() };
        let placeholder = whole.slice(brace..brace + end + 1);
        let field = &text[brace + 1..brace + end];
        let name_end = field.find([':', '!', '.', '[']).unwrap_or(field.len());
        let (name, is_plain) = (&field[..name_end], name_end == field.len());
        let argument = match name {
            "" => {
                index += 1;
                positional(arguments, index - 1)
            }
            name => match name.parse::<usize>() {
                Ok(number) => positional(arguments, number),
                Err(_) => arguments.iter().find(|it| it.name.as_ref().is_some_and(|known| known.as_str() == name)),
            },
        };
        match argument {
            Some(argument) if is_plain && !argument.unpacked => parts.push(Part::Value(&argument.value, placeholder)),
            Some(argument) => parts.push(Part::Unknown(&argument.value.at, placeholder)),
            // `.format(**values)` may hold it; otherwise Python would stop here.
            None if arguments.iter().any(|argument| argument.unpacked) => {
                parts.push(Part::Unknown(at, placeholder));
            }
            None => return unknown(),
        }
        position = brace + end + 1;
        run = position;
    }
    parts.push(Part::Text(whole.slice(run..text.len())));
    evaluator.composed(&parts, at, depth)
}

fn positional(arguments: &[Argument], number: usize) -> Option<&Argument> {
    arguments.iter().filter(|argument| argument.name.is_none()).nth(number)
}

/// `template % right`.
pub(super) fn percent(
    evaluator: &Evaluator<'_>,
    template: &Template,
    right: &Node,
    at: &Text,
    depth: u32,
) -> Vec<Alternative> {
    let values: Vec<&Node> = match &right.is {
        Expression::Tuple(items) => items.iter().collect(),
        _ => vec![right],
    };
    let named = match &right.is {
        Expression::Dict(entries) => Some(entries),
        _ => None,
    };
    let Some(whole) = template.whole() else { return one(Known::unknown(Why::Other, at)) };
    let text = whole.as_str();
    let mut parts = Vec::new();
    let mut next = 0;
    let mut run = 0;
    let mut position = 0;
    while let Some(found) = text[position..].find('%') {
        let start = position + found;
        parts.push(Part::Text(whole.slice(run..start)));
        let rest = &text[start + 1..];
        if rest.starts_with('%') {
            parts.push(Part::Text(whole.slice(start..start + 1)));
            position = start + 2;
            run = position;
            continue;
        }
        let (name, width) = match rest.strip_prefix('(').and_then(|inner| inner.find(')')) {
            Some(end) => (Some(&rest[1..=end]), end + 2),
            None => (None, 0),
        };
        let Some(kind) = rest[width..].chars().next().filter(char::is_ascii_alphabetic) else {
            return one(Known::unknown(Why::Other, at));
        };
        let placeholder = whole.slice(start..start + 1 + width + 1);
        let value = match (name, named) {
            (Some(name), Some(entries)) => entries
                .iter()
                .find(|(key, _)| key.as_ref().and_then(Node::string).is_some_and(|key| key.as_str() == name))
                .map(|(_, value)| value),
            (Some(_), None) => None,
            (None, _) => {
                next += 1;
                values.get(next - 1).copied()
            }
        };
        match value {
            Some(value) if matches!(kind, 's' | 'd' | 'i') => parts.push(Part::Value(value, placeholder)),
            _ => parts.push(Part::Unknown(at, placeholder)),
        }
        position = start + 1 + width + 1;
        run = position;
    }
    parts.push(Part::Text(whole.slice(run..text.len())));
    evaluator.composed(&parts, at, depth)
}
