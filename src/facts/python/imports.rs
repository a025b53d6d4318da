//! What an import brings: names, classes and functions of a pasted module, or nothing that is known.

use std::rc::Rc;

use super::assignments::{assign, forget};
use super::env_writes;
use super::evaluate::{Alternative, Evaluator};
use super::modules::Module;
use crate::facts::value::{Known, Value, Why};
use crate::read::python::Statement;

/// So many star imports are followed in one file.
const MOST_STARS: usize = 16;

pub(super) fn import_name(
    evaluator: &mut Evaluator<'_>,
    statement: &Statement,
    module: &str,
    level: u32,
    name: &str,
    local: &str,
) {
    if statement.conditions.is_empty() {
        forget(evaluator, local);
    }
    let dot = if module.is_empty() { "" } else { "." };
    let full = format!("{}{module}{dot}{name}", ".".repeat(level as usize));
    evaluator.imports.insert(local.to_owned(), full);
    let Some((modules, from)) = evaluator.modules else { return };
    let Some(source) = modules.resolve(module, level, from).and_then(|file| modules.get(file)) else {
        // A module of a package: it runs now, and not when its names are asked for.
        if let Some(source) =
            modules.resolve(&format!("{module}.{name}"), level, from).and_then(|file| modules.get(file))
        {
            env_writes::taken_over(evaluator, statement, &source);
        }
        return;
    };
    env_writes::taken_over(evaluator, statement, &source);
    if let Some(class) = source.classes.get(name) {
        evaluator.classes.insert(local.to_owned(), Rc::clone(class));
    }
    // An instance needs its class; one of a class that another one hides here is not followed.
    let mut taken = |values: &[Alternative]| -> Vec<Alternative> {
        let mut values = values.to_vec();
        for value in &mut values {
            if let Value::Call { function, .. } = &value.known.value
                && let Some(class) = source.classes.get(function)
                && !evaluator.classes.entry(function.clone()).or_insert_with(|| Rc::clone(class)).is_same(class)
            {
                value.known = Known::unknown(Why::Name(name.to_owned()), &value.known.at);
            }
        }
        values
    };
    let returned = source.returns.get(name).map(|values| taken(values));
    let values = source.names.get(name).map(|values| taken(values));
    evaluator.functions.remove(local);
    let function = source.functions.get(name).filter(|it| it.is_portable() && statement.conditions.is_empty());
    evaluator.functions.extend(function.map(|function| (local.to_owned(), Rc::clone(function))));
    if let Some(returned) = returned {
        evaluator.returns.insert(local.to_owned(), returned);
    }
    if let Some(values) = values {
        assign(evaluator, local, values, &statement.conditions);
    }
}

pub(super) fn import_all(evaluator: &mut Evaluator<'_>, statement: &Statement, module: &str, level: u32) {
    let source = evaluator
        .modules
        .and_then(|(modules, from)| modules.resolve(module, level, from).and_then(|file| modules.get(file)));
    let Some(source) = source else {
        return unseen(evaluator, statement);
    };
    env_writes::taken_over(evaluator, statement, &source);
    let Some(is_public) = public(&source) else { return unseen(evaluator, statement) };
    evaluator.open |= source.open;
    if evaluator.stars.iter().any(|known| Rc::ptr_eq(known, &source)) || evaluator.stars.len() >= MOST_STARS {
        return;
    }
    evaluator.stars.push(Rc::clone(&source));
    for (name, values) in source.names.iter().filter(|(name, _)| is_public(name)) {
        assign(evaluator, name, values.clone(), &statement.conditions);
    }
    for (name, module) in source.imports.iter().filter(|(name, _)| is_public(name)) {
        evaluator.imports.entry(name.clone()).or_insert_with(|| module.clone());
    }
    for (name, class) in &source.classes {
        evaluator.classes.insert(name.clone(), Rc::clone(class));
    }
    for (name, function) in source.functions.iter().filter(|(_, it)| it.is_portable()) {
        evaluator.functions.insert(name.clone(), Rc::clone(function));
    }
    for (name, values) in &source.returns {
        evaluator.returns.insert(name.clone(), values.clone());
    }
}

/// Which names of a module `import *` brings; `None` if its `__all__` is not known.
pub(super) fn public(source: &Module) -> Option<impl Fn(&str) -> bool + use<>> {
    let listed: Option<Vec<String>> = match source.names.get("__all__").map(Vec::as_slice) {
        None => None,
        Some([Alternative { known: Known { value: Value::List(items), .. }, conditions }]) if conditions.is_empty() => {
            let texts = items.iter().map(|item| item.whole_text().map(|text| text.as_str().to_owned()));
            Some(texts.collect::<Option<Vec<String>>>()?)
        }
        Some(_) => return None,
    };
    Some(move |name: &str| match &listed {
        Some(listed) => listed.iter().any(|it| it == name),
        None => !name.starts_with('_') && !name.contains(['/', '.']),
    })
}

/// Something that is not shown may bring any name, also one that is known.
pub(super) fn unseen(evaluator: &mut Evaluator<'_>, statement: &Statement) {
    evaluator.open = true;
    // Of a file full of these nothing is known, and it must not take for ever.
    evaluator.unseen_stars += 1;
    if evaluator.unseen_stars > MOST_STARS {
        evaluator.names.clear();
        return;
    }
    for (name, values) in &mut evaluator.names {
        let unknown = Known::unknown(Why::Name(name.clone()), &statement.at);
        values.push(Alternative { known: unknown, conditions: statement.conditions.to_vec() });
    }
}
