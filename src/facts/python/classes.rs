//! Classes whose attributes are settings: plain ones, and those that pydantic fills from the environment.

use std::collections::HashMap;
use std::rc::Rc;

use super::builtins::{self, Cast};
use super::evaluate::{Alternative, Evaluator};
use crate::facts::value::{Known, Value, Why};
use crate::read::python::{Condition, ConditionKind};
use crate::text::Text;

/// Bases beyond this are not followed.
const MOST_BASES: usize = 8;

/// A class as far as its body shows it.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    /// The names of its bases, in their order.
    pub(super) bases: Vec<String>,
    pub(super) attributes: HashMap<String, Vec<Alternative>>,
    /// Names that it declares without a value.
    pub(super) declared: Vec<String>,
}

/// The class and its bases, nearest first, and whether all of them are known.
pub(super) fn line_of(classes: &HashMap<String, Rc<Class>>, class: &str) -> (Vec<String>, bool) {
    let mut line = vec![class.to_owned()];
    let mut is_whole = true;
    let mut at = 0;
    while at < line.len() {
        match classes.get(&line[at]) {
            Some(known) => {
                for base in &known.bases {
                    if line.len() < MOST_BASES && !line.contains(base) {
                        line.push(base.clone());
                    }
                }
            }
            None => is_whole &= line[at] == "object",
        }
        at += 1;
    }
    (line, is_whole)
}

impl Evaluator<'_> {
    /// An attribute of a class or of its instance; `None` if no such class is known.
    pub(super) fn of_class(&self, class: &str, attribute: &str, at: &Text) -> Option<Vec<Alternative>> {
        self.classes.get(class)?;
        let (line, is_whole) = line_of(&self.classes, class);
        // A member of an enumeration is an object of its own, not the value that stands there.
        if line.iter().any(|name| name.ends_with("Enum") || name.ends_with("Choices")) {
            return Some(vec![one(Known::unknown(Why::Name(attribute.to_owned()), at))]);
        }
        let is_filled = line.iter().any(|name| name.rsplit('.').next() == Some("BaseSettings"));
        let known = line.iter().filter_map(|name| self.classes.get(name));
        let default = known.clone().find_map(|class| class.attributes.get(attribute));
        if !is_filled {
            return match default {
                Some(found) => Some(found.clone()),
                None if is_whole => None,
                None => Some(vec![one(Known::unknown(Why::Name(attribute.to_owned()), at))]),
            };
        }
        let is_declared = default.is_some() || known.clone().any(|it| it.declared.iter().any(|name| name == attribute));
        is_declared.then(|| self.filled(&line, attribute, default.map_or(&[], Vec::as_slice), at))
    }

    /// A field of pydantic's BaseSettings: the variable of its name wins over the default.
    fn filled(&self, line: &[String], attribute: &str, default: &[Alternative], at: &Text) -> Vec<Alternative> {
        let mut variable = None;
        let mut defaults: Vec<Alternative> = Vec::new();
        for alternative in default {
            let Value::Call { function, arguments, .. } = &alternative.known.value else {
                defaults.push(alternative.clone());
                continue;
            };
            if function != "Field" {
                defaults.push(one(Known::unknown(Why::Call(function.clone()), at)));
                continue;
            }
            let named = |wanted: &str| {
                arguments.iter().find(|(name, _)| name.as_deref() == Some(wanted)).map(|(_, value)| value)
            };
            for name in ["env", "validation_alias", "alias"] {
                if let Some(name) = named(name) {
                    variable = Some(name.whole_text().map(|text| text.as_str().to_owned()));
                    break;
                }
            }
            let first = arguments.first().filter(|(name, _)| name.is_none()).map(|(_, value)| value);
            match named("default").or(first) {
                Some(value) if !matches!(&value.value, Value::Unknown(Why::Other)) => {
                    defaults.push(Alternative { known: value.clone(), conditions: alternative.conditions.clone() });
                }
                _ => {}
            }
        }
        let variable = match variable {
            Some(Some(name)) => name,
            Some(None) => return vec![one(Known::unknown(Why::Other, at))],
            None => match self.prefix_of(line) {
                Some(prefix) => format!("{prefix}{attribute}").to_ascii_uppercase(),
                None => return vec![one(Known::unknown(Why::Other, at))],
            },
        };
        if let Some(known) = self.variable(&variable, at) {
            let cast = match defaults.first().map(|it| &it.known.value) {
                Some(Value::Integer(_)) => Cast::Integer,
                Some(Value::Float(_)) => Cast::Float,
                Some(Value::Boolean(_)) => Cast::Boolean,
                Some(Value::Text(_)) => Cast::Text,
                // Without a default the annotation decides; text is the usual one.
                None => Cast::Text,
                _ => Cast::Other,
            };
            return vec![one(builtins::converted(&known, &cast, at))];
        }
        let unknown = Known::unknown(Why::Environment { name: variable, none_if_unset: false }, at);
        if defaults.is_empty() {
            return vec![one(unknown)];
        }
        let condition = |holds| Condition { test: at.clone(), is: ConditionKind::Set, holds };
        let mut found = vec![Alternative { known: unknown, conditions: vec![condition(true)] }];
        found.extend(defaults.into_iter().map(|mut alternative| {
            alternative.conditions.push(condition(false));
            alternative
        }));
        found
    }

    /// `env_prefix` of the class; `None` if it cannot be known.
    fn prefix_of(&self, line: &[String]) -> Option<String> {
        for name in line {
            let inner = self.classes.get(&format!("{name}.Config")).and_then(|it| it.attributes.get("env_prefix"));
            if let Some(found) = inner {
                return found.first()?.known.whole_text().map(|text| text.as_str().to_owned());
            }
            let Some(found) = self.classes.get(name).and_then(|it| it.attributes.get("model_config")) else { continue };
            let entries: Vec<(String, &Known)> = match &found.first()?.known.value {
                Value::Call { arguments, .. } => {
                    arguments.iter().filter_map(|(name, value)| Some((name.clone()?, value))).collect()
                }
                Value::Dict(entries) => entries
                    .iter()
                    .filter_map(|(name, value)| Some((name.whole_text()?.as_str().to_owned(), value)))
                    .collect(),
                _ => return None,
            };
            if let Some((_, prefix)) = entries.iter().find(|(name, _)| name == "env_prefix") {
                return prefix.whole_text().map(|text| text.as_str().to_owned());
            }
        }
        Some(String::new())
    }
}

fn one(known: Known) -> Alternative {
    Alternative { known, conditions: Vec::new() }
}
