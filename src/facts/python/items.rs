//! Lists and dictionaries: how they are put together, and what stands at an index, at a key or between two ends.

use super::env_readers::is_environment;
use super::evaluate::{Alternative, DEEPEST, Evaluator, computed};
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::{Argument, Expression, Node};
use crate::text::Text;

/// A comprehension over more items is not followed.
const MOST_COLLECTED: usize = 100;

impl Evaluator<'_> {
    /// One end of a slice: absent, a number, or not known.
    pub(super) fn bound(&self, node: Option<&Node>, depth: u32) -> Option<Option<i64>> {
        let Some(node) = node else { return Some(None) };
        match self.single(node, depth).value {
            Value::Integer(number) => Some(Some(number)),
            Value::None => Some(None),
            _ => None,
        }
    }

    pub(super) fn subscript(&self, node: &Node, object: &Node, index: &Node, depth: u32) -> Vec<Alternative> {
        let at = &node.at;
        if is_environment(self.full_name(object).as_deref()) {
            return match self.single(index, depth).whole_text() {
                // `os.environ["X"]` stops the program where X is missing: the value is never None.
                Some(name) => {
                    let why = Why::Environment { name: name.as_str().to_owned(), none_if_unset: false };
                    let mut found = self.variables(name.as_str(), at).unwrap_or_default();
                    found.retain(|it| !matches!(it.known.value, Value::None));
                    if found.is_empty() { Self::one(Known::unknown(why, at)) } else { found }
                }
                None => Self::one(Known::unknown(Why::Other, at)),
            };
        }
        let index = self.single(index, depth);
        self.over_each(object, depth, |object| {
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
            let mut found = item.unwrap_or_else(|| Known::unknown(Why::Other, at)).each();
            found.iter_mut().for_each(|it| it.known = it.known.used_at(at));
            found
        })
    }

    pub(super) fn dict(&self, entries: &[(Option<Node>, Node)], depth: u32) -> Value {
        let mut known = Vec::new();
        for (key, value) in entries {
            match key {
                Some(key) => known.push((self.single(key, depth), self.part(value, depth))),
                None => match self.single(value, depth).value {
                    Value::Dict(inner) => known.extend(inner),
                    // What is unpacked may hold anything: one unknown key stands for it.
                    _ => known.push((Known::unknown(Why::Other, &value.at), Known::unknown(Why::Other, &value.at))),
                },
            }
        }
        Value::Dict(known)
    }

    pub(super) fn single_values(&self, nodes: &[Node], depth: u32) -> Vec<Known> {
        let mut values = Vec::new();
        for node in nodes {
            if let Expression::Starred(inner) = &node.is {
                match self.single(inner, depth).value {
                    Value::List(items) => values.extend(items),
                    _ => values.push(Known::unknown(Why::Other, &node.at)),
                }
            } else {
                values.push(self.part(node, depth));
            }
        }
        values
    }

    /// `[element for names in of if tests]`.
    pub(super) fn collected(&self, element: &Node, of: &Node, names: &[String], tests: &[Node], depth: u32) -> Value {
        let rounds = match self.gone_through(of, depth).map(|items| rounds(items, names.len())) {
            Ok(Some(rounds)) if rounds.len() <= MOST_COLLECTED => rounds,
            Err(why) => return Value::Unknown(computed(&why)),
            _ => return Value::Unknown(Why::Other),
        };
        let mut collected = Vec::new();
        for values in rounds {
            let item = self.with(names, values, |this| {
                for test in tests {
                    if !this.single(test, depth).truth()? {
                        return Some(None);
                    }
                }
                Some(Some(this.part(element, depth)))
            });
            match item {
                Some(item) => collected.extend(item),
                None => return Value::Unknown(Why::Other),
            }
        }
        Value::List(collected)
    }

    /// What a loop over an expression goes through: the items of a list, the keys of a dictionary, and what `range`,
    /// `enumerate` and `zip` make, which are gone through only once.
    pub(super) fn gone_through(&self, of: &Node, depth: u32) -> Result<Vec<Known>, Why> {
        let at = &of.at;
        if let Expression::Call { function, arguments } = &of.is
            && let Expression::Name(name) = &function.is
            && matches!(name.as_str(), "range" | "enumerate" | "zip")
            && !self.defined.contains(name)
            && self.lookup(name).is_none()
            && depth < DEEPEST
        {
            if arguments.iter().any(|it| it.unpacked || it.name.is_some()) {
                return Err(Why::Other);
            }
            let number = |value: usize| Known { value: Value::Integer(value as i64), at: at.clone() };
            let list = |items: Vec<Known>| Known { value: Value::List(items), at: at.slice(at.len()..at.len()) };
            let of = |number: usize| self.gone_through(&arguments[number].value, depth + 1);
            return match (name.as_str(), arguments.len()) {
                ("range", 1..=3) => self.range(arguments, at, depth),
                ("enumerate", 1) => {
                    Ok(of(0)?.into_iter().enumerate().map(|(at, item)| list(vec![number(at), item])).collect())
                }
                ("zip", 1..) => {
                    let lists = (0..arguments.len()).map(of).collect::<Result<Vec<_>, Why>>()?;
                    let shortest = lists.iter().map(Vec::len).min().unwrap_or_default();
                    Ok((0..shortest).map(|at| list(lists.iter().map(|it| it[at].clone()).collect())).collect())
                }
                _ => Err(Why::Other),
            };
        }
        let known = self.single(of, depth);
        match known.value {
            Value::List(items) if !is_open(&items) && !is_set(&known.at) => Ok(items),
            Value::Dict(entries) => keys(&entries).ok_or(Why::Other),
            Value::Unknown(why) => Err(why),
            _ => Err(Why::Other),
        }
    }

    fn range(&self, arguments: &[Argument], at: &Text, depth: u32) -> Result<Vec<Known>, Why> {
        let numbers = arguments.iter().map(|argument| match self.single(&argument.value, depth).value {
            Value::Integer(number) => Ok(number),
            Value::Unknown(why) => Err(why),
            _ => Err(Why::Other),
        });
        let (from, to, step) = match numbers.collect::<Result<Vec<i64>, Why>>()?[..] {
            [to] => (0, to, 1),
            [from, to] => (from, to, 1),
            [from, to, step] if step != 0 => (from, to, step),
            _ => return Err(Why::Other),
        };
        let mut items = Vec::new();
        let mut next = from;
        while if step > 0 { next < to } else { next > to } {
            if items.len() == MOST_COLLECTED {
                return Err(Why::TooMuch);
            }
            items.push(Known { value: Value::Integer(next), at: at.clone() });
            next = next.checked_add(step).ok_or(Why::TooMuch)?;
        }
        Ok(items)
    }
}

/// The keys of a dictionary in their order, each once.
fn keys(entries: &[(Known, Known)]) -> Option<Vec<Known>> {
    let mut keys: Vec<Known> = Vec::new();
    for (key, _) in entries {
        let text = key.whole_text()?;
        if !keys.iter().any(|known| known.whole_text().is_some_and(|it| it.as_str() == text.as_str())) {
            keys.push(key.clone());
        }
    }
    Some(keys)
}

/// What so many names hold in each round.
pub(super) fn rounds(items: Vec<Known>, names: usize) -> Option<Vec<Vec<Known>>> {
    let parts = |item: Known| match item.value {
        _ if names == 1 => Some(vec![item]),
        Value::List(parts) if parts.len() == names && !is_open(&parts) && !is_set(&item.at) => Some(parts),
        _ => None,
    };
    items.into_iter().map(parts).collect()
}

/// A list of pairs as a dictionary; the keys are texts, so that they can be told apart.
pub(super) fn entries(pairs: Vec<Known>) -> Option<Vec<(Known, Known)>> {
    let pair = |pair: Vec<Known>| {
        let [key, value] = <[Known; 2]>::try_from(pair).ok()?;
        key.whole_text().is_some().then_some((key, value))
    };
    rounds(pairs, 2)?.into_iter().map(pair).collect()
}

/// Whether a list holds more than is seen: `[*unknown, 1]`.
pub(super) fn is_open(items: &[Known]) -> bool {
    items.iter().any(|item| matches!(item.value, Value::Unknown(_)) && item.at.as_str().starts_with('*'))
}

/// Whether a list is in truth a set, by how it is written: its order and its length are not known.
pub(super) fn is_set(at: &Text) -> bool {
    ["{", "set", "frozenset"].iter().any(|start| at.as_str().starts_with(start))
}

/// Where a possibly negative index points.
fn place(number: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let number = if number < 0 { number + length } else { number };
    (0..length).contains(&number).then(|| usize::try_from(number).ok()).flatten()
}

/// `object[from:to]`; an end that is not known makes it unknown.
pub(super) fn sliced(object: &Known, from: Option<Option<i64>>, to: Option<Option<i64>>, at: &Text) -> Known {
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
