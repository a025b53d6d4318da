//! What `def` and `class` define: parameters, properties, what a function returns, what a class is derived from.

use std::rc::Rc;

use super::assignments::forget;
use super::classes::{Base, Class};
use super::evaluate::{Alternative, Evaluator};
use super::names::{class_path, local_key};
use crate::facts::settings::canonical_name;
use crate::facts::value::{Known, Why};
use crate::read::python::{Argument, Block, Expression, Function, Node, Parameter, ParameterKind, Statement};
use crate::text::Text;

/// A function that only returns something: its parameters with their defaults, and what it returns.
#[derive(Debug)]
pub(super) struct Returning {
    parameters: Vec<(String, Option<Known>)>,
    /// How many of them may be given without their names.
    positional: usize,
    value: Node,
}

/// Calling a function costs as much as making so many values.
const COST_OF_CALL: usize = 16;
/// A call goes as deep as so many expressions in one another.
const DEPTH_OF_CALL: u32 = 7;

impl Returning {
    fn of(evaluator: &Evaluator<'_>, function: &Function) -> Option<Returning> {
        let keeps = |it: &Node| {
            let it = if let Expression::Call { function, .. } = &it.is { function } else { it };
            matches!(it.dotted()?.rsplit('.').next(), Some("lru_cache" | "cache")).then_some(())
        };
        function.decorators.iter().map(keeps).collect::<Option<Vec<()>>>()?;
        let kinds = || function.parameters.iter().map(|it| it.kind);
        let is_plain = |kind| matches!(kind, ParameterKind::Positional | ParameterKind::KeywordOnly);
        if function.is_async || !kinds().all(is_plain) {
            return None;
        }
        let parameter = |it: &Parameter| {
            (it.name.as_str().to_owned(), it.default.as_ref().map(|default| evaluator.single(default, 0)))
        };
        Some(Returning {
            parameters: function.parameters.iter().map(parameter).collect(),
            positional: kinds().filter(|kind| *kind == ParameterKind::Positional).count(),
            value: function.returns.clone()?,
        })
    }

    /// What a call with these arguments gives; `None` if it cannot be followed.
    pub(super) fn called(
        &self,
        evaluator: &Evaluator<'_>,
        arguments: &[Argument],
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let mut given: Vec<Option<Known>> = self.parameters.iter().map(|(_, default)| default.clone()).collect();
        for (number, argument) in arguments.iter().enumerate() {
            let at = match &argument.name {
                Some(name) => self.parameters.iter().position(|(known, _)| known == name.as_str())?,
                None => Some(number).filter(|number| *number < self.positional)?,
            };
            *given.get_mut(at).filter(|_| !argument.unpacked)? = Some(evaluator.single(&argument.value, depth));
        }
        // Names in the function are the module's, also where another function calls it.
        let is_local = |node: &Node| match &node.is {
            Expression::Name(name) if self.parameters.iter().all(|(known, _)| known != name) => {
                let place = |held: Option<&Vec<Alternative>>| held.map(std::ptr::from_ref);
                place(evaluator.lookup(name)) != place(evaluator.names.get(name))
            }
            _ => false,
        };
        if self.value.any(&is_local) || !evaluator.spend(COST_OF_CALL) {
            return None;
        }
        let values = given.into_iter().collect::<Option<Vec<Known>>>()?;
        let names: Vec<String> = self.parameters.iter().map(|(name, _)| name.clone()).collect();
        let outer = evaluator.bound.take();
        let found = evaluator.with(&names, values, |this| this.alternatives(&self.value, depth + DEPTH_OF_CALL));
        evaluator.bound.replace(outer);
        Some(found)
    }

    /// Whether it means the same in another module.
    pub(super) fn is_portable(&self) -> bool {
        let is_own = |name: &String| self.parameters.iter().any(|(known, _)| known == name) || is_everywhere(name);
        !self.value.any(&|node| matches!(&node.is, Expression::Name(name) if !is_own(name)))
    }
}

pub(super) fn define(evaluator: &mut Evaluator<'_>, function: &Function, statement: &Statement) {
    let (name, inside) = (function.name.as_str(), &statement.inside);
    forget(evaluator, name);
    if inside.is_empty()
        && let Some(returning) = Returning::of(evaluator, function).filter(|_| statement.conditions.is_empty())
    {
        evaluator.functions.insert(name.to_owned(), Rc::new(returning));
    }
    if let Some(Block::Class(_)) = inside.last()
        && let Some(class) = evaluator.classes.get_mut(&class_path(inside))
    {
        let unknown = Known::unknown(Why::Call(name.to_owned()), &function.name);
        let unknown = vec![Alternative { known: unknown, conditions: Vec::new() }];
        let class = Rc::make_mut(class);
        class.has_more |= canonical_name(name).is_some();
        class.attributes.insert(name.to_owned(), unknown);
        class.properties.retain(|(known, _)| known != name);
        if function.decorators.iter().any(is_property) {
            class.properties.push((name.to_owned(), None));
        }
        class.validated.extend(function.decorators.iter().flat_map(validated));
    }
    // A parameter hides the module's name.
    let blocks: Vec<Block> = inside.iter().cloned().chain([Block::Function(name.to_owned())]).collect();
    for parameter in &function.parameters {
        // `config_class=Config` is most likely that class.
        let class = parameter.default.as_ref().and_then(Node::dotted).filter(|it| evaluator.classes.contains_key(it));
        let name = class.unwrap_or_else(|| parameter.name.as_str().to_owned());
        let unknown = Known::unknown(Why::Name(name), &parameter.name);
        let key = local_key(&blocks, parameter.name.as_str());
        evaluator.names.insert(key, vec![Alternative { known: unknown, conditions: Vec::new() }]);
    }
}

/// A function that only returns something gives that; one that returns twice is not followed.
pub(super) fn returned(evaluator: &mut Evaluator<'_>, statement: &Statement, value: Option<&Node>) {
    if let Some((Block::Function(function), outer)) = statement.inside.split_last()
        && let Some(class) = evaluator.classes.get_mut(&class_path(outer))
        && let Some(at) = class.properties.iter().position(|(name, _)| name == function)
    {
        let is_plain = statement.conditions.is_empty() && class.properties[at].1.is_none();
        match value.filter(|value| is_plain && is_of_self(value)) {
            Some(value) => Rc::make_mut(class).properties[at].1 = Some(value.clone()),
            None => drop(Rc::make_mut(class).properties.remove(at)),
        }
        return;
    }
    let [Block::Function(function)] = &statement.inside[..] else { return };
    let unknown =
        |at| vec![Alternative { known: Known::unknown(Why::Call(function.clone()), at), conditions: Vec::new() }];
    let values = match value {
        Some(value) if statement.conditions.is_empty() && !evaluator.returns.contains_key(function) => {
            evaluator.evaluate(value)
        }
        _ => unknown(&statement.at),
    };
    evaluator.returns.insert(function.clone(), values);
}

pub(super) fn define_class(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    bases: &[Node],
    keywords: &[(Text, Node)],
    inside: &Rc<[Block]>,
) {
    let bases = bases.iter().map(|base| base_of(evaluator, base)).collect();
    let keywords =
        keywords.iter().map(|(name, value)| (name.as_str().to_owned(), evaluator.single(value, 0))).collect();
    forget(evaluator, name);
    if inside.is_empty() {
        evaluator.defined.insert(name.to_owned());
    }
    let mut path = class_path(inside);
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
    let file = evaluator.modules.map_or(0, |(_, file)| file);
    let class = Class { name: path.clone(), file, bases, keywords, ..Class::default() };
    evaluator.classes.insert(path, Rc::new(class));
}

/// What a class is derived from.
fn base_of(evaluator: &Evaluator<'_>, base: &Node) -> Base {
    let base = match &base.is {
        Expression::Subscript { object, .. } => object,
        _ => base,
    };
    let Some(dotted) = base.dotted() else { return Base::Elsewhere(String::new()) };
    if let Some(class) = evaluator.classes.get(&dotted) {
        return Base::Shown(Rc::clone(class));
    }
    let full = evaluator.full_name(base).unwrap_or_default();
    match evaluator.modules.and_then(|(modules, from)| modules.class_of(&full, from)) {
        Some(class) => Base::Shown(class),
        None => Base::Elsewhere(full),
    }
}

/// Whether the decorator makes a method look like an attribute.
fn is_property(decorator: &Node) -> bool {
    let decorator = match &decorator.is {
        Expression::Call { function, .. } => function,
        _ => decorator,
    };
    let name = decorator.dotted().unwrap_or_default();
    matches!(name.rsplit('.').next(), Some("property" | "cached_property" | "computed_field"))
}

/// The fields that a validator of pydantic may change; `*` is every one.
fn validated(decorator: &Node) -> Vec<String> {
    let Expression::Call { function, arguments } = &decorator.is else { return Vec::new() };
    let function = function.dotted().unwrap_or_default();
    match function.rsplit('.').next() {
        Some("validator" | "field_validator") => {
            let named = arguments.iter().filter(|it| it.name.is_none());
            named.map(|it| it.value.string().map_or("*", |name| name.as_str()).to_owned()).collect()
        }
        Some("model_validator" | "root_validator") => vec!["*".to_owned()],
        _ => Vec::new(),
    }
}

/// Whether an expression has no names but `self` and those that mean the same in every file.
fn is_of_self(value: &Node) -> bool {
    !value.any(&|node| matches!(&node.is, Expression::Name(name) if !is_everywhere(name)))
}

fn is_everywhere(name: &str) -> bool {
    const EVERYWHERE: [&str; 9] = ["self", "str", "int", "float", "bool", "len", "os", "quote", "quote_plus"];
    EVERYWHERE.contains(&name)
}
