//! `"…".format(…)` and `"…" % …`: where each value goes, with the place of the placeholder.

use super::evaluate::Evaluator;
use crate::facts::value::{Known, Template, TemplateBuilder, Why};
use crate::read::python::{Argument, Expression, Node};
use crate::text::Text;

/// `template.format(arguments)`.
pub(super) fn str_format(
    evaluator: &Evaluator<'_>,
    template: &Template,
    arguments: &[Argument],
    at: &Text,
    depth: u32,
) -> Known {
    let unknown = || Known::unknown(Why::Call("format".into()), at);
    let text = template.as_str();
    let mut builder = TemplateBuilder::new(at);
    let mut position = 0;
    let mut index = 0;
    let mut run = 0;
    while let Some(found) = text[position..].find(['{', '}']) {
        let brace = position + found;
        builder.push(&template.text.slice(run..brace));
        let doubled = text[brace..].starts_with("{{") || text[brace..].starts_with("}}");
        if doubled {
            builder.push(&template.text.slice(brace..brace + 1));
            position = brace + 2;
            run = position;
            continue;
        }
        let Some(end) = text[brace..].find('}').filter(|_| text[brace..].starts_with('{')) else { return unknown() };
        let placeholder = template.text.slice(brace..brace + end + 1);
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
            Some(argument) if is_plain && !argument.unpacked => {
                builder.push_value(&evaluator.single(&argument.value, depth), &placeholder);
            }
            Some(argument) => builder.push_hole(Why::Other, &argument.value.at, &placeholder, None),
            // `.format(**values)` may hold it; otherwise Python would stop here.
            None if arguments.iter().any(|argument| argument.unpacked) => {
                builder.push_hole(Why::Other, &placeholder, &placeholder, None);
            }
            None => return unknown(),
        }
        position = brace + end + 1;
        run = position;
    }
    builder.push(&template.text.slice(run..text.len()));
    Known { value: builder.finish(), at: at.clone() }
}

fn positional(arguments: &[Argument], number: usize) -> Option<&Argument> {
    arguments.iter().filter(|argument| argument.name.is_none()).nth(number)
}

/// `template % right`.
pub(super) fn percent(evaluator: &Evaluator<'_>, template: &Template, right: &Node, at: &Text, depth: u32) -> Known {
    let values: Vec<&Node> = match &right.is {
        Expression::Tuple(items) => items.iter().collect(),
        _ => vec![right],
    };
    let named = match &right.is {
        Expression::Dict(entries) => Some(entries),
        _ => None,
    };
    let text = template.as_str();
    let mut builder = TemplateBuilder::new(at);
    let mut next = 0;
    let mut run = 0;
    let mut position = 0;
    while let Some(found) = text[position..].find('%') {
        let start = position + found;
        builder.push(&template.text.slice(run..start));
        let rest = &text[start + 1..];
        if rest.starts_with('%') {
            builder.push(&template.text.slice(start..start + 1));
            position = start + 2;
            run = position;
            continue;
        }
        let (name, width) = match rest.strip_prefix('(').and_then(|inner| inner.find(')')) {
            Some(end) => (Some(&rest[1..=end]), end + 2),
            None => (None, 0),
        };
        let Some(kind) = rest[width..].chars().next().filter(char::is_ascii_alphabetic) else {
            return Known::unknown(Why::Other, at);
        };
        let placeholder = template.text.slice(start..start + 1 + width + 1);
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
            Some(value) if matches!(kind, 's' | 'd' | 'i') => {
                builder.push_value(&evaluator.single(value, depth), &placeholder);
            }
            _ => builder.push_hole(Why::Other, &placeholder, &placeholder, None),
        }
        position = start + 1 + width + 1;
        run = position;
    }
    builder.push(&template.text.slice(run..text.len()));
    Known { value: builder.finish(), at: at.clone() }
}
