//! Methods of strings, dictionaries and lists that settings files use.

use super::evaluate::{Evaluator, computed};
use super::pydantic::text_of_url;
use crate::facts::value::{Known, Template, TemplateBuilder, Value, Why};
use crate::read::python::Argument;
use crate::text::Text;

/// More parts than these are not followed.
const MOST_PARTS: usize = 40;

/// `object.method(arguments)`; `None` if the method is not one that is followed.
pub(super) fn call(
    evaluator: &Evaluator<'_>,
    object: &Known,
    method: &str,
    arguments: &[Argument],
    at: &Text,
    depth: u32,
) -> Option<Known> {
    if arguments.iter().any(|argument| argument.unpacked) {
        return None;
    }
    let given: Vec<Known> = arguments
        .iter()
        .filter(|argument| argument.name.is_none())
        .map(|argument| evaluator.single(&argument.value, depth))
        .collect();
    let has_names = given.len() < arguments.len();
    let value = match &object.value {
        Value::Text(template) => match template.whole() {
            Some(_) if has_names => return None,
            Some(text) => of_text(text, method, &given, at)?,
            None => return None,
        },
        Value::Dict(entries) => match (method, &given[..]) {
            ("copy", []) => object.value.clone(),
            ("items" | "keys" | "values", []) => {
                // What begins with a brace counts as a set.
                let at = at.slice(at.as_str().rfind(method).unwrap_or(0)..at.len());
                return Some(Known { value: listed(entries, method, &at)?, at });
            }
            ("get", [key, ..]) if !has_names => {
                let wanted = key.whole_text()?;
                // An unknown key may be the one that is asked for.
                let is_it = |key: &Known| key.whole_text().is_none_or(|key| key.as_str() == wanted.as_str());
                let found = entries.iter().rev().find(|(key, _)| is_it(key));
                if found.is_some_and(|(key, _)| key.whole_text().is_none()) {
                    return None;
                }
                match (found, given.get(1)) {
                    (Some((_, value)), _) => return Some(value.used_at(at)),
                    (None, Some(default)) => return Some(default.clone()),
                    (None, None) => Value::None,
                }
            }
            _ => return None,
        },
        Value::List(_) if method == "copy" && given.is_empty() => object.value.clone(),
        Value::Call { function, arguments, .. } if function == "timedelta" && method == "total_seconds" => {
            Value::Float(crate::facts::value::seconds_of(arguments)?)
        }
        Value::Call { .. } if matches!(method, "unicode_string" | "encoded_string" | "__str__") => {
            return text_of_url(object).cloned();
        }
        _ => return None,
    };
    Some(Known { value, at: at.clone() })
}

/// The items of a dictionary in their order: a key that comes again keeps its place and changes its value.
fn listed(entries: &[(Known, Known)], of: &str, at: &Text) -> Option<Value> {
    let mut kept: Vec<(&Known, &Known)> = Vec::new();
    for (key, value) in entries {
        let text = key.whole_text()?;
        let same = kept.iter_mut().find(|it| it.0.whole_text().is_some_and(|it| it.as_str() == text.as_str()));
        match same {
            Some(known) => known.1 = value,
            None => kept.push((key, value)),
        }
    }
    let listed = kept.into_iter().map(|(key, value)| match of {
        "keys" => key.clone(),
        "values" => value.clone(),
        _ => Known { value: Value::List(vec![key.clone(), value.clone()]), at: at.clone() },
    });
    Some(Value::List(listed.collect()))
}

fn of_text(text: &Text, method: &str, given: &[Known], at: &Text) -> Option<Value> {
    let written = text.as_str();
    let composed = |new: String| {
        if new == written { plain(text.clone()) } else { plain(Text::pointing_at(at, &new)) }
    };
    let argument = |number: usize| given.get(number).and_then(Known::whole_text).map(|text| text.as_str());
    Some(match (method, given.len()) {
        ("strip", 0) => plain(text.trim()),
        ("lstrip", 0) => plain(text.slice(written.len() - written.trim_start().len()..written.len())),
        ("rstrip", 0) => plain(text.slice(0..written.trim_end().len())),
        ("strip" | "lstrip" | "rstrip", 1) => {
            let characters: Vec<char> = argument(0)?.chars().collect();
            let start =
                if method == "rstrip" { 0 } else { written.len() - written.trim_start_matches(&characters[..]).len() };
            let end = if method == "lstrip" { written.len() } else { written.trim_end_matches(&characters[..]).len() };
            plain(text.slice(start.min(end)..end))
        }
        ("lower", 0) if written.is_ascii() => composed(written.to_ascii_lowercase()),
        ("upper", 0) if written.is_ascii() => composed(written.to_ascii_uppercase()),
        ("replace", 2) => {
            let (from, to) = (argument(0)?, argument(1)?);
            let grown = written.len().saturating_mul(to.len().max(1));
            if from.is_empty() || grown > 64 * 1024 {
                return None;
            }
            composed(written.replace(from, to))
        }
        ("removeprefix", 1) => {
            let start = written.strip_prefix(argument(0)?).map_or(0, |rest| written.len() - rest.len());
            plain(text.slice(start..written.len()))
        }
        ("removesuffix", 1) => plain(text.slice(0..written.strip_suffix(argument(0)?).map_or(written.len(), str::len))),
        ("startswith", 1) => Value::Boolean(written.starts_with(argument(0)?)),
        ("endswith", 1) => Value::Boolean(written.ends_with(argument(0)?)),
        ("isdigit", 0) if written.is_ascii() => {
            Value::Boolean(!written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit()))
        }
        ("split", 0) => parts(text, written.split_ascii_whitespace()),
        ("split", 1) => {
            let separator = argument(0).filter(|separator| !separator.is_empty())?;
            parts(text, written.split(separator))
        }
        ("join", 1) => {
            let Value::List(items) = &given[0].value else { return None };
            if items.len() > MOST_PARTS {
                return None;
            }
            let mut builder = TemplateBuilder::new(at);
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    builder.push(text);
                }
                match &item.value {
                    Value::Text(template) if template.holes.is_empty() => builder.push(&template.text),
                    Value::Text(_) => builder.push_value(item, &item.at),
                    Value::Unknown(why) => builder.push_hole(computed(why), &item.at, &item.at, None),
                    _ => return None,
                }
            }
            builder.finish()
        }
        _ => return None,
    })
}

fn plain(text: Text) -> Value {
    Value::Text(Template::plain(text))
}

/// The parts of a text as a list; each keeps its place.
fn parts<'a>(text: &Text, parts: impl Iterator<Item = &'a str>) -> Value {
    let start = text.as_str().as_ptr() as usize;
    let mut items = Vec::new();
    for part in parts {
        if items.len() == MOST_PARTS {
            return Value::Unknown(Why::TooMuch);
        }
        let from = part.as_ptr() as usize - start;
        let part = text.slice(from..from + part.len());
        items.push(Known { value: Value::Text(Template::plain(part.clone())), at: part });
    }
    Value::List(items)
}
