//! Variables of the environment that code sets for itself: `os.environ["X"] = …`, `setdefault`, `update`, `pop`.
//!
//! They are kept among the names of a module. Other modules see only what the file that makes the app sets, because
//! that one runs first for certain.

use std::rc::Rc;

use super::assignments::assign;
use super::builtins::one;
use super::changes::given;
use super::env_readers::{is_environment, with_default};
use super::evaluate::{Alternative, Evaluator};
use super::modules::Module;
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::{Argument, Expression, Node, Statement};
use crate::text::Text;

/// The name under which a variable is kept.
pub(super) fn key_of(variable: &str) -> String {
    format!("environ/{variable}")
}

/// Whether a node is the mapping of variables.
pub(super) fn is_it(evaluator: &Evaluator<'_>, node: &Node) -> bool {
    is_environment(evaluator.full_name(node).as_deref())
}

/// `os.environ.method(arguments)` as a statement; false for another object.
pub(super) fn by_method(
    evaluator: &mut Evaluator<'_>,
    statement: &Statement,
    function: &Node,
    arguments: &[Argument],
) -> bool {
    let Expression::Attribute { object, name: method } = &function.is else { return false };
    if !is_it(evaluator, object) {
        return false;
    }
    let at = &statement.at;
    match (method.as_str(), arguments) {
        ("setdefault", [name, value]) => {
            let name = evaluator.single(&name.value, 0);
            if let Some(variable) = name.whole_text() {
                let values = with_default(evaluator, variable.as_str(), &value.value, at);
                set(evaluator, statement, &name, values);
            }
        }
        ("update", _) => {
            for (name, value) in given(evaluator, arguments) {
                match (name, value.value) {
                    (Some(name), is) => set(evaluator, statement, &name, one(Known { value: is, at: value.at })),
                    (None, Value::Dict(entries)) => {
                        entries.into_iter().for_each(|(name, value)| set(evaluator, statement, &name, one(value)));
                    }
                    (None, _) => {}
                }
            }
        }
        ("pop", [name, ..]) => unset(evaluator, statement, &name.value),
        _ => {}
    }
    true
}

/// `del os.environ["X"]`
pub(super) fn unset(evaluator: &mut Evaluator<'_>, statement: &Statement, name: &Node) {
    let name = evaluator.single(name, 0);
    let unset = Known { value: Value::None, at: statement.at.clone() };
    set(evaluator, statement, &name, one(unset));
}

/// A variable has these values from here on.
pub(super) fn set(evaluator: &mut Evaluator<'_>, statement: &Statement, name: &Known, values: Vec<Alternative>) {
    let Some(name) = name.whole_text() else { return };
    let key = key_of(name.as_str());
    let not_shown = || Known::unknown(Why::Environment { name: name.as_str().to_owned(), none_if_unset: false }, name);
    let before = evaluator.variables(name.as_str(), name).unwrap_or_else(|| one(not_shown()));
    if !evaluator.names.contains_key(&key) {
        evaluator.variables_set.push(name.clone());
        evaluator.names.insert(key.clone(), before);
    }
    if statement.inside.is_empty() {
        assign(evaluator, &key, values, &statement.conditions);
    } else if let Some(held) = evaluator.names.get_mut(&key)
        && !held.iter().any(|it| matches!(it.known.value, Value::Unknown(Why::Environment { .. })))
    {
        // When a function is called cannot be told.
        held.push(Alternative { known: not_shown(), conditions: Vec::new() });
    }
    if let Some((modules, file)) = evaluator.modules
        && let Some(held) = evaluator.names.get(&key)
    {
        modules.set_variable(file, key, held);
    }
}

/// A module that is imported sets its variables.
pub(super) fn taken_over(evaluator: &mut Evaluator<'_>, statement: &Statement, source: &Module) {
    for (name, values) in &source.found.variables {
        let name = Known { value: Value::Text(Template::plain(name.clone())), at: name.clone() };
        set(evaluator, statement, &name, values.clone());
    }
}

/// What the code of a module leaves in the environment.
pub(super) fn left_behind(evaluator: &Evaluator<'_>) -> Vec<(Text, Vec<Alternative>)> {
    let held = |name: &Text| Some((name.clone(), evaluator.names.get(&key_of(name.as_str()))?.clone()));
    evaluator.variables_set.iter().filter_map(held).collect()
}

impl Evaluator<'_> {
    /// The values of a variable that some file or the code sets for this process. None is one that was taken away, and
    /// one that is not known may have its default.
    pub(super) fn variables(&self, name: &str, at: &Text) -> Option<Vec<Alternative>> {
        let key = key_of(name);
        let of_code = || self.modules.and_then(|(modules, _)| modules.variable_set(&key));
        match self.names.get(&key).map(|held| Rc::from(&held[..])).or_else(of_code) {
            Some(held) => {
                let used =
                    |it: &Alternative| Alternative { known: it.known.used_at(at), conditions: it.conditions.clone() };
                Some(held.iter().map(used).collect())
            }
            None => self.given_variable(name, at).map(one),
        }
    }

    /// The value of a variable, where there is one.
    pub(super) fn variable(&self, name: &str, at: &Text) -> Option<Known> {
        match &self.variables(name, at)?[..] {
            [Alternative { known, conditions }] if conditions.is_empty() => match known.value {
                Value::None | Value::Unknown(Why::Environment { .. }) => None,
                _ => Some(known.clone()),
            },
            _ => Some(Known::unknown(Why::Other, at)),
        }
    }
}
