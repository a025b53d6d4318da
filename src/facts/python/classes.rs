//! Classes whose attributes are settings: plain ones, and those that pydantic fills from the environment.

use std::collections::HashMap;
use std::rc::Rc;

use super::env_readers::{Cast, converted};
use super::evaluate::{Alternative, Evaluator};
use crate::facts::value::{Known, Value, Why};
use crate::read::python::{Condition, ConditionKind, Node};
use crate::text::Text;

/// More bases than these are not followed.
const MOST_BASES: u32 = 64;
/// Asking a property costs as much as making so many values.
const COST_OF_PROPERTY: usize = 16;
/// Bases of other libraries that leave the attributes of an instance as the class says them.
const PLAIN: [&str; 6] = ["object", "ABC", "Generic", "Protocol", "BaseModel", "BaseSettings"];

/// A class as far as its body shows it.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    /// Its name where it is defined, nested ones as `Outer.Inner`, and the number of that file.
    pub(super) name: String,
    pub(super) file: usize,
    /// Its bases in their order.
    pub(super) bases: Vec<Base>,
    pub(super) attributes: HashMap<String, Vec<Alternative>>,
    /// Names that it declares without a value, and the declarations.
    pub(super) declared: Vec<(String, Text)>,
    /// What its properties return, where that is one expression of `self`.
    pub(super) properties: Vec<(String, Option<Node>)>,
}

#[derive(Clone, Debug)]
pub(super) enum Base {
    Shown(Rc<Class>),
    /// A class that was not pasted, by its full name; empty if it has none.
    Elsewhere(String),
}

/// A class and its bases, in the order in which Python asks them.
#[derive(Default)]
pub(super) struct Line {
    pub(super) classes: Vec<Rc<Class>>,
    elsewhere: Vec<String>,
    visits: u32,
}

impl Line {
    pub(super) fn of(class: &Rc<Class>) -> Line {
        let mut line = Line::default();
        line.add(class);
        line
    }

    fn add(&mut self, class: &Rc<Class>) {
        self.visits += 1;
        if self.visits > MOST_BASES {
            self.elsewhere.push(String::new());
            return;
        }
        // A base that several classes share comes behind all of them.
        self.classes.retain(|known| !known.is_same(class));
        self.classes.push(Rc::clone(class));
        for base in &class.bases {
            match base {
                Base::Shown(base) => self.add(base),
                Base::Elsewhere(name) => self.elsewhere.push(name.clone()),
            }
        }
    }

    /// Whether a base was not pasted, other than `object` and what only adds names.
    fn is_open(&self) -> bool {
        !self.elsewhere.iter().all(|name| PLAIN.contains(&last(name)))
    }

    fn is_filled(&self) -> bool {
        self.elsewhere.iter().any(|name| last(name) == "BaseSettings")
    }

    fn has(&self, attribute: &str) -> bool {
        self.classes.iter().any(|class| class.attributes.contains_key(attribute))
    }
}

impl Class {
    pub(super) fn is_same(&self, other: &Class) -> bool {
        self.file == other.file && self.name == other.name
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

impl Evaluator<'_> {
    /// An attribute of a class, or of an instance that was made by a call; `None` if no such class is known.
    pub(super) fn of_class(
        &self,
        class: &str,
        instance: Option<&Known>,
        attribute: &str,
        at: &Text,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let class = self.classes.get(class)?;
        self.of_shown(class, instance, attribute, at, depth)
    }

    /// The same of a class that is at hand.
    pub(super) fn of_shown(
        &self,
        class: &Rc<Class>,
        instance: Option<&Known>,
        attribute: &str,
        at: &Text,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let line = Line::of(class);
        let unknown = || Some(vec![one(Known::unknown(Why::Name(attribute.to_owned()), at))]);
        // A member of an enumeration is an object of its own, not the value that stands there.
        let is_enumeration = |name: &str| name.ends_with("Enum") || name.ends_with("Choices");
        if line.elsewhere.iter().any(|name| is_enumeration(name)) {
            return unknown();
        }
        let default = line.classes.iter().find_map(|class| Some((class, class.attributes.get(attribute)?)));
        let Some(instance) = instance else {
            return match default {
                Some((_, found)) => Some(found.clone()),
                None if line.is_open() => unknown(),
                None => None,
            };
        };
        if let Value::Call { arguments, called, .. } = &instance.value
            && !arguments.is_empty()
        {
            let given = arguments.iter().find(|(name, _)| name.as_deref() == Some(attribute));
            let takes_names = line.is_filled() || !line.has("__init__");
            let is_plain = arguments.iter().all(|(name, _)| name.as_ref().is_some_and(|name| name != "_env_prefix"));
            match given {
                _ if called.unpacks || !is_plain || !takes_names => return unknown(),
                Some((_, value)) => return Some(vec![one(value.used_at(at))]),
                None => {}
            }
        }
        if let Some((class, _)) = default
            && let Some((_, Some(node))) = class.properties.iter().find(|(name, _)| name == attribute)
        {
            if !self.spend(COST_OF_PROPERTY) {
                return Some(vec![one(Known::unknown(Why::TooMuch, at))]);
            }
            return Some(self.with("self", instance.clone(), |this| this.alternatives(node, depth + 1)));
        }
        let declared = || line.classes.iter().flat_map(|class| &class.declared).find(|(name, _)| name == attribute);
        if !line.is_filled() {
            return match default {
                _ if line.is_open() => unknown(),
                Some((_, found)) => Some(found.clone()),
                None => None,
            };
        }
        let is_method = |found: &[Alternative]| matches!(found, [Alternative { known: Known { value: Value::Unknown(Why::Call(name)), .. }, .. }] if name == attribute);
        match (default, declared()) {
            (Some((_, found)), _) if is_method(found) => unknown(),
            (Some((_, found)), _) => Some(self.filled(&line, attribute, found, None, at)),
            (None, Some((_, declaration))) => Some(self.filled(&line, attribute, &[], Some(declaration), at)),
            (None, None) => line.is_open().then(unknown).flatten(),
        }
    }

    /// A field of pydantic's BaseSettings: the variable of its name wins over the default.
    fn filled(
        &self,
        line: &Line,
        attribute: &str,
        default: &[Alternative],
        declaration: Option<&Text>,
        at: &Text,
    ) -> Vec<Alternative> {
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
                // Without a default the annotation decides.
                None => match declaration.and_then(|text| text.as_str().split_once(':')).map(|it| it.1.trim()) {
                    Some("int") => Cast::Integer,
                    Some("float") => Cast::Float,
                    Some("bool") => Cast::Boolean,
                    Some(text) if text == "str" || text.ends_with("Dsn") || text.ends_with("Url") => Cast::Text,
                    _ => Cast::Other,
                },
                _ => Cast::Other,
            };
            return vec![one(converted(&known, &cast, at))];
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
    fn prefix_of(&self, line: &Line) -> Option<String> {
        // `class Settings(BaseSettings, env_prefix=…)` and bases without a name.
        if line.elsewhere.iter().any(String::is_empty) {
            return None;
        }
        for class in &line.classes {
            if let Some(found) = class.attributes.get("Config.env_prefix") {
                return found.first()?.known.whole_text().map(|text| text.as_str().to_owned());
            }
            let Some(found) = class.attributes.get("model_config") else { continue };
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
