//! A small, honest evaluator: what it cannot know it says so, with the reason; it never guesses.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::classes::Class;
use super::modules::{Module, Modules};
use super::operators::{combined, compared};
use super::{builtins, dynaconf, format, methods, worlds};
use crate::facts::environment::Environment;
use crate::facts::value::{Called, Known, Template, TemplateBuilder, Value, Why, used_at};
use crate::read::python::{
    Argument, Around, BinaryOperator, Block, Condition, ConditionKind, Expression, FormatPart, Node,
};
use crate::text::{Span, Text};

/// How many alternatives of one value are kept; beyond that it cannot be known.
pub(super) const MOST_ALTERNATIVES: usize = 8;
/// So many values are made while one module runs; what comes after cannot be known. A file of 10,000 lines of
/// settings takes 150,000.
const MOST_VALUES: usize = 600_000;
/// A comprehension over more items is not followed.
const MOST_COLLECTED: usize = 100;
/// How deep an expression is followed.
const DEEPEST: u32 = 64;

/// One value that an expression may have, and when it has it.
#[derive(Clone, Debug)]
pub struct Alternative {
    pub known: Known,
    /// All of these hold.
    pub conditions: Vec<Condition>,
}

/// The names known so far in one module, and the environment that its process sees.
pub struct Evaluator<'a> {
    pub names: HashMap<String, Vec<Alternative>>,
    /// What an imported name stands for: `getenv` for `os.getenv`.
    pub imports: HashMap<String, String>,
    pub environment: &'a Environment,
    /// Functions and classes that the module defines itself.
    pub defined: HashSet<String>,
    /// Whether a star import may have brought in names that we do not see.
    pub open: bool,
    /// The classes known so far, by their names; nested ones as `Outer.Inner`.
    pub(super) classes: HashMap<String, Rc<Class>>,
    /// What functions return that only return something.
    pub(super) returns: HashMap<String, Vec<Alternative>>,
    /// The other pasted modules, and which of them this one is.
    pub(super) modules: Option<(&'a Modules<'a>, usize)>,
    /// The classes and functions around the statement that runs.
    pub(super) inside: Rc<[Block]>,
    /// Tests of `if` whose outcome is known, by their place.
    pub(super) tests: HashMap<Span, bool>,
    /// Pairs of names that stand for one and the same list or dictionary.
    pub(super) shared: Vec<(String, String)>,
    /// Pasted modules whose names all came in, and how many others were not pasted.
    pub(super) stars: Vec<Rc<Module>>,
    /// How many values may be made, and how many more.
    most: usize,
    left: Cell<usize>,
    pub(super) unseen_stars: usize,
    /// Names that stand for something while an expression is worked out: `self` in a property, the item in a
    /// comprehension. The last one counts.
    pub(super) bound: RefCell<Vec<(String, Known)>>,
    /// Names of the module that functions change: calling one of them changes what they are.
    pub(super) unsteady: HashSet<String>,
    /// Names whose values were lost by the statement that runs.
    pub(super) lost: Vec<String>,
    /// The bodies around the statement that runs.
    pub(super) around: Rc<[Around]>,
}

impl<'a> Evaluator<'a> {
    pub fn new(environment: &'a Environment) -> Self {
        Evaluator {
            names: HashMap::new(),
            imports: HashMap::new(),
            environment,
            defined: HashSet::new(),
            open: false,
            classes: HashMap::new(),
            returns: HashMap::new(),
            modules: None,
            inside: Rc::new([]),
            tests: HashMap::new(),
            shared: Vec::new(),
            stars: Vec::new(),
            most: MOST_VALUES,
            left: Cell::new(MOST_VALUES),
            unseen_stars: 0,
            bound: RefCell::default(),
            unsteady: HashSet::new(),
            lost: Vec::new(),
            around: Rc::new([]),
        }
    }

    /// Every value that the expression may have.
    pub fn evaluate(&self, node: &Node) -> Vec<Alternative> {
        let mut found = self.alternatives(node, 0);
        found.retain(|alternative| is_possible(&alternative.conditions));
        let found = worlds::fewer(found, &node.at);
        if found.is_empty() || found.len() > MOST_ALTERNATIVES {
            return vec![Alternative { known: Known::unknown(Why::TooMuch, &node.at), conditions: Vec::new() }];
        }
        found
    }

    /// No more values than these are made, and no more than in any module.
    pub(super) fn may_make(&mut self, values: usize) {
        self.most = values.min(MOST_VALUES);
        self.left.set(self.most);
    }

    /// How many values were made.
    pub(super) fn made(&self) -> usize {
        self.most - self.left.get()
    }

    /// Takes what making so many values costs; false where that is more than is left.
    pub(super) fn spend(&self, values: usize) -> bool {
        let left = self.left.get().checked_sub(values);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// The dotted name that a function or object is known by, through imports: `os.environ.get`.
    pub fn full_name(&self, node: &Node) -> Option<String> {
        let dotted = node.dotted()?;
        let (head, rest) = dotted.split_once('.').map_or((dotted.as_str(), None), |(head, rest)| (head, Some(rest)));
        let head = self.imports.get(head).map_or(head, String::as_str);
        Some(rest.map_or_else(|| head.to_owned(), |rest| format!("{head}.{rest}")))
    }

    fn one(known: Known) -> Vec<Alternative> {
        vec![Alternative { known, conditions: Vec::new() }]
    }

    pub(super) fn alternatives(&self, node: &Node, depth: u32) -> Vec<Alternative> {
        let at = &node.at;
        if depth > DEEPEST || !self.spend(1) {
            return Self::one(Known::unknown(Why::TooMuch, at));
        }
        let value = match &node.is {
            Expression::Name(name) => return self.name(name, at),
            Expression::Conditional { test, then, otherwise } => {
                return self.conditional(test, then, otherwise, depth);
            }
            Expression::Junction { and, of } => return self.first_that_is(!and, of, at, depth),
            Expression::Call { function, arguments } => return self.call(node, function, arguments, depth),
            Expression::Subscript { object, index } => return self.subscript(node, object, index, depth),
            Expression::Named { value, .. } => return self.alternatives(value, depth + 1),
            Expression::Format(parts) => return self.format_string(parts, at, depth),
            Expression::Binary { left, operator, right } => {
                return self.binary(at, left, *operator, right, depth);
            }
            Expression::List(items) | Expression::Tuple(items) | Expression::Set(items) => {
                Value::List(self.single_values(items, depth))
            }
            Expression::Dict(entries) => self.dict(entries, depth),
            Expression::String(text) => Value::Text(Template::plain(text.clone())),
            Expression::Integer(number) => Value::Integer(*number),
            Expression::Float(number) => Value::Float(*number),
            Expression::Boolean(boolean) => Value::Boolean(*boolean),
            Expression::None => Value::None,
            Expression::Negative(inner) => match self.single(inner, depth).value {
                Value::Integer(number) => number.checked_neg().map_or(Value::Unknown(Why::Other), Value::Integer),
                Value::Float(number) => Value::Float(-number),
                Value::Unknown(why) => Value::Unknown(why),
                _ => Value::Unknown(Why::Other),
            },
            Expression::Not(inner) => {
                return self.over_alternatives(inner, depth, |known| Known {
                    value: match (known.truth(), &known.value) {
                        (Some(truth), _) => Value::Boolean(!truth),
                        (None, Value::Unknown(why)) => Value::Unknown(computed(why)),
                        (None, _) => Value::Unknown(Why::Other),
                    },
                    at: at.clone(),
                });
            }
            Expression::Attribute { object, name } => return self.attribute(node, object, name, depth),
            Expression::Compare { left, operator, right } => return self.compare(at, left, operator, right, depth),
            Expression::Slice { object, from, to } => {
                let (from, to) = (self.bound(from.as_deref(), depth), self.bound(to.as_deref(), depth));
                return self.over_alternatives(object, depth, |object| sliced(object, from, to, at));
            }
            Expression::Comprehension { element, of, name: Some(name) } => match of.first() {
                Some(of) => self.collected(element, of, name, depth),
                None => Value::Unknown(Why::Other),
            },
            _ => Value::Unknown(Why::Other),
        };
        Self::one(Known { value, at: at.clone() })
    }

    /// `[element for name in of]`.
    fn collected(&self, element: &Node, of: &Node, name: &str, depth: u32) -> Value {
        let of = self.single(of, depth);
        let items = match of.value {
            Value::List(items) if items.len() <= MOST_COLLECTED && !is_open(&items) && !is_set(&of.at) => items,
            Value::Unknown(why) => return Value::Unknown(computed(&why)),
            _ => return Value::Unknown(Why::Other),
        };
        let mut collected = Vec::new();
        for item in items {
            collected.push(self.with(name, item, |this| this.single(element, depth)));
        }
        Value::List(collected)
    }

    /// Works something out while a name stands for a value.
    pub(super) fn with<T>(&self, name: &str, known: Known, work_out: impl Fn(&Self) -> T) -> T {
        self.bound.borrow_mut().push((name.to_owned(), known));
        let found = work_out(self);
        self.bound.borrow_mut().pop();
        found
    }

    /// The only value of an expression; unknown where there are several. A variable with a default is several: then
    /// the variable is why it cannot be known.
    pub(super) fn single(&self, node: &Node, depth: u32) -> Known {
        let mut found = self.alternatives(node, depth + 1);
        if found.len() == 1
            && let Some(only) = found.pop()
        {
            return only.known;
        }
        let of_variable = |it: &Alternative| matches!(it.known.value, Value::Unknown(Why::Environment { .. }));
        let is_cut = |it: &Alternative| matches!(it.known.value, Value::Unknown(Why::TooMuch));
        let why = if found.iter().any(is_cut) { Why::TooMuch } else { Why::Other };
        match found.into_iter().find(of_variable) {
            Some(unknown) => unknown.known,
            None => Known::unknown(why, &node.at),
        }
    }

    fn single_values(&self, nodes: &[Node], depth: u32) -> Vec<Known> {
        let mut values = Vec::new();
        for node in nodes {
            if let Expression::Starred(inner) = &node.is {
                match self.single(inner, depth).value {
                    Value::List(items) => values.extend(items),
                    _ => values.push(Known::unknown(Why::Other, &node.at)),
                }
            } else {
                values.push(self.single(node, depth));
            }
        }
        values
    }

    fn name(&self, name: &str, at: &Text) -> Vec<Alternative> {
        if let Some((_, bound)) = self.bound.borrow().iter().rev().find(|(bound, _)| bound == name) {
            return Self::one(bound.used_at(at));
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

    fn conditional(&self, test: &Node, then: &Node, otherwise: &Node, depth: u32) -> Vec<Alternative> {
        match self.single(test, depth).truth() {
            Some(true) => self.alternatives(then, depth + 1),
            Some(false) => self.alternatives(otherwise, depth + 1),
            None => {
                let condition = |holds| Condition { test: test.at.clone(), is: ConditionKind::If, holds };
                let mut found = under(self.alternatives(then, depth + 1), condition(true));
                found.extend(under(self.alternatives(otherwise, depth + 1), condition(false)));
                found
            }
        }
    }

    /// `a or b or c`: the first that is true, else the last; with `and` the first that is false.
    fn first_that_is(&self, wanted: bool, of: &[Node], at: &Text, depth: u32) -> Vec<Alternative> {
        let mut found: Vec<Alternative> = Vec::new();
        let mut before: Vec<Condition> = Vec::new();
        for (index, node) in of.iter().enumerate() {
            let is_last = index + 1 == of.len();
            let mut goes_on = false;
            let mut undecided = false;
            for mut alternative in self.alternatives(node, depth + 1) {
                alternative.conditions.extend(before.iter().cloned());
                match alternative.known.truth() {
                    Some(truth) if truth != wanted && !is_last => goes_on = true,
                    None if !is_last => {
                        (goes_on, undecided) = (true, true);
                        let condition = Condition { test: node.at.clone(), is: ConditionKind::Set, holds: wanted };
                        found.extend(under(vec![alternative], condition));
                    }
                    _ => found.push(alternative),
                }
            }
            if !goes_on {
                break;
            }
            if undecided {
                before.push(Condition { test: node.at.clone(), is: ConditionKind::Set, holds: !wanted });
            }
        }
        if found.is_empty() {
            return Self::one(Known::unknown(Why::Other, at));
        }
        found
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

    fn attribute(&self, node: &Node, object: &Node, name: &Text, depth: u32) -> Vec<Alternative> {
        let at = &node.at;
        let used = |found: &[Alternative]| -> Vec<Alternative> {
            if !self.spend(size(found)) {
                return Self::one(Known::unknown(Why::TooMuch, at));
            }
            let used =
                |it: &Alternative| Alternative { known: it.known.used_at(at), conditions: it.conditions.clone() };
            found.iter().map(used).collect()
        };
        let dotted = node.dotted();
        if let Some(dotted) = &dotted {
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
            if let Some((class, attribute)) = dotted.rsplit_once('.')
                && self.lookup(class).is_none()
                && let Some(found) = self.of_class(class, None, attribute, at, depth)
            {
                return used(&found);
            }
        }
        if depth < DEEPEST
            && let made = self.single(object, depth)
            && let Value::Call { function, called, .. } = &made.value
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
        {
            return used(&found);
        }
        Self::one(Known::unknown(Why::Name(dotted.unwrap_or_default()), at))
    }

    fn compare(&self, at: &Text, left: &Node, operator: &str, right: &Node, depth: u32) -> Vec<Alternative> {
        self.over_pairs(left, right, depth, |left, right| {
            let value = match (compared(&left.value, operator, &right.value), &left.value, &right.value) {
                (Some(truth), ..) => Value::Boolean(truth),
                (None, Value::Unknown(why), _) | (None, _, Value::Unknown(why)) => Value::Unknown(computed(why)),
                _ => Value::Unknown(Why::Other),
            };
            Known { value, at: at.clone() }
        })
    }

    /// One end of a slice: absent, a number, or not known.
    fn bound(&self, node: Option<&Node>, depth: u32) -> Option<Option<i64>> {
        let Some(node) = node else { return Some(None) };
        match self.single(node, depth).value {
            Value::Integer(number) => Some(Some(number)),
            Value::None => Some(None),
            _ => None,
        }
    }

    fn call(&self, node: &Node, function: &Node, arguments: &[Argument], depth: u32) -> Vec<Alternative> {
        let at = &node.at;
        if let Expression::Attribute { object, name } = &function.is
            && name.as_str() == "format"
        {
            return self.over_alternatives(object, depth, |text| match text.text() {
                Some(template) => format::str_format(self, template, arguments, at, depth),
                None => Known::unknown(Why::Call("format".into()), at),
            });
        }
        if let Some(found) = dynaconf::call(self, function, arguments, at, depth)
            .or_else(|| builtins::call(self, node, function, arguments, depth))
        {
            return found;
        }
        if let Expression::Attribute { object, name } = &function.is
            && depth < DEEPEST
        {
            let objects = self.alternatives(object, depth + 1);
            let called: Option<Vec<Alternative>> = objects
                .iter()
                .map(|it| {
                    let known = methods::call(self, &it.known, name.as_str(), arguments, at, depth)?;
                    Some(Alternative { known, conditions: it.conditions.clone() })
                })
                .collect();
            if let Some(called) = called {
                return match self.spend(size(&called)) {
                    true => called,
                    false => Self::one(Known::unknown(Why::TooMuch, at)),
                };
            }
        }
        if let Expression::Name(name) = &function.is
            && arguments.is_empty()
            && let Some(returned) = self.returns.get(name)
            && self.spend(size(returned))
        {
            return returned.clone();
        }
        let function_name = self.full_name(function).unwrap_or_default();
        let last = function_name.rsplit('.').next().unwrap_or_default().to_owned();
        let is_value = last.starts_with(char::is_uppercase)
            || matches!(last.as_str(), "crontab" | "timedelta")
            || function_name.starts_with("celery.schedules.");
        let value = if is_value {
            let called = Called {
                may_be_another: self.open && last == function_name,
                // A function of the module's own is no other library's.
                full_name: match self.defined.contains(&function_name) {
                    true => format!("__main__.{function_name}"),
                    false => function_name,
                },
                at: function.at.clone(),
                keywords: arguments.iter().map(|argument| argument.name.clone()).collect(),
                unpacks: arguments.iter().any(|argument| argument.unpacked),
            };
            let arguments = arguments
                .iter()
                .map(|argument| {
                    let name = argument.name.as_ref().map(|name| name.as_str().to_owned());
                    (name, self.single(&argument.value, depth))
                })
                .collect();
            Value::Call { function: last, arguments, called }
        } else {
            Value::Unknown(Why::Call(function_name))
        };
        Self::one(Known { value, at: at.clone() })
    }

    fn subscript(&self, node: &Node, object: &Node, index: &Node, depth: u32) -> Vec<Alternative> {
        let at = &node.at;
        if builtins::is_environment(self.full_name(object).as_deref()) {
            return match index.string() {
                // `os.environ["X"]` stops the program where X is missing: the value is never None.
                Some(name) => Self::one(self.variable(name.as_str(), at).unwrap_or_else(|| {
                    let why = Why::Environment { name: name.as_str().to_owned(), none_if_unset: false };
                    Known::unknown(why, at)
                })),
                None => Self::one(Known::unknown(Why::Other, at)),
            };
        }
        let index = self.single(index, depth);
        self.over_alternatives(object, depth, |object| {
            let item = match (&object.value, &index.value) {
                (Value::List(items), Value::Integer(number)) if !is_open(items) => {
                    place(*number, items.len()).and_then(|number| items.get(number)).cloned()
                }
                (Value::Text(template), Value::Integer(number)) => template.whole().and_then(|text| {
                    let letters: Vec<(usize, char)> = text.as_str().char_indices().collect();
                    let (start, letter) = letters[place(*number, letters.len())?];
                    let letter = text.slice(start..start + letter.len_utf8());
                    Some(Known { value: Value::Text(Template::plain(letter.clone())), at: letter })
                }),
                (Value::Dict(entries), Value::Text(key)) => {
                    // What an unknown key behind it overrules cannot be told.
                    let found = entries
                        .iter()
                        .rev()
                        .find(|(known, _)| known.whole_text().is_none_or(|known| known.as_str() == key.as_str()));
                    found.filter(|(known, _)| known.whole_text().is_some()).map(|(_, value)| value.clone())
                }
                _ => None,
            };
            item.map_or_else(|| Known::unknown(Why::Other, at), |item| item.used_at(at))
        })
    }

    /// The value of an environment variable that some file sets for this process.
    pub(super) fn variable(&self, name: &str, at: &Text) -> Option<Known> {
        if let Some((modules, _)) = self.modules {
            modules.asks(name);
        }
        let variable = self.environment.get(name)?;
        Some(match &variable.value {
            Some(template) => Known { value: Value::Text(template.used_at(at)), at: used_at(&variable.name, at) },
            None => Known::unknown(Why::Call(name.to_owned()), at),
        })
    }

    pub(super) fn over_alternatives(
        &self,
        node: &Node,
        depth: u32,
        change: impl Fn(&Known) -> Known,
    ) -> Vec<Alternative> {
        self.alternatives(node, depth + 1)
            .into_iter()
            .map(|alternative| Alternative { known: change(&alternative.known), conditions: alternative.conditions })
            .collect()
    }

    fn format_string(&self, parts: &[FormatPart], at: &Text, depth: u32) -> Vec<Alternative> {
        // One alternative of each hole at a time; several holes with several values multiply.
        let mut holes: Vec<Vec<Alternative>> = Vec::new();
        for part in parts {
            holes.push(match part {
                FormatPart::Text(_) => Vec::new(),
                FormatPart::Hole { value, .. } => self.alternatives(value, depth + 1),
            });
        }
        let count = |holes: &[Vec<Alternative>]| {
            holes.iter().fold(1_usize, |count, values| count.saturating_mul(values.len().max(1)))
        };
        if count(&holes) > MOST_ALTERNATIVES {
            holes = holes.into_iter().map(|values| worlds::as_two(values, at)).collect();
        }
        let two_will_do = |values: &Vec<Alternative>| {
            values.len() < 2 || (values.len() == 2 && worlds::is_general(values) && depends_on_set(values))
        };
        let both = count(&holes) > MOST_ALTERNATIVES && holes.iter().all(two_will_do);
        let mut worlds: Vec<World> = vec![(Vec::new(), Vec::new())];
        if both {
            let of = |last: bool| -> World {
                let pick = |values: &Vec<Alternative>| if last { values.last() } else { values.first() }.cloned();
                let mut world: World = (Vec::new(), vec![worlds::whether_set(at, !last)]);
                for picked in holes.iter().map(pick) {
                    if let (Some(picked), true) = (&picked, last) {
                        world.1.extend(picked.conditions.iter().cloned());
                    }
                    world.0.push(picked.map(|picked| picked.known));
                }
                world
            };
            worlds = vec![of(false), of(true)];
        } else {
            for values in holes {
                let values: Vec<(Option<Known>, Vec<Condition>)> = match values.is_empty() {
                    true => vec![(None, Vec::new())],
                    false => values.into_iter().map(|it| (Some(it.known), it.conditions)).collect(),
                };
                worlds = multiplied(&worlds, &values);
            }
        }
        worlds
            .into_iter()
            .map(|(values, conditions)| {
                let mut builder = TemplateBuilder::new(at);
                for (part, value) in parts.iter().zip(values) {
                    match (part, value) {
                        (FormatPart::Text(text), _) => builder.push(text),
                        (FormatPart::Hole { value: node, plain: true }, Some(known)) => {
                            builder.push_value(&known, &node.at);
                        }
                        (FormatPart::Hole { value: node, .. }, _) => {
                            builder.push_hole(Why::Other, &node.at, &node.at, None);
                        }
                    }
                }
                Alternative { known: Known { value: builder.finish(), at: at.clone() }, conditions }
            })
            .collect()
    }

    fn binary(&self, at: &Text, left: &Node, operator: BinaryOperator, right: &Node, depth: u32) -> Vec<Alternative> {
        if operator == BinaryOperator::Modulo && matches!(left.is, Expression::String(_)) {
            return self.over_alternatives(left, depth, |text| match text.text() {
                Some(template) => format::percent(self, template, right, at, depth),
                None => Known::unknown(Why::Other, at),
            });
        }
        self.over_pairs(left, right, depth, |left, right| Known {
            value: combined(left, operator, right, at),
            at: at.clone(),
        })
    }

    fn over_pairs(
        &self,
        left: &Node,
        right: &Node,
        depth: u32,
        combine: impl Fn(&Known, &Known) -> Known,
    ) -> Vec<Alternative> {
        let mut lefts = self.alternatives(left, depth + 1);
        let mut rights = self.alternatives(right, depth + 1);
        if lefts.len().saturating_mul(rights.len()) > MOST_ALTERNATIVES {
            lefts = worlds::as_two(lefts, &left.at);
            rights = worlds::as_two(rights, &right.at);
        }
        let mut found = Vec::new();
        for left_value in &lefts {
            for right_value in &rights {
                let known = combine(&left_value.known, &right_value.known);
                let conditions: Vec<Condition> =
                    left_value.conditions.iter().chain(&right_value.conditions).cloned().collect();
                if is_possible(&conditions) {
                    found.push(Alternative { known, conditions });
                }
                if found.len() > MOST_ALTERNATIVES {
                    return found;
                }
            }
        }
        found
    }

    fn dict(&self, entries: &[(Option<Node>, Node)], depth: u32) -> Value {
        let mut known = Vec::new();
        for (key, value) in entries {
            match key {
                Some(key) => known.push((self.single(key, depth), self.single(value, depth))),
                None => match self.single(value, depth).value {
                    Value::Dict(inner) => known.extend(inner),
                    // What is unpacked may hold anything: one unknown key stands for it.
                    _ => known.push((Known::unknown(Why::Other, &value.at), Known::unknown(Why::Other, &value.at))),
                },
            }
        }
        Value::Dict(known)
    }
}

/// Whether a list holds more than is seen: `[*unknown, 1]`.
pub(super) fn is_open(items: &[Known]) -> bool {
    items.iter().any(|item| matches!(item.value, Value::Unknown(_)) && item.at.as_str().starts_with('*'))
}

/// Whether a list is in truth a set, by how it is written: its order and its length are not known.
pub(super) fn is_set(at: &Text) -> bool {
    ["{", "set", "frozenset"].iter().any(|start| at.as_str().starts_with(start))
}

/// Whether values only depend on what is set.
fn depends_on_set(values: &[Alternative]) -> bool {
    values.iter().all(|it| it.conditions.iter().all(|it| it.is == ConditionKind::Set))
}

/// How many values there are within the alternatives.
pub(super) fn size(alternatives: &[Alternative]) -> usize {
    alternatives.iter().map(|alternative| alternative.known.size()).sum()
}

type World = (Vec<Option<Known>>, Vec<Condition>);

fn multiplied(worlds: &[World], values: &[(Option<Known>, Vec<Condition>)]) -> Vec<World> {
    let mut product = Vec::new();
    for (before, conditions) in worlds {
        for (value, more) in values {
            let mut all = before.clone();
            all.push(value.clone());
            let together: Vec<Condition> = conditions.iter().chain(more).cloned().collect();
            if is_possible(&together) {
                product.push((all, together));
            }
            if product.len() > MOST_ALTERNATIVES {
                return product;
            }
        }
    }
    product
}

/// The alternatives under one more condition.
pub(super) fn under(alternatives: Vec<Alternative>, condition: Condition) -> Vec<Alternative> {
    alternatives
        .into_iter()
        .map(|mut alternative| {
            alternative.conditions.push(condition.clone());
            alternative
        })
        .collect()
}

/// Where a possibly negative index points.
fn place(number: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let number = if number < 0 { number + length } else { number };
    (0..length).contains(&number).then(|| usize::try_from(number).ok()).flatten()
}

/// `object[from:to]`; an end that is not known makes it unknown.
fn sliced(object: &Known, from: Option<Option<i64>>, to: Option<Option<i64>>, at: &Text) -> Known {
    let (Some(from), Some(to)) = (from, to) else { return Known::unknown(Why::Other, at) };
    let ends = |length: usize| {
        let clamp = |number: i64| {
            let length = i64::try_from(length).unwrap_or(i64::MAX);
            let number = if number < 0 { number.saturating_add(length) } else { number };
            usize::try_from(number.clamp(0, length)).unwrap_or(0)
        };
        let (start, end) = (from.map_or(0, clamp), to.map_or(length, clamp));
        (start, end.max(start))
    };
    let value = match &object.value {
        Value::List(items) if !is_open(items) => {
            let (start, end) = ends(items.len());
            Value::List(items[start..end].to_vec())
        }
        Value::Text(template) => match template.whole() {
            Some(text) => {
                let letters: Vec<usize> = text.as_str().char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let (start, end) = ends(letters.len() - 1);
                Value::Text(Template::plain(text.slice(letters[start]..letters[end])))
            }
            None => Value::Unknown(Why::Other),
        },
        Value::Unknown(why) => Value::Unknown(computed(why)),
        _ => Value::Unknown(Why::Other),
    };
    Known { value, at: at.clone() }
}

/// The reason of something that was computed from what is not known: it is never None by itself.
pub(super) fn computed(why: &Why) -> Why {
    match why {
        Why::Environment { name, .. } => Why::Environment { name: name.clone(), none_if_unset: false },
        why => why.clone(),
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

/// Whether all of the conditions can hold at once: none is the contrary of another.
pub(in crate::facts) fn is_possible(conditions: &[Condition]) -> bool {
    conditions.iter().enumerate().all(|(index, condition)| {
        conditions[..index].iter().all(|other| {
            let is_same = other.test.as_str() == condition.test.as_str();
            if other.is != condition.is {
                true
            } else if condition.is == ConditionKind::Class {
                // A program chooses one of the classes.
                is_same || !(other.holds && condition.holds)
            } else {
                other.holds == condition.holds || !is_same
            }
        })
    })
}
