//! Settings of dynaconf: texts in its TOML files, which a variable overrules. Other values and other files are not
//! followed.
//!
//! Tried with dynaconf 3.3.5.

use super::evaluate::{Alternative, Evaluator};
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::{Argument, Condition, ConditionKind, Expression, Node};
use crate::read::toml_values;
use crate::text::Text;

/// `settings("NAME")`, `settings("NAME", default)`, `settings.get("NAME", default)`.
pub(super) fn call(
    evaluator: &Evaluator<'_>,
    function: &Node,
    arguments: &[Argument],
    at: &Text,
    depth: u32,
) -> Option<Vec<Alternative>> {
    let object = match &function.is {
        Expression::Name(name) => name,
        Expression::Attribute { object, name } if name.as_str() == "get" => match &object.is {
            Expression::Name(name) => name,
            _ => return None,
        },
        _ => return None,
    };
    let [Alternative { known, .. }] = &evaluator.lookup(object)?[..] else { return None };
    let key = arguments.first()?.value.string()?;
    let is_default = |it: &&Argument| it.name.as_ref().is_none_or(|name| name.as_str() == "default");
    let default = arguments.iter().skip(1).find(is_default).map(|it| evaluator.single(&it.value, depth));
    setting(evaluator, known, key.as_str(), default, at)
}

/// What an object that `Dynaconf(…)` made says of a name; `None` if it is no such object.
pub(super) fn setting(
    evaluator: &Evaluator<'_>,
    object: &Known,
    name: &str,
    default: Option<Known>,
    at: &Text,
) -> Option<Vec<Alternative>> {
    let Value::Call { function, arguments, called } = &object.value else { return None };
    if !matches!(function.as_str(), "Dynaconf" | "LazySettings") || !called.full_name.starts_with("dynaconf.") {
        return None;
    }
    let given = |wanted: &str| {
        let is_it = |it: &&(Option<String>, Known)| it.0.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(wanted));
        arguments.iter().find(is_it).map(|it| &it.1)
    };
    let unknown = || Alternative { known: Known::unknown(Why::Call(function.clone()), at), conditions: Vec::new() };
    let prefix = given("envvar_prefix").or_else(|| given("ENVVAR_PREFIX_FOR_DYNACONF"));
    let own = match prefix.map(|it| (&it.value, it.whole_text())) {
        None => "DYNACONF_".to_owned(),
        Some((Value::Boolean(false), _)) => String::new(),
        Some((_, Some(text))) if !text.is_empty() && !text.as_str().contains(',') => {
            format!("{}_", text.as_str().to_ascii_uppercase())
        }
        _ => return Some(vec![unknown()]),
    };
    // `a.b` and `a__b` go into the depth.
    if called.unpacks || name.contains(['.', '[']) || name.contains("__") {
        return Some(vec![unknown()]);
    }
    let name = name.to_ascii_uppercase();
    // The common prefix is read first, and the own one overrules it.
    for variable in [own + &name, format!("DYNACONF_{name}")] {
        if let Some(known) = evaluator.variable(&variable, at) {
            let value = known.whole_text().map_or(Value::Unknown(Why::Other), parsed);
            return Some(vec![Alternative { known: Known { value, at: known.at }, conditions: Vec::new() }]);
        }
    }
    // A file says more than `Dynaconf(NAME=…)`.
    let of_file = of_files(evaluator, &given, &name, at);
    let Some(default) = of_file.or_else(|| given(&name).cloned()).or(default) else { return Some(vec![unknown()]) };
    let under = |known: Known, holds| {
        let condition = Condition { test: at.clone(), is: ConditionKind::Set, holds };
        Alternative { known, conditions: vec![condition] }
    };
    Some(vec![under(unknown().known, true), under(default, false)])
}

/// What pasted files in TOML say of a name; the last one counts.
fn of_files<'a>(
    evaluator: &Evaluator<'_>,
    given: &impl Fn(&str) -> Option<&'a Known>,
    name: &str,
    at: &Text,
) -> Option<Known> {
    let (modules, _) = evaluator.modules?;
    let listed = given("settings_files").or_else(|| given("settings_file"));
    let listed = listed.or_else(|| given("SETTINGS_FILE_FOR_DYNACONF"));
    // Without a list it reads none.
    let files: Vec<&str> = match &listed?.value {
        Value::Text(only) => vec![only.whole()?.as_str()],
        Value::List(all) => all.iter().filter_map(|it| Some(it.whole_text()?.as_str())).collect(),
        _ => return None,
    };
    let has_environments = match given("environments").map(|it| &it.value) {
        None | Some(Value::Boolean(false)) => false,
        Some(Value::Boolean(true) | Value::List(_)) => true,
        Some(_) => return None,
    };
    let mut found: Option<Known> = None;
    let values = files.into_iter().filter_map(|file| modules.data(file)).flat_map(toml_values::read);
    for value in values.filter(|value| value.key.eq_ignore_ascii_case(name)) {
        let is_general = matches!(value.table.to_ascii_lowercase().as_str(), "default" | "global");
        let known = match &value.strings[..] {
            // `@format …` and the like are worked out later.
            [text] if !value.is_list && !text.as_str().starts_with('@') => {
                Known { value: Value::Text(Template::plain(text.clone())), at: text.clone() }.used_at(at)
            }
            _ => Known::unknown(Why::Other, at),
        };
        match (has_environments, value.table.contains('.')) {
            (false, _) if value.table.is_empty() => found = Some(known),
            (true, _) if value.table.is_empty() => {}
            (true, false) if is_general => found = Some(known),
            // Which environment it is, is not shown.
            (true, false) => return Some(Known::unknown(Why::Other, at)),
            _ => {}
        }
    }
    found
}

/// A variable's text as TOML, and as itself where it is none (dynaconf/utils/parse_conf.py).
fn parsed(text: &Text) -> Value {
    let written = text.as_str().trim();
    let plain = |text: Text| Value::Text(Template::plain(text));
    let number = |written: &str| {
        let digits = written.strip_prefix(['+', '-']).unwrap_or(written).replace('_', "");
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        is_plain.then(|| written.trim_start_matches('+').replace('_', "").parse().ok()).flatten()
    };
    if let Some((cast, rest)) = written.strip_prefix('@').and_then(|cast| cast.split_once(' ')) {
        return match cast {
            "int" => number(rest.trim()).map_or(Value::Unknown(Why::Other), Value::Integer),
            "str" => plain(text.trim().slice(written.len() - rest.len()..written.len())),
            _ => Value::Unknown(Why::Other),
        };
    }
    let first = written.bytes().next().unwrap_or_default();
    match (written, first) {
        ("true" | "True", _) => Value::Boolean(true),
        ("false" | "False", _) => Value::Boolean(false),
        (_, b'\'' | b'"') => {
            let inner = written.strip_prefix(first as char).and_then(|rest| rest.strip_suffix(first as char));
            match inner.filter(|inner| !inner.contains([first as char, '\\'])) {
                Some(inner) => plain(text.trim().slice(1..1 + inner.len())),
                None => Value::Unknown(Why::Other),
            }
        }
        (_, b'0'..=b'9' | b'+' | b'-') => number(written).map_or(Value::Unknown(Why::Other), Value::Integer),
        (_, b'@' | b'[' | b'{') | ("inf" | "nan", _) => Value::Unknown(Why::Other),
        _ if written.contains([' ', '\n']) => Value::Unknown(Why::Other),
        _ => plain(text.clone()),
    }
}
