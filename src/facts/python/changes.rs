//! Lists and dictionaries that are changed in place: `X["a"] = 1`, `X.update(…)`, `X.append(…)`.

use super::assignments::{assign, share, unsteady};
use super::evaluate::{Alternative, Evaluator, size};
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::{Argument, ConditionKind, Expression, Node, Statement};
use crate::text::Text;

/// Methods that change what they are called on.
pub(super) const CHANGING: [&str; 14] = [
    "append",
    "extend",
    "update",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "add",
    "discard",
    "popitem",
    "setdefault",
    "difference_update",
];

/// A list or dictionary that grows beyond this is not followed.
const MOST_ITEMS: usize = 500;

/// `object[index] = value`.
pub(super) fn by_key(
    evaluator: &mut Evaluator<'_>,
    statement: &Statement,
    object: &Node,
    index: &Node,
    value: &Node,
) -> Option<String> {
    // `X["a"]["b"] = 1`: the keys, the last one first.
    let (mut root, mut keys) = (object, vec![evaluator.single(index, 0)]);
    while let Expression::Subscript { object, index } = &root.is {
        keys.push(evaluator.single(index, 0));
        root = object;
    }
    let name = match &root.is {
        Expression::Name(name) => Some(name.clone()),
        _ => evaluator.flask_config(root),
    };
    let in_loop = statement.conditions.iter().any(|it| it.is == ConditionKind::Loop);
    let Some(name) = name.filter(|_| !in_loop && keys.iter().all(|key| key.whole_text().is_some())) else {
        return unknown(evaluator, object);
    };
    let name = name.as_str();
    share(evaluator, name, value);
    let value = evaluator.part(value, 0);
    change(evaluator, statement, name, |known| put_within(&known.value, &keys, &value))
}

/// A dictionary with a value in the depth of it; `keys` has the last one first.
pub(super) fn put_within(container: &Value, keys: &[Known], value: &Known) -> Value {
    let (Value::Dict(entries), Some((key, others))) = (container, keys.split_last()) else {
        return Value::Unknown(Why::Other);
    };
    let wanted = key.whole_text().map(Text::as_str);
    let last = entries.iter().rposition(|(key, _)| key.whole_text().is_none_or(|key| Some(key.as_str()) == wanted));
    let mut entries = entries.clone();
    match last {
        Some(at) if entries[at].0.whole_text().is_some() => {
            entries[at].1 = match others.is_empty() {
                true => value.clone(),
                false => {
                    let known = &entries[at].1;
                    Known { value: put_within(&known.value, others, value), at: known.at.clone() }
                }
            };
        }
        // Behind a key that is not known it stands last, so that it counts.
        _ if others.is_empty() => entries.push((key.clone(), value.clone())),
        _ => return Value::Unknown(Why::Other),
    }
    Value::Dict(entries)
}

/// `name.method(arguments)` as a statement.
pub(super) fn by_method(
    evaluator: &mut Evaluator<'_>,
    statement: &Statement,
    name: &str,
    method: &str,
    arguments: &[Argument],
) -> Option<String> {
    if !CHANGING.contains(&method) {
        return None;
    }
    let held = evaluator.lookup(name)?;
    let is_known = held.iter().any(|it| matches!(it.known.value, Value::List(_) | Value::Dict(_)));
    if !is_known {
        forget_shared(evaluator, name);
    }
    let held = evaluator.lookup(name)?;
    // `app.update(…)` of an object is its own affair.
    if !held.iter().any(|it| matches!(it.known.value, Value::List(_) | Value::Dict(_))) {
        return None;
    }
    let in_loop = statement.conditions.iter().any(|it| it.is == ConditionKind::Loop);
    let given = given(evaluator, arguments);
    for argument in arguments {
        share(evaluator, name, &argument.value);
    }
    let is_plain = !in_loop && arguments.iter().all(|argument| !argument.unpacked);
    change(evaluator, statement, name, |known| match is_plain {
        true => after(&known.value, method, &given),
        false => Value::Unknown(Why::Other),
    })
}

/// The arguments of a call, each with its keyword.
pub(super) fn given(evaluator: &Evaluator<'_>, arguments: &[Argument]) -> Vec<(Option<Known>, Known)> {
    let key = |name: &Text| Known { value: Value::Text(Template::plain(name.clone())), at: name.clone() };
    arguments.iter().map(|it| (it.name.as_ref().map(key), evaluator.part(&it.value, 0))).collect()
}

/// A list or dictionary after a method was called on it.
pub(super) fn after(container: &Value, method: &str, given: &[(Option<Known>, Known)]) -> Value {
    match (container, method, given) {
        (Value::List(items), "append", [(None, item)]) => {
            Value::List(items.iter().cloned().chain([item.clone()]).collect())
        }
        (Value::List(items), "extend", [(None, more)]) => match &more.value {
            Value::List(more) => Value::List(items.iter().chain(more).cloned().collect()),
            _ => Value::Unknown(Why::Other),
        },
        (Value::Dict(entries), "update", given) => {
            let mut entries = entries.clone();
            for (name, value) in given {
                match (name, &value.value) {
                    (Some(name), _) => entries.push((name.clone(), value.clone())),
                    (None, Value::Dict(more)) => entries.extend(more.iter().cloned()),
                    (None, _) => return Value::Unknown(Why::Other),
                }
            }
            Value::Dict(entries)
        }
        _ => Value::Unknown(Why::Other),
    }
}

/// Calls such as `first = X.pop()` change a name in the middle of an expression; that is not followed.
pub(super) fn in_passing(evaluator: &mut Evaluator<'_>, node: &Node) {
    let is_change = |node: &Node| {
        matches!(&node.is, Expression::Call { function, .. }
            if matches!(&function.is, Expression::Attribute { name, .. } if CHANGING.contains(&name.as_str())))
    };
    let mut changed = Vec::new();
    let collected = std::cell::RefCell::new(&mut changed);
    node.any(&|node| {
        if is_change(node) {
            collected.borrow_mut().push(node.clone());
        }
        false
    });
    for node in changed {
        unknown(evaluator, &node);
    }
}

/// What stands at the root of the expression was changed in a way that is not followed.
pub(super) fn unknown(evaluator: &mut Evaluator<'_>, object: &Node) -> Option<String> {
    let mut root = object;
    let name = loop {
        if let Some(config) = evaluator.flask_config(root) {
            break config;
        }
        match &root.is {
            Expression::Name(name) => break name.clone(),
            Expression::Subscript { object, .. }
            | Expression::Slice { object, .. }
            | Expression::Attribute { object, .. } => root = object,
            Expression::Call { function, .. } => root = function,
            _ => return None,
        }
    };
    forget_shared(evaluator, &name);
    let held = evaluator.lookup(&name)?.clone();
    if !held.iter().any(|it| matches!(it.known.value, Value::List(_) | Value::Dict(_))) {
        return None;
    }
    let values = held
        .into_iter()
        .map(|it| Alternative { known: Known::unknown(Why::Other, &it.known.at), conditions: it.conditions })
        .collect();
    assign(evaluator, &name, values, &std::rc::Rc::from([]));
    Some(name)
}

pub(super) fn change(
    evaluator: &mut Evaluator<'_>,
    statement: &Statement,
    name: &str,
    changed: impl Fn(&Known) -> Value,
) -> Option<String> {
    let held = evaluator.lookup(name)?;
    let is_large = |it: &Alternative| match &it.known.value {
        Value::List(items) => items.len() > MOST_ITEMS,
        Value::Dict(entries) => entries.len() > MOST_ITEMS,
        _ => false,
    };
    let grows = held.iter().any(is_large) || !evaluator.spend(2 * size(held));
    let held = held.clone();
    let changed = |known: &Known| if grows { Value::Unknown(Why::TooMuch) } else { changed(known) };
    forget_shared(evaluator, name);
    let values = held
        .into_iter()
        .map(|it| Alternative {
            known: Known { value: changed(&it.known), at: it.known.at },
            conditions: it.conditions,
        })
        .collect();
    assign(evaluator, name, values, &statement.conditions);
    Some(name.to_owned())
}

/// Another name for the same list or dictionary changes with it; that is not followed.
pub(super) fn forget_shared(evaluator: &mut Evaluator<'_>, name: &str) {
    if evaluator.is_outer(name)
        && let Some(at) = evaluator.lookup(name).and_then(|held| held.first()).map(|it| it.known.at.clone())
    {
        unsteady(evaluator, name, &at);
    }
    for other in same_as(evaluator, vec![name.to_owned()]).split_off(1) {
        if let Some(held) = evaluator.lookup(&other).cloned() {
            let values = held
                .into_iter()
                .map(|it| Alternative { known: Known::unknown(Why::Other, &it.known.at), conditions: it.conditions })
                .collect();
            assign(evaluator, &other, values, &std::rc::Rc::from([]));
            evaluator.lost.push(other);
        }
    }
}

/// The names, and behind them every other name that holds one of the same lists or dictionaries.
pub(super) fn same_as(evaluator: &Evaluator<'_>, mut names: Vec<String>) -> Vec<String> {
    let mut next = 0;
    while let Some(name) = names.get(next).cloned() {
        next += 1;
        for (one, other) in &evaluator.shared {
            let same = match (*one == name, *other == name) {
                (true, _) => other,
                (_, true) => one,
                _ => continue,
            };
            if !names.contains(same) {
                names.push(same.clone());
            }
        }
    }
    names
}
