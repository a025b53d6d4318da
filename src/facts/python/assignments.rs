//! What a name holds after `name = value`, and which other names hold the same list or dictionary.

use std::rc::Rc;

use super::changes;
use super::env_writes;
use super::evaluate::{Alternative, Evaluator, MOST_ALTERNATIVES, computed, is_possible};
use super::flask;
use super::flow::value_of;
use super::items::is_open;
use super::names::{class_path, local_key};
use super::worlds;
use crate::facts::settings::canonical_name;
use crate::facts::value::{Known, Value, Why};
use crate::read::python::{Block, Condition, Expression, Node, Statement};
use crate::text::Text;

/// So many pairs of names for one list or dictionary are remembered.
const MOST_SHARED: usize = 256;

pub(super) fn assigned(
    evaluator: &mut Evaluator<'_>,
    statement: &Statement,
    target: &Node,
    value: &Node,
) -> Option<String> {
    match &target.is {
        Expression::Name(name) => {
            let mut values = value_of(evaluator, statement, value);
            evaluator.shared.retain(|(one, other)| one != name && other != name);
            let holds_names =
                values.iter().any(|it| matches!(it.known.value, Value::List(_) | Value::Dict(_) | Value::Unknown(_)));
            if holds_names && !share(evaluator, name, value) {
                let known = Known::unknown(Why::TooMuch, &value.at);
                values = vec![Alternative { known, conditions: Vec::new() }];
            }
            assign(evaluator, name, values, &statement.conditions);
            flask::assigned(evaluator, statement, name, value);
            None
        }
        Expression::Tuple(targets) | Expression::List(targets) => {
            let values = value_of(evaluator, statement, value);
            let rest = targets.iter().position(|target| matches!(target.is, Expression::Starred(_)));
            for (number, target) in targets.iter().enumerate() {
                if let (Some(rest), [only]) = (rest, &values[..])
                    && let Value::List(items) = &only.known.value
                    && let Some(more) = (items.len() + 1).checked_sub(targets.len())
                    && !is_open(items)
                {
                    let (inner, value) = match &target.is {
                        Expression::Starred(inner) => (&**inner, Value::List(items[rest..rest + more].to_vec())),
                        _ if number < rest => (target, items[number].value.clone()),
                        _ => (target, items[number + more - 1].value.clone()),
                    };
                    if let Expression::Name(name) = &inner.is {
                        let mut value = Known { value, at: only.known.at.clone() }.each();
                        value.iter_mut().for_each(|it| it.conditions.extend(only.conditions.iter().cloned()));
                        assign(evaluator, name, value, &statement.conditions);
                        continue;
                    }
                }
                let Expression::Name(name) = &target.is else {
                    // `*rest`, `object.name`, `(a, b)`.
                    let target = match &target.is {
                        Expression::Starred(inner) => inner,
                        _ => target,
                    };
                    let unknown = Node { at: value.at.clone(), is: Expression::Other };
                    assigned(evaluator, statement, target, &unknown);
                    continue;
                };
                let part = |it: &Alternative| {
                    let known = match &it.known.value {
                        Value::List(items) if items.len() == targets.len() => items[number].clone(),
                        Value::Unknown(why) => Known::unknown(computed(why), &it.known.at),
                        _ => Known::unknown(Why::Other, &it.known.at),
                    };
                    let mut found = known.each();
                    found.iter_mut().for_each(|new| new.conditions.extend(it.conditions.iter().cloned()));
                    found
                };
                let values = values.iter().flat_map(part).collect();
                assign(evaluator, name, values, &statement.conditions);
            }
            None
        }
        // What an instance is given in its methods overrules what its class says.
        Expression::Attribute { object, name } => {
            if let Some(config) = evaluator.flask_config(target) {
                forget(evaluator, &config);
            }
            if let (Expression::Name(object), Some((Block::Function(_), outer))) =
                (&object.is, statement.inside.split_last())
                && object == "self"
                && let Some(class) = evaluator.classes.get_mut(&class_path(outer))
            {
                let unknown = Known::unknown(Why::Other, &value.at);
                let unknown = vec![Alternative { known: unknown, conditions: Vec::new() }];
                let class = Rc::make_mut(class);
                class.has_more |= canonical_name(name.as_str()).is_some();
                class.attributes.insert(name.as_str().to_owned(), unknown);
            } else if let Some(dotted) = target.dotted().filter(|it| {
                let head = it.split('.').next().unwrap_or_default();
                let is_module = evaluator.imports.contains_key(head) && !evaluator.classes.contains_key(head);
                evaluator.inside.is_empty() && is_module && evaluator.lookup(head).is_none()
            }) {
                // `config.NAME = …`, as this module reads it from here on.
                let values = value_of(evaluator, statement, value);
                let before = evaluator.evaluate(target);
                evaluator.names.entry(dotted.clone()).or_insert(before);
                assign(evaluator, &dotted, values, &statement.conditions);
            } else if let Expression::Name(object) = &object.is {
                if let Some(held) = evaluator.lookup(object)
                    && held.iter().any(|it| matches!(it.known.value, Value::Call { .. }))
                {
                    // `env.prefix = …`, and what was made is no longer what its call says.
                    let unknown =
                        vec![Alternative { known: Known::unknown(Why::Other, &value.at), conditions: Vec::new() }];
                    assign(evaluator, object, unknown, &statement.conditions);
                } else if evaluator.classes.contains_key(object) {
                    let is_certain = statement.inside.is_empty() && statement.conditions.is_empty();
                    let own = is_certain.then(|| evaluator.evaluate(value));
                    // Classes below it may inherit the name.
                    let is_paid = evaluator.spend(evaluator.classes.len());
                    for (known, class) in &mut evaluator.classes {
                        if known == object || (is_paid && !class.bases.is_empty()) {
                            let unknown = Known::unknown(Why::Other, &value.at);
                            let unknown = vec![Alternative { known: unknown, conditions: Vec::new() }];
                            Rc::make_mut(class).attributes.insert(name.as_str().to_owned(), unknown);
                        }
                    }
                    if let (Some(own), Some(class)) = (own, evaluator.classes.get_mut(object)) {
                        Rc::make_mut(class).attributes.insert(name.as_str().to_owned(), own);
                    }
                }
            }
            None
        }
        Expression::Subscript { object, index } if env_writes::is_it(evaluator, object) => {
            let name = evaluator.single(index, 0);
            let values = value_of(evaluator, statement, value);
            env_writes::set(evaluator, statement, &name, values);
            None
        }
        Expression::Subscript { object, index } => changes::by_key(evaluator, statement, object, index, value),
        Expression::Slice { object, .. } => changes::unknown(evaluator, object),
        _ => None,
    }
}

/// The name holds what other names hold too, or what is in it: a change of one changes the other. False if there are
/// too many of these to remember.
pub(super) fn share(evaluator: &mut Evaluator<'_>, name: &str, value: &Node) -> bool {
    let mut others = Vec::new();
    names_within(value, &mut others);
    for other in others {
        let is_container = |it: &Alternative| matches!(it.known.value, Value::List(_) | Value::Dict(_));
        // One that is not known any more may still be the list of a third name.
        let is_shared = evaluator.shared.iter().any(|(one, another)| *one == other || *another == other);
        let may_be = is_shared || evaluator.lookup(&other).is_some_and(|held| held.iter().any(is_container));
        if other == name || !may_be {
            continue;
        }
        if evaluator.unsteady.contains(&other) {
            evaluator.unsteady.insert(name.to_owned());
        }
        if evaluator.shared.len() >= MOST_SHARED {
            return false;
        }
        evaluator.shared.push((name.to_owned(), other));
    }
    true
}

/// The names whose values an expression hands on as they are, not as copies.
fn names_within(node: &Node, found: &mut Vec<String>) {
    match &node.is {
        Expression::Name(name) => found.push(name.clone()),
        Expression::List(items) | Expression::Tuple(items) | Expression::Junction { of: items, .. } => {
            items.iter().for_each(|item| names_within(item, found));
        }
        Expression::Dict(entries) => entries.iter().for_each(|(_, value)| names_within(value, found)),
        Expression::Conditional { then, otherwise, .. } => {
            names_within(then, found);
            names_within(otherwise, found);
        }
        Expression::Subscript { object, .. } | Expression::Attribute { object, .. } => names_within(object, found),
        Expression::Call { function, arguments } => {
            if let Expression::Attribute { object, .. } = &function.is {
                names_within(object, found);
            }
            arguments.iter().for_each(|argument| names_within(&argument.value, found));
        }
        Expression::Named { value, .. } | Expression::Starred(value) | Expression::Pairs(value) => {
            names_within(value, found);
        }
        Expression::Comprehension { element, of, .. } => {
            names_within(element, found);
            of.iter().for_each(|of| names_within(of, found));
        }
        _ => {}
    }
}

/// The name gets these values where the statement stands.
pub(super) fn assign(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    values: Vec<Alternative>,
    conditions: &Rc<[Condition]>,
) {
    let in_class = matches!(evaluator.inside.last(), Some(Block::Class(_)));
    let path = class_path(&evaluator.inside);
    let key = key_of(evaluator, name);
    let before = if conditions.is_empty() {
        None
    } else if in_class {
        evaluator.classes.get(&path).and_then(|class| class.attributes.get(name)).cloned()
    } else {
        evaluator.names.get(&key).cloned()
    };
    let mut all = Vec::new();
    if !conditions.is_empty() {
        // Where the branch is not taken, the name keeps what it had.
        for before in before.unwrap_or_default() {
            let mut kept = before.conditions.clone();
            // The contrary of one test is one test; of several it is an "or", which is not followed.
            if let [only] = &conditions[..] {
                kept.push(Condition { holds: !only.holds, ..only.clone() });
            }
            if is_possible(&kept) {
                all.push(Alternative { known: before.known, conditions: kept });
            }
        }
    }
    for value in values {
        let conditions: Vec<Condition> = conditions.iter().cloned().chain(value.conditions).collect();
        if is_possible(&conditions) {
            all.push(Alternative { known: value.known, conditions });
        }
    }
    if evaluator.inside.is_empty() && evaluator.unsteady.contains(name) && !all.is_empty() {
        let unknown = Known::unknown(Why::Name(name.to_owned()), &all[0].known.at);
        all.push(Alternative { known: unknown, conditions: Vec::new() });
    }
    if all.len() > MOST_ALTERNATIVES {
        let at = all[0].known.at.clone();
        all = worlds::fewer(all, &at);
    }
    if all.len() > MOST_ALTERNATIVES {
        let at = all[0].known.at.clone();
        all = vec![Alternative { known: Known::unknown(Why::TooMuch, &at), conditions: Vec::new() }];
    }
    if in_class {
        if let Some(outer) = path.strip_suffix(".Config")
            && let Some(class) = evaluator.classes.get_mut(outer)
        {
            Rc::make_mut(class).attributes.insert(format!("Config.{name}"), all.clone());
        }
        if let Some(class) = evaluator.classes.get_mut(&path) {
            Rc::make_mut(class).attributes.insert(name.to_owned(), all);
        }
        return;
    }
    if evaluator.inside.is_empty() {
        not_defined(evaluator, name);
    }
    evaluator.names.insert(key, all);
}

/// A name of the module is no class, function or import any more.
fn not_defined(evaluator: &mut Evaluator<'_>, name: &str) {
    evaluator.classes.remove(name);
    evaluator.imports.remove(name);
    evaluator.functions.remove(name);
    evaluator.returns.remove(name);
}

/// Where a name that is assigned here is kept.
fn key_of(evaluator: &Evaluator<'_>, name: &str) -> String {
    match evaluator.inside.last() {
        Some(Block::Function(_)) => local_key(&evaluator.inside, name),
        _ => name.to_owned(),
    }
}

/// The name stands for something that is not followed.
pub(super) fn forget(evaluator: &mut Evaluator<'_>, name: &str) {
    let key = key_of(evaluator, name);
    evaluator.names.remove(&key);
    evaluator.names.remove(&format!("{key}.config"));
    if evaluator.inside.is_empty() {
        not_defined(evaluator, name);
    }
}

/// A function changes the name: when it is called cannot be told.
pub(super) fn unsteady(evaluator: &mut Evaluator<'_>, name: &str, at: &Text) {
    if !evaluator.unsteady.insert(name.to_owned()) {
        return;
    }
    evaluator.lost.push(name.to_owned());
    let shares = evaluator.shared.iter().filter(|(one, other)| one == name || other == name);
    for (one, other) in shares.cloned().collect::<Vec<_>>() {
        unsteady(evaluator, if one == name { &other } else { &one }, at);
    }
    if let Some(values) = evaluator.names.get_mut(name) {
        values.push(Alternative { known: Known::unknown(Why::Name(name.to_owned()), at), conditions: Vec::new() });
    }
}
