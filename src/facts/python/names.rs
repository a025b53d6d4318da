//! What a name means where it stands: in its function or class, in the module, in another pasted one, or in the environment.

use super::classes::Line;
use super::dynaconf;
use super::evaluate::{Alternative, DEEPEST, Evaluator, size};
use crate::facts::value::{Known, Value, Why, used_at};
use crate::read::python::{Block, Node};
use crate::text::Text;

impl Evaluator<'_> {
    /// The dotted name that a function or object is known by, through imports: `os.environ.get`.
    pub fn full_name(&self, node: &Node) -> Option<String> {
        let dotted = node.dotted()?;
        let (head, rest) = dotted.split_once('.').map_or((dotted.as_str(), None), |(head, rest)| (head, Some(rest)));
        let head = self.imports.get(head).map_or(head, String::as_str);
        Some(rest.map_or_else(|| head.to_owned(), |rest| format!("{head}.{rest}")))
    }

    pub(super) fn name(&self, name: &str, at: &Text) -> Vec<Alternative> {
        if let Some((_, bound)) = self.bound.borrow().iter().rev().find(|(bound, _)| bound == name) {
            return bound.used_at(at).each();
        }
        match self.lookup(name) {
            Some(alternatives) if !self.spend(size(alternatives)) => Self::one(Known::unknown(Why::TooMuch, at)),
            Some(alternatives) => alternatives
                .iter()
                .map(|alternative| Alternative {
                    known: alternative.known.used_at(at),
                    conditions: alternative.conditions.clone(),
                })
                .collect(),
            // What only a type checker sees never runs.
            None if self.imports.get(name).is_some_and(|full| full == "typing.TYPE_CHECKING") => {
                Self::one(Known { value: Value::Boolean(false), at: at.clone() })
            }
            None => Self::one(Known::unknown(Why::Name(name.to_owned()), at)),
        }
    }

    /// The name as the statement that runs sees it: in its class, in the functions around it, in the module.
    pub(super) fn lookup(&self, name: &str) -> Option<&Vec<Alternative>> {
        if let Some(Block::Class(_)) = self.inside.last()
            && let Some(class) = self.classes.get(&class_path(&self.inside))
            && let Some(found) = class.attributes.get(name)
        {
            return Some(found);
        }
        let local = (1..=self.inside.len())
            .rev()
            .filter(|&end| matches!(self.inside[end - 1], Block::Function(_)))
            .find_map(|end| self.names.get(&local_key(&self.inside[..end], name)));
        local.or_else(|| self.names.get(name))
    }

    /// Whether a function runs and the name is not its own, but the module's.
    pub(super) fn is_outer(&self, name: &str) -> bool {
        let in_function = matches!(self.inside.last(), Some(Block::Function(_)));
        in_function && !self.names.contains_key(&local_key(&self.inside, name)) && self.names.contains_key(name)
    }

    pub(super) fn attribute(&self, node: &Node, object: &Node, name: &Text, depth: u32) -> Vec<Alternative> {
        let at = &node.at;
        let used = |found: &[Alternative]| -> Vec<Alternative> {
            if !self.spend(size(found)) {
                return Self::one(Known::unknown(Why::TooMuch, at));
            }
            let used =
                |it: &Alternative| Alternative { known: it.known.used_at(at), conditions: it.conditions.clone() };
            found.iter().map(used).collect()
        };
        if let Some(config) = self.flask_config(node).and_then(|config| self.lookup(&config)) {
            return used(config);
        }
        let dotted = node.dotted();
        if let Some(dotted) = &dotted {
            if let Some(found) = self.names.get(dotted) {
                return used(found);
            }
            if let Some(head) = dotted.split('.').next()
                && self.lookup(head).is_none()
                && self.imports.contains_key(head)
                && let Some(full) = self.full_name(node)
                && let Some((modules, from)) = self.modules
                && let Some(found) = modules.name_of(&full, from).or_else(|| {
                    let class = modules.class_of(full.rsplit_once('.')?.0, from)?;
                    self.of_shown(&class, None, name.as_str(), at, depth)
                })
            {
                return used(&found);
            }
            // What stands behind a member of an enumeration: of `str` and `Enum` together, always a text.
            if let Some((class, member)) = dotted.strip_suffix(".value").and_then(|it| it.rsplit_once('.'))
                && let Some(class) = self.classes.get(class).filter(|class| Line::of(class).is_enumeration())
                && let Some(found) = class.attributes.get(member)
                && found.iter().all(|it| matches!(it.known.value, Value::Text(_)))
            {
                return used(found);
            }
            if let Some((class, attribute)) = dotted.rsplit_once('.')
                && self.lookup(class).is_none()
                && let Some(found) = self.of_class(class, None, attribute, at, depth)
            {
                return used(&found);
            }
        }
        if depth < DEEPEST
            && let made = self.single(object, depth)
            && let Value::Call { function, called, arguments } = &made.value
            && let Some(found) = self
                .of_class(function, Some(&made), name.as_str(), at, depth)
                .or_else(|| {
                    // `config.Settings().name`, and `config.settings.name` of the module where it was made.
                    let (modules, from) = self.modules?;
                    let beside = || Some(format!("{}.{function}", self.full_name(object)?.rsplit_once('.')?.0));
                    let class = modules.class_of(&called.full_name, from);
                    let class = class.or_else(|| modules.class_of(&beside()?, from))?;
                    self.of_shown(&class, Some(&made), name.as_str(), at, depth)
                })
                .or_else(|| dynaconf::setting(self, &made, name.as_str(), None, at))
                .or_else(|| {
                    let is_it = |it: &&(Option<String>, Known)| it.0.as_deref() == Some(name.as_str());
                    let given = arguments.iter().find(is_it).filter(|_| called.full_name == "types.SimpleNamespace");
                    Some(vec![Alternative { known: given?.1.clone(), conditions: Vec::new() }])
                })
        {
            return used(&found);
        }
        Self::one(Known::unknown(Why::Name(dotted.unwrap_or_default()), at))
    }

    /// The value of an environment variable that some file sets for this process.
    pub(super) fn given_variable(&self, name: &str, at: &Text) -> Option<Known> {
        if let Some((modules, _)) = self.modules {
            modules.asks(name);
        }
        let variable = self.environment.get(name)?;
        Some(match &variable.value {
            Some(template) => Known { value: Value::Text(template.used_at(at)), at: used_at(&variable.name, at) },
            None => Known::unknown(Why::Call(name.to_owned()), at),
        })
    }
}

/// The name under which the local variables of a function are kept.
pub(super) fn local_key(inside: &[Block], name: &str) -> String {
    let mut key = String::new();
    for block in inside {
        match block {
            Block::Class(class) => key.push_str(class),
            Block::Function(function) => {
                key.push_str(function);
                key.push_str("()");
            }
        }
        key.push('/');
    }
    key + name
}

/// `Outer.Inner` of the classes around a statement.
pub(super) fn class_path(inside: &[Block]) -> String {
    let names: Vec<&str> = inside
        .iter()
        .map(|block| match block {
            Block::Class(name) | Block::Function(name) => name.as_str(),
        })
        .collect();
    names.join(".")
}
