//! Flask's `app.config`, as a dictionary that is kept beside the name of the app. What other files put there, and
//! functions that are handed the app, is not followed.
//!
//! Tried with Flask 3.1 (flask/config.py).

use super::changes::change;
use super::classes::Line;
use super::evaluate::{Alternative, Evaluator};
use super::flow::expressions;
use super::modules::EVERY_VARIABLE;
use super::names::local_key;
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::{Argument, Block, Condition, ConditionKind, Expression, Node, Statement, StatementKind};
use crate::text::{Text, order};

type Entry = (Known, Known);

/// Whether a node is `app.config`, whatever the app is called.
pub(in crate::facts) fn is_config(node: &Node) -> bool {
    matches!(&node.is, Expression::Attribute { name, .. } if name.as_str() == "config")
}

impl Evaluator<'_> {
    /// The name under which `app.config` is kept, where the app was made at the same level as what asks.
    pub(super) fn flask_config(&self, node: &Node) -> Option<String> {
        if self.flask_apps.is_empty() {
            return None;
        }
        let Expression::Attribute { object, name } = &node.is else { return None };
        let (Expression::Name(app), "config") = (&object.is, name.as_str()) else { return None };
        let config = format!("{app}.config");
        let key = match self.inside.last() {
            None => config.clone(),
            Some(Block::Function(_)) => local_key(&self.inside, &config),
            Some(Block::Class(_)) => return None,
        };
        (self.names.contains_key(&key) && !self.unsteady.contains(app)).then_some(config)
    }
}

/// What is there that is not known: one unknown key stands for it.
fn anything(at: &Text) -> Entry {
    (Known::unknown(Why::Other, at), Known::unknown(Why::Other, at))
}

/// `name = Flask(…)`, or something else that the name holds from here on.
pub(super) fn assigned(evaluator: &mut Evaluator<'_>, statement: &Statement, name: &str, value: &Node) {
    let is_app = matches!(&value.is, Expression::Call { function, .. }
        if matches!(evaluator.full_name(function).as_deref(), Some("flask.Flask" | "flask.app.Flask")));
    let config = format!("{name}.config");
    let key = match evaluator.inside.is_empty() {
        true => config,
        false => local_key(&evaluator.inside, &config),
    };
    if !is_app || !statement.conditions.is_empty() {
        evaluator.names.remove(&key);
        return;
    }
    // Flask has settings of its own.
    let known = Known { value: Value::Dict(vec![anything(&value.at)]), at: value.at.clone() };
    evaluator.names.insert(key, vec![Alternative { known, conditions: Vec::new() }]);
    evaluator.flask_apps.push(name.to_owned());
}

/// Whoever is handed the app itself may change its configuration.
pub(super) fn handed(evaluator: &mut Evaluator<'_>, statement: &Statement) {
    if evaluator.flask_apps.is_empty() || matches!(statement.kind, StatementKind::Return(_)) {
        return;
    }
    let (named, asked) = (std::cell::RefCell::new(Vec::new()), std::cell::RefCell::new(Vec::new()));
    for node in expressions(statement) {
        node.any(&|node| {
            match &node.is {
                Expression::Name(name) if evaluator.flask_apps.contains(name) => named.borrow_mut().push(name.clone()),
                Expression::Attribute { object, .. } => asked.borrow_mut().extend(object.dotted()),
                _ => {}
            }
            false
        });
    }
    let mut named = named.into_inner();
    for asked in asked.into_inner() {
        if let Some(at) = named.iter().position(|name| *name == asked) {
            named.swap_remove(at);
        }
    }
    if let StatementKind::Assign { target: Node { is: Expression::Name(name), .. }, .. } = &statement.kind
        && let Some(at) = named.iter().position(|known| known == name)
    {
        named.swap_remove(at);
    }
    for name in named {
        let config = format!("{name}.config");
        let key = if evaluator.inside.is_empty() { config } else { local_key(&evaluator.inside, &config) };
        let Some(values) = evaluator.names.get_mut(&key) else { continue };
        may_be_another(values, &statement.at);
    }
}

/// What is known holds only where nothing else was put there.
fn may_be_another(values: &mut Vec<Alternative>, at: &Text) {
    // It is said already.
    if values.len() > 1 || values.iter().any(|it| matches!(it.known.value, Value::Unknown(_))) {
        return;
    }
    let condition = |holds| Condition { test: at.clone(), is: ConditionKind::Set, holds };
    for alternative in values.iter_mut() {
        alternative.conditions.push(condition(false));
    }
    let conditions = vec![condition(true)];
    values.insert(0, Alternative { known: Known::unknown(Why::Other, at), conditions });
}

/// `app.config.method(arguments)` as a statement.
pub(super) fn by_method(
    evaluator: &mut Evaluator<'_>,
    statement: &Statement,
    config: &str,
    method: &str,
    arguments: &[Argument],
) -> Option<String> {
    let at = &statement.at;
    let in_loop = statement.conditions.iter().any(|it| it.is == ConditionKind::Loop);
    let mut new: Vec<Entry> = Vec::new();
    match method {
        "get" | "get_namespace" | "items" | "keys" | "values" | "copy" => return None,
        _ if in_loop => new.push(anything(at)),
        "update" | "from_mapping" => {
            for argument in arguments {
                let value = evaluator.part(&argument.value, 0);
                match (&argument.name, value.value) {
                    (Some(name), value_of) => {
                        let key = Known { value: Value::Text(Template::plain(name.clone())), at: name.clone() };
                        new.push((key, Known { value: value_of, at: value.at }));
                    }
                    (None, Value::Dict(entries)) => new.extend(entries),
                    (None, _) => new.push(anything(at)),
                }
            }
            // It takes names in upper case only.
            new.retain(|(key, _)| method == "update" || key.whole_text().is_none_or(|key| is_upper(key.as_str())));
        }
        "from_object" => match arguments {
            [only] if only.name.is_none() && !only.unpacked => new = of_object(evaluator, &only.value, at),
            _ => new.push(anything(at)),
        },
        "from_prefixed_env" => match prefixed(evaluator, arguments) {
            Some(given) => {
                let open = evaluator.environment.open;
                let changed = change(evaluator, statement, config, |known| match &known.value {
                    Value::Dict(entries) => {
                        let mut entries = entries.clone();
                        given.iter().for_each(|(path, value)| put(&mut entries, path, value));
                        Value::Dict(entries)
                    }
                    value => value.clone(),
                });
                let key =
                    if evaluator.inside.is_empty() { config.to_owned() } else { local_key(&evaluator.inside, config) };
                if let Some(values) = evaluator.names.get_mut(&key).filter(|_| open) {
                    may_be_another(values, at);
                }
                return changed;
            }
            None => new.push(anything(at)),
        },
        _ => new.push(anything(at)),
    }
    change(evaluator, statement, config, |known| match &known.value {
        Value::Dict(entries) => Value::Dict(entries.iter().chain(&new).cloned().collect()),
        value => value.clone(),
    })
}

fn is_upper(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

/// What `from_object(…)` takes: every name in upper case of a class or module.
fn of_object(evaluator: &Evaluator<'_>, object: &Node, at: &Text) -> Vec<Entry> {
    let dotted = match object.string() {
        Some(name) => Some(name.as_str().to_owned()),
        None => evaluator.full_name(object),
    };
    let Some(dotted) = dotted else { return vec![anything(at)] };
    let of_modules = |name: &str| evaluator.modules.and_then(|(modules, from)| modules.class_of(name, from));
    let class = match object.string() {
        None => evaluator.classes.get(&dotted).cloned().or_else(|| of_modules(&dotted)),
        Some(_) => of_modules(&dotted),
    };
    let mut found: Vec<Entry> = Vec::new();
    let mut add = |name: &str, values: &[Alternative]| {
        let key = Known { value: Value::Text(Template::plain(Text::pointing_at(at, name))), at: at.clone() };
        let value = match values {
            [Alternative { known, conditions }] if conditions.is_empty() => known.clone(),
            _ => Known::unknown(Why::Other, at),
        };
        found.push((key, value));
    };
    if let Some(class) = class {
        let line = Line::of(&class);
        let mut names: Vec<&String> = line.classes.iter().flat_map(|class| class.attributes.keys()).collect();
        order::distinct(&mut names);
        for name in names.into_iter().filter(|name| is_upper(name)) {
            if let Some(values) = line.classes.iter().find_map(|class| class.attributes.get(name)) {
                add(name, values);
            }
        }
        // An instance of what another library fills is not what the class says.
        return match line.elsewhere.is_empty() {
            true => found,
            false => vec![anything(at)],
        };
    }
    let module = evaluator.modules.and_then(|(modules, from)| modules.get(modules.named(&dotted, from)?));
    let Some(module) = module.filter(|module| !module.open) else { return vec![anything(at)] };
    let mut names: Vec<_> = module.names.iter().filter(|(name, _)| is_upper(name)).collect();
    order::sort_by_key(&mut names, |(name, _)| *name);
    names.into_iter().for_each(|(name, values)| add(name, values));
    found
}

/// What `from_prefixed_env()` finds: where it goes, and the value. `None` if it is read in a way that is not known.
pub(super) fn prefixed(evaluator: &Evaluator<'_>, arguments: &[Argument]) -> Option<Vec<(Vec<Text>, Known)>> {
    let prefix = match arguments {
        [] => "FLASK".to_owned(),
        [only] if only.name.as_ref().is_none_or(|name| name.as_str() == "prefix") && !only.unpacked => {
            evaluator.single(&only.value, 0).whole_text()?.as_str().to_owned()
        }
        _ => return None,
    } + "_";
    if let Some((modules, _)) = evaluator.modules {
        modules.asks(EVERY_VARIABLE);
    }
    let given = evaluator.environment.iter().filter(|(name, _)| name.starts_with(&prefix));
    let found = given.map(|(name, variable)| {
        let mut path = Vec::new();
        let mut start = prefix.len();
        for part in name[prefix.len()..].split("__") {
            path.push(variable.name.slice(start..start + part.len()));
            start += part.len() + 2;
        }
        let text = variable.value.as_ref().and_then(Template::whole);
        let value = text.map_or(Value::Unknown(Why::Template), json);
        (path, Known { value, at: text.unwrap_or(&variable.name).clone() })
    });
    Some(found.collect())
}

/// A variable's text as JSON, and as itself where it is none.
fn json(text: &Text) -> Value {
    let written = text.as_str().trim();
    match written {
        "true" => return Value::Boolean(true),
        "false" => return Value::Boolean(false),
        "null" => return Value::None,
        _ => {}
    }
    let digits = written.strip_prefix('-').unwrap_or(written);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit());
    if is_number && digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0')) {
        return written.parse().map_or(Value::Unknown(Why::Other), Value::Integer);
    }
    let may_be_json = written.starts_with(['{', '[', '"']) || written.parse::<f64>().is_ok() || written.contains("nan");
    if may_be_json { Value::Unknown(Why::Other) } else { Value::Text(Template::plain(text.clone())) }
}

/// Puts a value where its path leads.
fn put(entries: &mut Vec<Entry>, path: &[Text], value: &Known) {
    let Some((first, rest)) = path.split_first() else { return };
    let key = Known { value: Value::Text(Template::plain(first.clone())), at: first.clone() };
    if rest.is_empty() {
        entries.push((key, value.clone()));
        return;
    }
    // The first entry stands for Flask's own settings, which have no dictionaries.
    let last = entries
        .iter()
        .skip(1)
        .rev()
        .find(|(known, _)| known.whole_text().is_none_or(|known| known.as_str() == first.as_str()));
    let inner = match last.map(|(known, held)| (known.whole_text(), &held.value)) {
        None => {
            let mut inner = vec![];
            put_within(&mut inner, rest, value);
            Value::Dict(inner)
        }
        Some((Some(_), Value::Dict(held))) => {
            let mut inner = held.clone();
            put_within(&mut inner, rest, value);
            Value::Dict(inner)
        }
        Some(_) => Value::Unknown(Why::Other),
    };
    entries.push((key, Known { value: inner, at: value.at.clone() }));
}

/// One level down; what lies deeper is not followed.
fn put_within(entries: &mut Vec<Entry>, path: &[Text], value: &Known) {
    let Some((first, rest)) = path.split_first() else { return };
    let key = Known { value: Value::Text(Template::plain(first.clone())), at: first.clone() };
    let value = if rest.is_empty() { value.clone() } else { Known::unknown(Why::Other, first) };
    entries.push((key, value));
}
