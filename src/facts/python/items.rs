//! Lists and dictionaries: how they are put together, and what stands at an index, at a key or between two ends.

use super::env_readers::is_environment;
use super::evaluate::{Alternative, Evaluator, computed};
use crate::facts::value::{Known, Template, Value, Why};
use crate::read::python::{Expression, Node};
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

    pub(super) fn dict(&self, entries: &[(Option<Node>, Node)], depth: u32) -> Value {
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

    pub(super) fn single_values(&self, nodes: &[Node], depth: u32) -> Vec<Known> {
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

    /// `[element for name in of]`.
    pub(super) fn collected(&self, element: &Node, of: &Node, name: &str, depth: u32) -> Value {
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
