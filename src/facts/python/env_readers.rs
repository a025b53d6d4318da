//! Variables of the environment, as the standard library, django-environ, environs, python-decouple and starlette read
//! them: under which name, with which default, and what they make of the text.

use super::builtins::{named, one, positional};
use super::evaluate::{Alternative, Evaluator, computed};
use super::worlds;
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::{Argument, Around, Condition, ConditionKind, Expression, Node};
use crate::text::Text;

/// Whether a dotted name is the mapping of environment variables.
pub(super) fn is_environment(name: Option<&str>) -> bool {
    matches!(name, Some("os.environ" | "environ"))
}

/// How a call reads a variable.
pub(super) struct Reading<'a> {
    /// Whether a missing variable gives None instead of stopping the program.
    none_if_unset: bool,
    default: Option<&'a Node>,
    cast: Cast,
    /// Whether a default is converted as well: decouple and starlette do that, django-environ and environs do not.
    casts_default: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Cast {
    Text,
    Integer,
    Float,
    Boolean,
    List,
    /// A function of the project's own.
    Other,
}

/// What a call that reads a variable gives; `None` where it is not known which one it reads.
pub(super) fn read(
    evaluator: &Evaluator<'_>,
    mut reading: Reading<'_>,
    node: &Node,
    function: &Node,
    arguments: &[Argument],
    depth: u32,
) -> Option<Vec<Alternative>> {
    let variable = evaluator.single(positional(arguments, 0)?, depth).whole_text()?.as_str().to_owned();
    let object = match &function.is {
        Expression::Attribute { object, .. } => object,
        _ => function,
    };
    let Some((prefix, schema)) = reader(evaluator, object, &variable, depth) else {
        let why = Why::Environment { name: variable, none_if_unset: false };
        return Some(one(Known::unknown(why, &node.at)));
    };
    let mut default = reading.default.map(|default| evaluator.alternatives(default, depth + 1));
    // `environ.Env(NAME=(type, default))`, `environ.Env(NAME=type)`.
    if let Some(schema) = schema {
        let (cast, value) = match &schema.value {
            Value::List(pair) if pair.len() == 2 => (&pair[0].value, Some(pair[1].used_at(&node.at))),
            value => (value, None),
        };
        if let (Value::Unknown(Why::Name(cast)), Cast::Text) = (cast, reading.cast) {
            reading.cast = cast_named(cast);
        }
        default = default.or_else(|| value.map(one));
    }
    Some(read_variable(evaluator, &(prefix + &variable), &reading, default, &node.at))
}

/// Whether the function reads an environment variable, and how: the standard library, django-environ, environs,
/// python-decouple, starlette.
pub(super) fn reading<'a>(function: &str, arguments: &'a [Argument]) -> Option<Reading<'a>> {
    let default = named(arguments, "default").or_else(|| positional(arguments, 1));
    let reading = |none_if_unset, cast| Some(Reading { none_if_unset, default, cast, casts_default: false });
    match function {
        "os.getenv" | "getenv" | "os.environ.get" | "environ.get" => reading(true, Cast::Text),
        "os.environ.setdefault" | "os.environ.pop" => None,
        "env" | "ENV" | "config" | "decouple.config" => {
            // django-environ: env(name, cast, default); decouple: config(name, default, cast).
            let second = positional(arguments, 1);
            let is_type =
                |node: &&Node| matches!(node.dotted().as_deref(), Some("str" | "int" | "float" | "bool" | "list"));
            let (cast, default) = match second.filter(is_type) {
                Some(cast) => (Some(cast), named(arguments, "default").or_else(|| positional(arguments, 2))),
                None => (named(arguments, "cast").or_else(|| positional(arguments, 2)), default),
            };
            let casts_default = function.ends_with("config");
            Some(Reading { none_if_unset: false, default, cast: cast.map_or(Cast::Text, cast_of), casts_default })
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

fn cast_of(node: &Node) -> Cast {
    let name = match &node.is {
        // `cast=Csv()`
        Expression::Call { function, arguments } if arguments.is_empty() => function.dotted(),
        _ => node.dotted(),
    };
    cast_named(&name.unwrap_or_default())
}

fn cast_named(name: &str) -> Cast {
    match name {
        "str" => Cast::Text,
        "int" => Cast::Integer,
        "float" => Cast::Float,
        "bool" => Cast::Boolean,
        "list" | "Csv" | "decouple.Csv" => Cast::List,
        _ => Cast::Other,
    }
}

/// What the object that reads a variable puts before its name, and what its schema says of it: `environ.Env(…)`,
/// `environs.Env(prefix=…)`, `Config(env_prefix=…)` of starlette. `None` if that is not known.
fn reader(evaluator: &Evaluator<'_>, object: &Node, variable: &str, depth: u32) -> Option<(String, Option<Known>)> {
    let (mut prefix, mut schema) = (String::new(), None);
    if let Some(held) = object.dotted().and_then(|name| evaluator.lookup(&name)) {
        let [Alternative { known: Known { value: Value::Call { arguments, called, .. }, .. }, .. }] = &held[..] else {
            return None;
        };
        if called.unpacks || called.full_name.starts_with("__main__.") {
            return None;
        }
        for (name, value) in arguments {
            match name.as_deref() {
                Some("prefix" | "env_prefix") => prefix.push_str(value.whole_text()?.as_str()),
                Some(name) if name == variable => schema = Some(value.clone()),
                _ => {}
            }
        }
    }
    // `with env.prefixed("NAME_"):`
    for around in evaluator.around.iter() {
        let Around::With(entered) = around else { continue };
        for node in entered.iter() {
            if let Expression::Call { function, arguments } = &node.is
                && let Expression::Attribute { object: entered, name } = &function.is
                && name.as_str() == "prefixed"
                && entered.dotted() == object.dotted()
            {
                prefix.push_str(evaluator.single(&arguments.first()?.value, depth).whole_text()?.as_str());
            }
        }
    }
    Some((prefix, schema))
}

fn read_variable(
    evaluator: &Evaluator<'_>,
    variable: &str,
    reading: &Reading<'_>,
    default: Option<Vec<Alternative>>,
    at: &Text,
) -> Vec<Alternative> {
    let Some(held) = evaluator.variables(variable, at) else { return not_set(variable, reading, default, at) };
    let mut found = Vec::new();
    for Alternative { known, conditions } in held {
        let values = match known.value {
            Value::None if default.is_none() && reading.none_if_unset => one(known),
            // `setdefault` leaves no variable that is not set.
            Value::Unknown(_) if conditions.iter().any(|it| it.is == ConditionKind::Set && it.holds) => one(known),
            Value::None | Value::Unknown(Why::Environment { .. }) => not_set(variable, reading, default.clone(), at),
            _ => one(converted(&known, &reading.cast, at)),
        };
        found.extend(values.into_iter().map(|mut it| {
            it.conditions.extend(conditions.iter().cloned());
            it
        }));
    }
    found
}

/// `os.environ.setdefault(variable, default)`: what the variable is from then on.
pub(super) fn with_default(evaluator: &Evaluator<'_>, variable: &str, default: &Node, at: &Text) -> Vec<Alternative> {
    let reading = Reading { none_if_unset: false, default: None, cast: Cast::Text, casts_default: false };
    read_variable(evaluator, variable, &reading, Some(evaluator.evaluate(default)), at)
}

/// What reading a variable gives that no file and no code certainly sets.
fn not_set(variable: &str, reading: &Reading<'_>, default: Option<Vec<Alternative>>, at: &Text) -> Vec<Alternative> {
    let unknown = |none_if_unset| {
        let why = Why::Environment { name: variable.to_owned(), none_if_unset };
        Known::unknown(why, at)
    };
    let Some(default) = default else { return one(unknown(reading.none_if_unset)) };
    if matches!(&default[..], [Alternative { known: Known { value: Value::None, .. }, .. }]) {
        return one(unknown(true));
    }
    // Where the variable is set, its value is not known; where it is not, the default holds.
    let condition = |holds| Condition { test: at.clone(), is: ConditionKind::Set, holds };
    let mut found = vec![Alternative { known: unknown(false), conditions: vec![condition(true)] }];
    for alternative in default {
        let mut conditions = alternative.conditions;
        conditions.push(condition(false));
        let known = match reading.casts_default {
            true => converted(&alternative.known, &reading.cast, at),
            false => alternative.known,
        };
        found.push(Alternative { known, conditions });
    }
    worlds::fewer(found, at)
}

pub(super) fn converted(known: &Known, cast: &Cast, at: &Text) -> Known {
    let text = match &known.value {
        Value::Text(template) => match template.whole() {
            Some(text) => text.as_str().trim(),
            None => return if matches!(cast, Cast::Text) { known.clone() } else { Known::unknown(Why::Other, at) },
        },
        // A default may already be of the right type.
        Value::Unknown(why) if !matches!(cast, Cast::Text) => return Known::unknown(computed(why), at),
        Value::Unknown(_) | Value::None => return known.clone(),
        Value::Integer(_) if matches!(cast, Cast::Integer | Cast::Text) => return known.clone(),
        Value::Integer(number) if matches!(cast, Cast::Boolean) => {
            return Known { value: Value::Boolean(*number != 0), at: known.at.clone() };
        }
        #[allow(clippy::cast_precision_loss, reason = "only numbers that a float holds exactly")]
        Value::Integer(number) if *cast == Cast::Float && number.unsigned_abs() < 1 << 53 => {
            return Known { value: Value::Float(*number as f64), at: known.at.clone() };
        }
        Value::Boolean(boolean) if *cast == Cast::Integer => {
            return Known { value: Value::Integer(i64::from(*boolean)), at: known.at.clone() };
        }
        Value::Boolean(_) if *cast == Cast::Float => return Known::unknown(Why::Other, at),
        #[allow(clippy::cast_possible_truncation, reason = "only numbers that fit")]
        Value::Float(number) if *cast == Cast::Integer => {
            let value = match number.abs() < 9e15 {
                true => Value::Integer(number.trunc() as i64),
                false => Value::Unknown(Why::Other),
            };
            return Known { value, at: known.at.clone() };
        }
        Value::Float(_) | Value::Boolean(_) | Value::List(_) => return known.clone(),
        _ => return Known::unknown(Why::Other, at),
    };
    let value = match cast {
        Cast::Text => return known.clone(),
        Cast::Integer => text.replace('_', "").parse().map_or(Value::Unknown(Why::Other), Value::Integer),
        Cast::Float => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Float(number),
            _ => Value::Unknown(Why::Other),
        },
        Cast::Boolean => match text.to_ascii_lowercase().as_str() {
            // django-environ takes `t` for false, and others for true.
            "true" | "on" | "ok" | "y" | "yes" | "1" => Value::Boolean(true),
            "false" | "off" | "n" | "no" | "0" | "f" | "" => Value::Boolean(false),
            _ => Value::Unknown(Why::Other),
        },
        // Readers differ in blanks and empty parts.
        Cast::List if !text.is_empty() && text.split(',').all(|part| !part.is_empty() && part.trim() == part) => {
            let Some(whole) = known.whole_text().map(Text::trim) else {
                return Known::unknown(Why::Other, at);
            };
            let mut items = Vec::new();
            let mut start = 0;
            for part in text.split(',') {
                let item = whole.slice(start..start + part.len());
                items.push(Known { value: Value::Text(Template::plain(item.clone())), at: item });
                start += part.len() + 1;
            }
            Value::List(items)
        }
        Cast::List | Cast::Other => Value::Unknown(Why::Call("cast".into())),
    };
    Known { value, at: known.at.clone() }
}
