//! The functions that the evaluator understands: conversions, containers, arithmetic, fields of dataclasses.

use super::env_readers::{self, Cast, converted};
use super::evaluate::{Alternative, Evaluator, computed, under};
use super::items::{self, is_open, is_set};
use super::paths;
use super::pydantic::text_of_url;
use super::worlds::whether_set;
use crate::facts::value::{Known, Template, TemplateBuilder, Value, Why};
use crate::read::python::{Argument, Expression, Node};
use crate::text::Text;

/// The values of a call that is understood; `None` for any other.
pub(super) fn call(
    evaluator: &Evaluator<'_>,
    node: &Node,
    function: &Node,
    arguments: &[Argument],
    depth: u32,
) -> Option<Vec<Alternative>> {
    let name = evaluator.full_name(function)?;
    if let Some(reading) = env_readers::reading(&name, arguments) {
        return env_readers::read(evaluator, reading, node, function, arguments, depth);
    }
    let at = &node.at;
    match name.as_str() {
        "str" => {
            let value = positional(arguments, 0)?;
            Some(evaluator.over_alternatives(value, depth, |known| match &known.value {
                Value::Text(_) => known.clone(),
                _ if text_of_url(known).is_some() => text_of_url(known).unwrap_or(known).clone(),
                Value::Integer(_) | Value::Boolean(_) | Value::None => {
                    let mut builder = TemplateBuilder::new(at);
                    builder.push_value(known, at);
                    Known { value: builder.finish(), at: at.clone() }
                }
                _ => match paths::text_of(known) {
                    Some(path) => Known { value: Value::Text(Template::plain(path)), at: at.clone() },
                    None => Known::unknown(Why::Call("str".into()), at),
                },
            }))
        }
        "int" | "float" | "bool" => {
            let value = positional(arguments, 0)?;
            let cast = match name.as_str() {
                "int" => Cast::Integer,
                "float" => Cast::Float,
                // bool("False") is True: any text that is not empty.
                _ => {
                    return Some(evaluator.over_alternatives(value, depth, |known| Known {
                        value: known.truth().map_or(Value::Unknown(Why::Other), Value::Boolean),
                        at: at.clone(),
                    }));
                }
            };
            Some(evaluator.over_alternatives(value, depth, |known| converted(known, &cast, at)))
        }
        "dict" => {
            let mut entries = Vec::new();
            for argument in arguments {
                match (&argument.name, argument.unpacked) {
                    (Some(name), false) => {
                        let key = Known { value: Value::Text(Template::plain(name.clone())), at: name.clone() };
                        entries.push((key, evaluator.part(&argument.value, depth)));
                    }
                    _ => match evaluator.single(&argument.value, depth).value {
                        Value::Dict(inner) => entries.extend(inner),
                        _ if !argument.unpacked
                            && let Ok(pairs) = evaluator.gone_through(&argument.value, depth)
                            && let Some(inner) = items::entries(pairs) =>
                        {
                            entries.extend(inner);
                        }
                        _ => {
                            let unknown = Known::unknown(Why::Other, &argument.value.at);
                            entries.push((unknown.clone(), unknown));
                        }
                    },
                }
            }
            Some(one(Known { value: Value::Dict(entries), at: at.clone() }))
        }
        "len" => {
            let value = positional(arguments, 0)?;
            Some(evaluator.over_alternatives(value, depth, |known| Known {
                value: match &known.value {
                    Value::List(items) if !is_set(&known.at) && !is_open(items) => number(items.len()),
                    Value::Text(text) => {
                        text.whole().map_or(Value::Unknown(Why::Other), |text| number(text.as_str().chars().count()))
                    }
                    Value::Unknown(why) => Value::Unknown(computed(why)),
                    _ => Value::Unknown(Why::Other),
                },
                at: at.clone(),
            }))
        }
        "min" | "max" if arguments.len() > 1 && arguments.iter().all(|it| it.name.is_none() && !it.unpacked) => {
            let mut numbers = Vec::new();
            for argument in arguments {
                match evaluator.single(&argument.value, depth).value {
                    Value::Integer(number) => numbers.push(number),
                    Value::Unknown(why) => return Some(one(Known::unknown(computed(&why), at))),
                    _ => return None,
                }
            }
            let chosen = if name == "min" { numbers.into_iter().min() } else { numbers.into_iter().max() };
            Some(one(Known { value: Value::Integer(chosen?), at: at.clone() }))
        }
        "urllib.parse.quote" | "urllib.parse.quote_plus" | "quote" | "quote_plus" if arguments.len() <= 2 => {
            let value = positional(arguments, 0)?;
            let plus = name.ends_with("_plus");
            let safe = match named(arguments, "safe").or_else(|| positional(arguments, 1)) {
                Some(safe) => evaluator.single(safe, depth).whole_text()?.as_str().to_owned(),
                None if plus => String::new(),
                None => "/".to_owned(),
            };
            Some(evaluator.over_alternatives(value, depth, |known| match known.whole_text() {
                Some(text) => {
                    let quoted = quoted(text.as_str(), &safe, plus);
                    let text = if quoted == text.as_str() { text.clone() } else { Text::pointing_at(at, &quoted) };
                    Known { value: Value::Text(Template::plain(text)), at: at.clone() }
                }
                // The name of the function tells that whatever it is, it is quoted.
                None => Known::unknown(Why::Call(name.clone()), at),
            }))
        }
        "getattr" if (2..=3).contains(&arguments.len()) => {
            let (object, name) = (positional(arguments, 0)?.clone(), positional(arguments, 1)?);
            let name = evaluator.single(name, depth).whole_text()?.clone();
            let attribute = Node { at: at.clone(), is: Expression::Attribute { object: Box::new(object), name } };
            let mut found = evaluator.alternatives(&attribute, depth + 1);
            if let Some(default) = positional(arguments, 2)
                && matches!(&found[..], [Alternative { known: Known { value: Value::Unknown(Why::Name(_)), .. }, .. }])
            {
                // Whether it has the name is not shown.
                found = under(found, whether_set(at, true));
                found.extend(under(evaluator.alternatives(default, depth + 1), whether_set(at, false)));
            }
            Some(found)
        }
        "os.path.join" => Some(one(paths::join(evaluator, arguments, at, depth))),
        // What a field of a dataclass is when nothing else is given.
        "dataclasses.field" | "attr.ib" | "attr.attrib" | "attr.field" | "attrs.field" => {
            match (named(arguments, "default"), named(arguments, "default_factory").or(named(arguments, "factory"))) {
                (Some(default), _) => Some(evaluator.alternatives(default, depth + 1)),
                (None, Some(Node { is: Expression::Later(made), .. })) => Some(evaluator.alternatives(made, depth + 1)),
                (None, Some(factory)) if factory.dotted().as_deref() == Some("list") => {
                    Some(one(Known { value: Value::List(Vec::new()), at: at.clone() }))
                }
                _ => None,
            }
        }
        "list" | "tuple" | "set" if arguments.is_empty() => {
            Some(one(Known { value: Value::List(Vec::new()), at: at.clone() }))
        }
        "list" | "tuple" | "set" => {
            let value = positional(arguments, 0)?;
            if name != "set"
                && matches!(value.is, Expression::Call { .. })
                && let Ok(items) = evaluator.gone_through(value, depth)
            {
                return Some(one(Known { value: Value::List(items), at: at.clone() }));
            }
            Some(evaluator.over_alternatives(value, depth, |known| match known.value {
                Value::List(_) => known.clone(),
                _ => Known::unknown(Why::Other, at),
            }))
        }
        _ => None,
    }
}

fn number(count: usize) -> Value {
    i64::try_from(count).map_or(Value::Unknown(Why::TooMuch), Value::Integer)
}

/// Percent-encoding as urllib.parse does it.
fn quoted(text: &str, safe: &str, plus: bool) -> String {
    let mut quoted = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || "_.-~".contains(letter) || (letter.is_ascii() && safe.contains(letter)) {
            quoted.push(letter);
        } else if plus && letter == ' ' {
            quoted.push('+');
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                quoted.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    quoted
}

pub(super) fn one(known: Known) -> Vec<Alternative> {
    vec![Alternative { known, conditions: Vec::new() }]
}

pub(super) fn positional(arguments: &[Argument], number: usize) -> Option<&Node> {
    arguments.iter().filter(|it| it.name.is_none() && !it.unpacked).nth(number).map(|argument| &argument.value)
}

pub(super) fn named<'a>(arguments: &'a [Argument], name: &str) -> Option<&'a Node> {
    arguments.iter().find(|it| it.name.as_ref().is_some_and(|known| known.as_str() == name)).map(|it| &it.value)
}
