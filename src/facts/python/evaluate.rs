//! A small, honest evaluator: what it cannot know it says so, with the reason; it never guesses.

use std::collections::HashMap;
use std::rc::Rc;

use super::{builtins, format};
use crate::facts::environment::Environment;
use crate::facts::value::{Called, Known, Template, TemplateBuilder, Value, Why, used_at};
use crate::read::python::{Argument, BinaryOperator, Condition, ConditionKind, Expression, FormatPart, Node};
use crate::text::Text;

/// How many alternatives of one value are kept; beyond that it cannot be known.
pub(super) const MOST_ALTERNATIVES: usize = 8;
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
    /// Whether a star import may have brought in names that we do not see.
    pub open: bool,
}

impl<'a> Evaluator<'a> {
    pub fn new(environment: &'a Environment) -> Self {
        Evaluator { names: HashMap::new(), imports: HashMap::new(), environment, open: false }
    }

    /// Every value that the expression may have.
    pub fn evaluate(&self, node: &Node) -> Vec<Alternative> {
        let mut found = self.alternatives(node, 0);
        found.retain(|alternative| is_possible(&alternative.conditions));
        if found.is_empty() || found.len() > MOST_ALTERNATIVES {
            return vec![Alternative { known: Known::unknown(Why::TooMuch, &node.at), conditions: Vec::new() }];
        }
        found
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
        if depth > DEEPEST {
            return Self::one(Known::unknown(Why::TooMuch, at));
        }
        let value = match &node.is {
            Expression::Name(name) => return self.name(name, at),
            Expression::Conditional { test, then, otherwise } => {
                return self.conditional(test, then, otherwise, depth);
            }
            Expression::Junction { and: false, of } => return self.either(of, at, depth),
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
            Expression::Not(inner) => match self.single(inner, depth).truth() {
                Some(truth) => Value::Boolean(!truth),
                None => Value::Unknown(Why::Other),
            },
            Expression::Attribute { .. } => Value::Unknown(Why::Name(node.dotted().unwrap_or_default())),
            _ => Value::Unknown(Why::Other),
        };
        Self::one(Known { value, at: at.clone() })
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
        match found.into_iter().find(of_variable) {
            Some(unknown) => unknown.known,
            None => Known::unknown(Why::TooMuch, &node.at),
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
        match self.names.get(name) {
            Some(alternatives) => alternatives
                .iter()
                .map(|alternative| Alternative {
                    known: alternative.known.used_at(at),
                    conditions: alternative.conditions.clone(),
                })
                .collect(),
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

    /// `a or b or c`: the first that is true, else the last.
    fn either(&self, of: &[Node], at: &Text, depth: u32) -> Vec<Alternative> {
        let mut found: Vec<Alternative> = Vec::new();
        for (index, node) in of.iter().enumerate() {
            let is_last = index + 1 == of.len();
            let mut goes_on = false;
            for alternative in self.alternatives(node, depth + 1) {
                match alternative.known.truth() {
                    Some(false) if !is_last => goes_on = true,
                    None if !is_last => {
                        goes_on = true;
                        let condition = Condition { test: node.at.clone(), is: ConditionKind::Set, holds: true };
                        found.extend(under(vec![alternative], condition));
                    }
                    _ => found.push(alternative),
                }
            }
            if !goes_on {
                break;
            }
        }
        if found.is_empty() {
            return Self::one(Known::unknown(Why::Other, at));
        }
        found
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
        if let Some(found) = builtins::call(self, node, function, arguments, depth) {
            return found;
        }
        let function_name = self.full_name(function).unwrap_or_default();
        let last = function_name.rsplit('.').next().unwrap_or_default().to_owned();
        let is_value = last.starts_with(char::is_uppercase)
            || matches!(last.as_str(), "crontab" | "timedelta")
            || function_name.starts_with("celery.schedules.");
        let value = if is_value {
            let called = Called {
                may_be_another: self.open && last == function_name,
                full_name: function_name,
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
                (Value::List(items), Value::Integer(number)) => {
                    usize::try_from(*number).ok().and_then(|number| items.get(number)).cloned()
                }
                (Value::Dict(entries), Value::Text(key)) => entries
                    .iter()
                    .rev()
                    .find(|(known, _)| known.whole_text().is_some_and(|known| known.as_str() == key.as_str()))
                    .map(|(_, value)| value.clone()),
                _ => None,
            };
            item.map_or_else(|| Known::unknown(Why::Other, at), |item| item.used_at(at))
        })
    }

    /// The value of an environment variable that some file sets for this process.
    pub(super) fn variable(&self, name: &str, at: &Text) -> Option<Known> {
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
        // One alternative of each hole at a time; several holes with several values multiply and are cut.
        let mut worlds: Vec<(Vec<Option<Known>>, Vec<Condition>)> = vec![(Vec::new(), Vec::new())];
        for part in parts {
            let values: Vec<(Option<Known>, Vec<Condition>)> = match part {
                FormatPart::Text(_) => vec![(None, Vec::new())],
                FormatPart::Hole { value, .. } => self
                    .alternatives(value, depth + 1)
                    .into_iter()
                    .map(|alternative| (Some(alternative.known), alternative.conditions))
                    .collect(),
            };
            worlds = multiplied(&worlds, &values);
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
        let lefts = self.alternatives(left, depth + 1);
        let rights = self.alternatives(right, depth + 1);
        let mut found = Vec::new();
        for left_value in &lefts {
            for right_value in &rights {
                let value = combined(&left_value.known, operator, &right_value.known, at);
                let conditions = left_value.conditions.iter().chain(&right_value.conditions).cloned().collect();
                found.push(Alternative { known: Known { value, at: at.clone() }, conditions });
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

/// Whether no condition contradicts another: the same test cannot hold and not hold.
/// Whether all of the conditions can hold at once: none is the contrary of another.
pub(in crate::facts) fn is_possible(conditions: &[Condition]) -> bool {
    conditions.iter().enumerate().all(|(index, condition)| {
        conditions[..index].iter().all(|other| {
            other.is != condition.is || other.holds == condition.holds || other.test.as_str() != condition.test.as_str()
        })
    })
}

fn combined(left: &Known, operator: BinaryOperator, right: &Known, at: &Text) -> Value {
    match (&left.value, operator, &right.value) {
        (Value::Text(_), BinaryOperator::Add, _) | (_, BinaryOperator::Add, Value::Text(_)) => {
            let mut builder = TemplateBuilder::new(at);
            for side in [left, right] {
                match &side.value {
                    // `"amqp://" + None` stops the program: an unset variable never becomes the word None here.
                    Value::Text(template) if template.holes.is_empty() => builder.push(&template.text),
                    Value::Text(_) => builder.push_value(side, &side.at),
                    Value::Unknown(why) => builder.push_hole(why.clone(), &side.at, &side.at, None),
                    _ => return Value::Unknown(Why::Other),
                }
            }
            builder.finish()
        }
        (Value::List(first), BinaryOperator::Add, Value::List(second)) => {
            Value::List(first.iter().chain(second).cloned().collect())
        }
        (Value::Integer(left), operator, Value::Integer(right)) => {
            let result = match operator {
                BinaryOperator::Add => left.checked_add(*right),
                BinaryOperator::Subtract => left.checked_sub(*right),
                BinaryOperator::Multiply => left.checked_mul(*right),
                // Python rounds towards minus infinity.
                BinaryOperator::FloorDivide if *right != 0 => Some(left.div_euclid(*right)).filter(|_| *right > 0),
                BinaryOperator::Modulo if *right > 0 => Some(left.rem_euclid(*right)),
                BinaryOperator::Power => u32::try_from(*right).ok().and_then(|power| left.checked_pow(power)),
                BinaryOperator::Divide if *right != 0 => return Value::Float(*left as f64 / *right as f64),
                _ => None,
            };
            result.map_or(Value::Unknown(Why::Other), Value::Integer)
        }
        _ => Value::Unknown(Why::Other),
    }
}

/// The conditions as a shared slice, as statements hold them.
pub(super) fn conditions_of(statement: &Rc<[Condition]>) -> Vec<Condition> {
    statement.to_vec()
}
