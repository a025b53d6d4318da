//! The calls that the evaluator understands: the environment in its many dresses, conversions, containers.

use super::evaluate::{Alternative, Evaluator};
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::{Argument, Condition, ConditionKind, Expression, Node};
use crate::text::Text;

/// Whether a dotted name is the mapping of environment variables.
pub(super) fn is_environment(name: Option<&str>) -> bool {
    matches!(name, Some("os.environ" | "environ"))
}

/// How a call reads a variable.
struct Reading<'a> {
    /// Whether a missing variable gives None instead of stopping the program.
    none_if_unset: bool,
    default: Option<&'a Node>,
    cast: Cast,
}

enum Cast {
    Text,
    Integer,
    Float,
    Boolean,
    List,
    /// A function of the project's own.
    Other,
}

/// The values of a call that is understood; `None` for any other.
pub(super) fn call(
    evaluator: &Evaluator<'_>,
    node: &Node,
    function: &Node,
    arguments: &[Argument],
    depth: u32,
) -> Option<Vec<Alternative>> {
    let name = evaluator.full_name(function)?;
    if let Some(reading) = reading(&name, arguments) {
        let variable = positional(arguments, 0)?.string()?.as_str().to_owned();
        return Some(read_variable(evaluator, &variable, &reading, &node.at, depth));
    }
    let at = &node.at;
    match name.as_str() {
        "str" => {
            let value = positional(arguments, 0)?;
            Some(evaluator.over_alternatives(value, depth, |known| match &known.value {
                Value::Text(_) => known.clone(),
                Value::Integer(number) => Known {
                    value: Value::Text(Template::plain(Text::pointing_at(at, &number.to_string()))),
                    at: at.clone(),
                },
                _ => Known::unknown(Why::Call("str".into()), at),
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
                        entries.push((key, evaluator.single(&argument.value, depth)));
                    }
                    _ => match evaluator.single(&argument.value, depth).value {
                        Value::Dict(inner) => entries.extend(inner),
                        _ => {
                            let unknown = Known::unknown(Why::Other, &argument.value.at);
                            entries.push((unknown.clone(), unknown));
                        }
                    },
                }
            }
            Some(one(Known { value: Value::Dict(entries), at: at.clone() }))
        }
        "list" | "tuple" | "set" => {
            let value = positional(arguments, 0)?;
            Some(evaluator.over_alternatives(value, depth, |known| match known.value {
                Value::List(_) => known.clone(),
                _ => Known::unknown(Why::Other, at),
            }))
        }
        _ => None,
    }
}

fn one(known: Known) -> Vec<Alternative> {
    vec![Alternative { known, conditions: Vec::new() }]
}

fn positional(arguments: &[Argument], number: usize) -> Option<&Node> {
    arguments.iter().filter(|it| it.name.is_none() && !it.unpacked).nth(number).map(|argument| &argument.value)
}

fn named<'a>(arguments: &'a [Argument], name: &str) -> Option<&'a Node> {
    arguments.iter().find(|it| it.name.as_ref().is_some_and(|known| known.as_str() == name)).map(|it| &it.value)
}

/// Whether the function reads an environment variable, and how: the standard library, django-environ, environs,
/// python-decouple, starlette.
fn reading<'a>(function: &str, arguments: &'a [Argument]) -> Option<Reading<'a>> {
    let default = named(arguments, "default").or_else(|| positional(arguments, 1));
    let reading = |none_if_unset, cast| Some(Reading { none_if_unset, default, cast });
    match function {
        "os.getenv" | "getenv" | "os.environ.get" | "environ.get" => reading(true, Cast::Text),
        "os.environ.setdefault" | "os.environ.pop" => None,
        "env" | "ENV" | "config" | "decouple.config" | "environ.Env" => {
            let cast = match named(arguments, "cast") {
                None => Cast::Text,
                Some(node) => match node.dotted().as_deref() {
                    Some("str") => Cast::Text,
                    Some("int") => Cast::Integer,
                    Some("float") => Cast::Float,
                    Some("bool") => Cast::Boolean,
                    Some("list" | "Csv") => Cast::List,
                    _ => Cast::Other,
                },
            };
            reading(false, cast)
        }
        _ => {
            let (object, method) = function.rsplit_once('.')?;
            if !matches!(object.rsplit('.').next()?, "env" | "ENV" | "environ") {
                return None;
            }
            let cast = match method {
                "str" | "__call__" | "url" | "path" => Cast::Text,
                "int" => Cast::Integer,
                "float" => Cast::Float,
                "bool" => Cast::Boolean,
                "list" | "tuple" => Cast::List,
                _ => return None,
            };
            reading(false, cast)
        }
    }
}

fn read_variable(
    evaluator: &Evaluator<'_>,
    variable: &str,
    reading: &Reading<'_>,
    at: &Text,
    depth: u32,
) -> Vec<Alternative> {
    if let Some(known) = evaluator.variable(variable, at) {
        return one(converted(&known, &reading.cast, at));
    }
    let none_if_unset = reading.none_if_unset && reading.default.is_none();
    let why = Why::Environment { name: variable.to_owned(), none_if_unset };
    let unknown = Known::unknown(why, at);
    let Some(default) = reading.default else { return one(unknown) };
    if matches!(default.is, Expression::None) {
        return one(Known::unknown(Why::Environment { name: variable.to_owned(), none_if_unset: true }, at));
    }
    // Where the variable is set, its value is not known; where it is not, the default holds.
    let condition = |holds| Condition { test: at.clone(), is: ConditionKind::Set, holds };
    let mut found = vec![Alternative { known: unknown, conditions: vec![condition(true)] }];
    for alternative in evaluator.alternatives(default, depth + 1) {
        let mut conditions = alternative.conditions;
        conditions.push(condition(false));
        found.push(Alternative { known: converted(&alternative.known, &reading.cast, at), conditions });
    }
    found
}

fn converted(known: &Known, cast: &Cast, at: &Text) -> Known {
    let text = match &known.value {
        Value::Text(template) => match template.whole() {
            Some(text) => text.as_str().trim(),
            None => return if matches!(cast, Cast::Text) { known.clone() } else { Known::unknown(Why::Other, at) },
        },
        // A default may already be of the right type.
        Value::Unknown(_) | Value::None => return known.clone(),
        Value::Integer(_) if matches!(cast, Cast::Integer | Cast::Text) => return known.clone(),
        Value::Integer(number) if matches!(cast, Cast::Boolean) => {
            return Known { value: Value::Boolean(*number != 0), at: known.at.clone() };
        }
        Value::Float(_) | Value::Boolean(_) | Value::List(_) => return known.clone(),
        _ => return Known::unknown(Why::Other, at),
    };
    let value = match cast {
        Cast::Text => return known.clone(),
        Cast::Integer => text.replace('_', "").parse().map_or(Value::Unknown(Why::Other), Value::Integer),
        Cast::Float => text.parse().map_or(Value::Unknown(Why::Other), Value::Float),
        Cast::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "on" | "ok" | "y" | "yes" | "1" | "t" => Value::Boolean(true),
            "false" | "off" | "n" | "no" | "0" | "f" | "" => Value::Boolean(false),
            _ => Value::Unknown(Why::Other),
        },
        Cast::List | Cast::Other => Value::Unknown(Why::Call("cast".into())),
    };
    Known { value, at: known.at.clone() }
}
