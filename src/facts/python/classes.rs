//! Classes whose attributes are settings. What pydantic fills from the environment stands beside (`pydantic.rs`).

use std::collections::HashMap;
use std::rc::Rc;

use super::evaluate::{Alternative, Evaluator};
use super::pydantic::{is_url_object, url_object};
use crate::facts::value::{Known, Value, Why};
use crate::read::python::Node;
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
    /// Names that it declares, and as what.
    pub(super) declared: Vec<(String, Node)>,
    /// `class Settings(BaseSettings, env_prefix=…)`.
    pub(super) keywords: Vec<(String, Known)>,
    /// The fields that validators may change; `*` is every one.
    pub(super) validated: Vec<String>,
    /// Whether an instance gives settings that its body does not say: `self.broker_url = …`, a property.
    pub(super) has_more: bool,
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
    /// The full names of bases that were not pasted; empty for those without one.
    pub(super) elsewhere: Vec<String>,
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

    /// Whether it may say more than is seen.
    pub(super) fn has_more(&self) -> bool {
        self.is_open() || self.classes.iter().any(|class| class.has_more)
    }

    /// Whether a base was not pasted, other than `object` and what only adds names.
    fn is_open(&self) -> bool {
        let has_keywords = self.classes.iter().any(|class| !class.keywords.is_empty());
        // What a base makes of keywords is its own affair.
        !self.elsewhere.iter().all(|name| PLAIN.contains(&last(name))) || (has_keywords && !self.is_filled())
    }

    pub(super) fn is_enumeration(&self) -> bool {
        self.elsewhere.iter().any(|name| name.ends_with("Enum") || name.ends_with("Choices"))
    }

    pub(super) fn is_filled(&self) -> bool {
        self.elsewhere.iter().any(|name| last(name) == "BaseSettings")
    }

    /// As what a name is declared.
    pub(super) fn declaration(&self, attribute: &str) -> Option<&Node> {
        let mut declared = self.classes.iter().flat_map(|class| &class.declared);
        declared.find(|(name, _)| name == attribute).map(|(_, annotation)| annotation)
    }

    pub(super) fn has(&self, attribute: &str) -> bool {
        self.classes.iter().any(|class| class.attributes.contains_key(attribute))
    }
}

impl Class {
    pub(super) fn is_same(&self, other: &Class) -> bool {
        self.file == other.file && self.name == other.name
    }

    /// What the class itself says about how pydantic fills it: keywords, `model_config`, `class Config`.
    pub(super) fn setting(&self, name: &str) -> Option<&Known> {
        if let Some((_, value)) = self.keywords.iter().find(|(keyword, _)| keyword == name) {
            return Some(value);
        }
        match self.attributes.get("model_config").and_then(|found| found.first()).map(|it| &it.known.value) {
            Some(Value::Call { arguments, .. }) => {
                arguments.iter().find(|(keyword, _)| keyword.as_deref() == Some(name)).map(|(_, value)| value)
            }
            Some(Value::Dict(entries)) => {
                let is_it = |key: &Known| key.whole_text().is_some_and(|key| key.as_str() == name);
                entries.iter().rev().find(|(key, _)| is_it(key)).map(|(_, value)| value)
            }
            _ => Some(&self.attributes.get(&format!("Config.{name}"))?.first()?.known),
        }
    }

    /// Whether it is filled in a way that cannot be known.
    pub(super) fn is_unclear(&self) -> bool {
        let Some(found) = self.attributes.get("model_config") else { return false };
        match &found[..] {
            [Alternative { known: Known { value: Value::Call { called, .. }, .. }, .. }] => called.unpacks,
            [Alternative { known: Known { value: Value::Dict(entries), .. }, .. }] => {
                entries.iter().any(|(key, _)| key.whole_text().is_none())
            }
            _ => true,
        }
    }
}

pub(super) fn last(name: &str) -> &str {
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
        if line.is_enumeration() {
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
                Some((_, value)) if is_url_object(&line, attribute) => {
                    return Some(vec![one(url_object(value.used_at(at), at))]);
                }
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
            return Some(
                self.with(&["self".to_owned()], vec![instance.clone()], |this| this.alternatives(node, depth + 1)),
            );
        }
        if !line.is_filled() {
            return match default {
                _ if line.is_open() => unknown(),
                Some((_, found)) => Some(found.clone()),
                None => None,
            };
        }
        let is_method = |found: &[Alternative]| matches!(found, [Alternative { known: Known { value: Value::Unknown(Why::Call(name)), .. }, .. }] if name == attribute);
        match default {
            Some((_, found)) if is_method(found) => unknown(),
            None if line.declaration(attribute).is_none() => line.is_open().then(unknown).flatten(),
            found => Some(self.filled(&line, attribute, found.map_or(&[], |(_, found)| found), at)),
        }
    }
}

pub(super) fn one(known: Known) -> Alternative {
    Alternative { known, conditions: Vec::new() }
}
