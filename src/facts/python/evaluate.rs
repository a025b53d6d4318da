//! A small, honest evaluator: what it cannot know it says so, with the reason; it never guesses.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::classes::Class;
use super::definitions::Returning;
use super::items::entries;
use super::items::sliced;
use super::loops::Round;
use super::modules::{Module, Modules};
use super::operators::{combined, compared};
use super::{format, worlds};
use crate::facts::environment::Environment;
pub use crate::facts::value::Alternative;
use crate::facts::value::{Known, OneOf, Template, Value, Why};
use crate::read::python::{Around, BinaryOperator, Block, Condition, ConditionKind, Expression, Node};
use crate::text::{Span, Text};

/// How many alternatives of one value are kept; beyond that it cannot be known.
pub(super) const MOST_ALTERNATIVES: usize = 8;
/// So many values are made while one module runs; what comes after cannot be known. A file of 10,000 lines of
/// settings takes 150,000.
const MOST_VALUES: usize = 600_000;
/// How deep an expression is followed.
pub(super) const DEEPEST: u32 = 64;

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
    /// Functions that only return an expression of their parameters, by their names.
    pub(super) functions: HashMap<String, Rc<Returning>>,
    /// The other pasted modules, and which of them this one is.
    pub(super) modules: Option<(&'a Modules<'a>, usize)>,
    /// The classes and functions around the statement that runs.
    pub(super) inside: Rc<[Block]>,
    /// Tests of `if` whose outcome is known, by their place, and heads of loops that certainly ran to their end.
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
    /// Loops whose rounds are known one by one, each with the round that runs.
    pub(super) rounds: Vec<Round>,
    /// How many rounds ran so far.
    pub(super) rounds_run: usize,
    /// The names that an app of Flask was given.
    pub(super) flask_apps: Vec<String>,
    /// The variables of the environment that the code sets, where their names stand.
    pub(super) variables_set: Vec<Text>,
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
            functions: HashMap::new(),
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
            flask_apps: Vec::new(),
            rounds: Vec::new(),
            rounds_run: 0,
            variables_set: Vec::new(),
            around: Rc::new([]),
        }
    }

    /// Every value that the expression may have.
    pub fn evaluate(&self, node: &Node) -> Vec<Alternative> {
        let mut found = self.alternatives(node, 0);
        // A test may come out differently in every round.
        if let Some(Round { number, .. }) = self.rounds.last() {
            let is_own = |it: &&mut Condition| node.at.span().contains(it.test.span());
            for condition in found.iter_mut().flat_map(|it| &mut it.conditions).filter(is_own) {
                condition.test = in_round(&condition.test, *number);
            }
        }
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

    pub(super) fn one(known: Known) -> Vec<Alternative> {
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
            // `{{ cookiecutter.timezone }}`: something fills it in first.
            Expression::String(text) if is_template(text.as_str()) => Value::Unknown(Why::Template),
            Expression::String(text) => Value::Text(Template::plain(text.clone())),
            Expression::Integer(number) => Value::Integer(*number),
            Expression::Float(number) => Value::Float(*number),
            Expression::Boolean(boolean) => Value::Boolean(*boolean),
            Expression::None => Value::None,
            Expression::Negative(inner) => match self.single(inner, depth).value {
                Value::Integer(number) => number.checked_neg().map_or(Value::Unknown(Why::Other), Value::Integer),
                Value::Float(number) => Value::Float(-number),
                Value::Unknown(why) => Value::Unknown(computed(&why)),
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
            Expression::Comprehension { element, of, names, tests } if !names.is_empty() => {
                of.first().map_or(Value::Unknown(Why::Other), |of| self.collected(element, of, names, tests, depth))
            }
            Expression::Pairs(pairs) => match self.single(pairs, depth).value {
                Value::List(pairs) => entries(pairs).map_or(Value::Unknown(Why::Other), Value::Dict),
                Value::Unknown(why) => Value::Unknown(computed(&why)),
                _ => Value::Unknown(Why::Other),
            },
            _ => Value::Unknown(Why::Other),
        };
        Self::one(Known { value, at: at.clone() })
    }

    /// Works something out while names stand for values.
    pub(super) fn with<T>(&self, names: &[String], values: Vec<Known>, work_out: impl Fn(&Self) -> T) -> T {
        let before = self.bound.borrow().len();
        self.bound.borrow_mut().extend(names.iter().cloned().zip(values));
        let found = work_out(self);
        self.bound.borrow_mut().truncate(before);
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

    /// A value as a part of something larger, which keeps it as one of several.
    pub(super) fn part(&self, node: &Node, depth: u32) -> Known {
        let found = worlds::fewer(self.alternatives(node, depth + 1), &node.at);
        match found.len() {
            2..=MOST_ALTERNATIVES => Known::unknown(Why::OneOf(OneOf(found.into())), &node.at),
            _ => self.single(node, depth),
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

    pub(super) fn over_alternatives(
        &self,
        node: &Node,
        depth: u32,
        change: impl Fn(&Known) -> Known,
    ) -> Vec<Alternative> {
        self.over_each(node, depth, |known| Self::one(change(known)))
    }

    /// Every value that comes of every value of an expression.
    pub(super) fn over_each(
        &self,
        node: &Node,
        depth: u32,
        change: impl Fn(&Known) -> Vec<Alternative>,
    ) -> Vec<Alternative> {
        let of = |it: Alternative| {
            let mut found = change(&it.known);
            found.iter_mut().for_each(|new| new.conditions.extend(it.conditions.iter().cloned()));
            found
        };
        self.alternatives(node, depth + 1).into_iter().flat_map(of).collect()
    }

    fn binary(&self, at: &Text, left: &Node, operator: BinaryOperator, right: &Node, depth: u32) -> Vec<Alternative> {
        if operator == BinaryOperator::Modulo && matches!(left.is, Expression::String(_)) {
            return self.over_each(left, depth, |text| match text.text() {
                Some(template) => format::percent(self, template, right, at, depth),
                None => Self::one(Known::unknown(Why::Other, at)),
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
}

/// How many values there are within the alternatives.
pub(super) fn size(alternatives: &[Alternative]) -> usize {
    alternatives.iter().map(|alternative| alternative.known.size()).sum()
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

/// The reason of something that was computed from what is not known: it is never None by itself.
pub(super) fn computed(why: &Why) -> Why {
    match why {
        Why::Environment { name, .. } => Why::Environment { name: name.clone(), none_if_unset: false },
        Why::OneOf(OneOf(all)) => {
            let of_variable = |it: &Alternative| match &it.known.value {
                Value::Unknown(why @ Why::Environment { .. }) => Some(computed(why)),
                _ => None,
            };
            all.iter().find_map(of_variable).unwrap_or(Why::Other)
        }
        why => why.clone(),
    }
}

/// A test as it stands in one round of a loop.
pub(super) fn in_round(test: &Text, round: usize) -> Text {
    Text::pointing_at(test, &format!("{test} ({round})", test = test.as_str()))
}

/// Whether all of the conditions can hold at once: none is the contrary of another.
pub(in crate::facts) fn is_possible(conditions: &[Condition]) -> bool {
    conditions.iter().enumerate().all(|(index, condition)| {
        conditions[..index].iter().all(|other| {
            // Two loops begin with the same word.
            let is_by_place = matches!(condition.is, ConditionKind::Try | ConditionKind::Loop | ConditionKind::Match);
            let is_same = other.test.as_str() == condition.test.as_str()
                && (!is_by_place || other.test.span() == condition.test.span());
            if other.is != condition.is {
                true
            } else if condition.is == ConditionKind::Class {
                // A program chooses one of the classes.
                match is_same {
                    true => other.holds == condition.holds,
                    false => !(other.holds && condition.holds),
                }
            } else {
                other.holds == condition.holds || !is_same
            }
        })
    })
}

/// Whether a text is one of Jinja: cookiecutter, copier, Ansible.
fn is_template(text: &str) -> bool {
    [("{{ ", " }}"), ("{% ", " %}")].iter().any(|(open, close)| text.contains(open) && text.contains(close))
}
