//! Settings that are changed where they are kept: `app.conf.beat_schedule["name"] = {…}`, `app.conf.imports += […]`.

use super::given::under;
use super::held::{Held, Holder};
use super::{Gatherer, key_of};
use crate::facts::python::changes::{CHANGING, after, given, put_within};
use crate::facts::python::evaluate::MOST_ALTERNATIVES;
use crate::facts::python::operators::combined;
use crate::facts::python::{Alternative, Evaluator};
use crate::facts::settings::{Setting, Source};
use crate::facts::value::{Known, Value, Why};
use crate::read::python::{ConditionKind, Expression, Node, Statement, StatementKind};
use crate::text::Text;

impl Gatherer {
    /// What a statement makes of settings that it changes.
    pub(super) fn changed_in_place(&mut self, statement: &Statement, evaluator: &Evaluator<'_>) {
        let place = match &statement.kind {
            StatementKind::AugmentedAssign { target, .. } | StatementKind::Assign { target, .. } => target,
            StatementKind::Delete(target) => target,
            StatementKind::Expression(Node { is: Expression::Call { function, .. }, .. }) => function,
            _ => return,
        };
        if !place.any(&|node| self.is_configuration(node)) {
            return;
        }
        match &statement.kind {
            StatementKind::AugmentedAssign { target, operator, value } => {
                let value = evaluator.single(value, 0);
                self.change(target, statement, evaluator, |known, keys| match keys {
                    [] => combined(known, *operator, &value, &statement.at),
                    _ => Value::Unknown(Why::Other),
                });
            }
            StatementKind::Assign { target: target @ Node { is: Expression::Subscript { .. }, .. }, value } => {
                let value = evaluator.part(value, 0);
                self.change(target, statement, evaluator, |known, keys| match keys {
                    // That is the setting itself.
                    [] => known.value.clone(),
                    keys => put_within(&known.value, keys, &value),
                });
            }
            StatementKind::Delete(target) => {
                self.change(target, statement, evaluator, |_, _| Value::Unknown(Why::Other));
            }
            StatementKind::Expression(Node { is: Expression::Call { function, arguments }, .. }) => {
                let Expression::Attribute { object, name: method } = &function.is else { return };
                if !CHANGING.contains(&method.as_str()) {
                    return;
                }
                let is_plain = arguments.iter().all(|argument| !argument.unpacked);
                let given = given(evaluator, arguments);
                self.change(object, statement, evaluator, |known, keys| match keys {
                    [] if is_plain => after(&known.value, method.as_str(), &given),
                    _ => Value::Unknown(Why::Other),
                });
            }
            _ => {}
        }
    }

    /// A list or dictionary was changed under its own name, and settings hold it.
    pub(super) fn changed_elsewhere(&mut self, name: &str, evaluator: &Evaluator<'_>) {
        let now = evaluator.names.get(name).map_or(&[][..], Vec::as_slice);
        for held in self.found.settings.iter_mut().filter(|held| held.holder != Holder::Module) {
            if held.setting.expression.as_ref().is_none_or(|expression| expression.as_str() != name) {
                continue;
            }
            for alternative in &mut held.setting.alternatives {
                alternative.known.value = match (&alternative.known.value, now) {
                    (Value::Dict(_), [Alternative { known, conditions }]) if conditions.is_empty() => {
                        known.value.clone()
                    }
                    // A tuple would be another one now.
                    (Value::List(_) | Value::Dict(_), _) => Value::Unknown(Why::Other),
                    (value, _) => value.clone(),
                };
            }
        }
        let holders: Vec<Holder> =
            self.by_name.iter().filter(|(known, _)| known == name).map(|(_, holder)| holder.clone()).collect();
        for holder in holders {
            self.found.forget(&holder);
            self.dictionary(now, &[], &holder, true, evaluator);
        }
    }

    fn change(
        &mut self,
        target: &Node,
        statement: &Statement,
        evaluator: &Evaluator<'_>,
        changed: impl Fn(&Known, &[Known]) -> Value,
    ) {
        let Some((name, keys)) = self.kept(target, evaluator) else { return };
        let Some(means) = self.style(name.as_str(), evaluator).1 else { return };
        let is_assigned = matches!(statement.kind, StatementKind::Assign { .. });
        if is_assigned && keys.is_empty() {
            return;
        }
        let is_it = |held: &&Held| held.holder == Holder::Conf && held.setting.name == means;
        let held = self.found.settings.iter().filter(is_it).flat_map(|held| held.setting.alternatives.iter().cloned());
        let mut values: Vec<Alternative> = held.take(MOST_ALTERNATIVES + 1).collect();
        if values.len() > MOST_ALTERNATIVES {
            values = vec![Alternative { known: Known::unknown(Why::TooMuch, &name), conditions: Vec::new() }];
        }
        if values.is_empty() {
            // What another file or the default gives is there already.
            let anything = Known::unknown(Why::Other, &name);
            let known = Known { value: Value::Dict(vec![(anything.clone(), anything)]), at: name.clone() };
            values.push(Alternative { known, conditions: Vec::new() });
        }
        let in_loop = statement.conditions.iter().any(|it| it.is == ConditionKind::Loop);
        let is_known = !in_loop && keys.iter().all(|key| key.whole_text().is_some());
        for alternative in &mut values {
            alternative.known.value = match is_known && evaluator.spend(alternative.known.size()) {
                true => changed(&alternative.known, &keys),
                false => Value::Unknown(Why::Other),
            };
        }
        let alternatives = under(&statement.conditions, values);
        let setting = Setting { name: means, written: name, source: Source::Python, alternatives, expression: None };
        let mut held = Held { holder: Holder::Conf, setting };
        self.replace(&mut held, &statement.conditions);
        self.found.settings.push(held);
    }

    /// The setting that `app.conf.name["a"]["b"]` stands in, and the keys, the last one first.
    fn kept(&self, target: &Node, evaluator: &Evaluator<'_>) -> Option<(Text, Vec<Known>)> {
        let mut keys = Vec::new();
        let mut node = target;
        loop {
            match &node.is {
                Expression::Attribute { object, name } if self.is_configuration(object) => {
                    return Some((name.clone(), keys));
                }
                Expression::Subscript { object, index } if self.is_configuration(object) => {
                    return Some((key_of(index, evaluator)?, keys));
                }
                Expression::Subscript { object, index } => {
                    keys.push(evaluator.single(index, 0));
                    node = object;
                }
                _ => return None,
            }
        }
    }
}
