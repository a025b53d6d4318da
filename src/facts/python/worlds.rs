//! Values that depend on several variables: with five of them, each with a default, a text has 32 forms. Two of them
//! say it all: the one where nothing is known of the variables, and the one where every default holds.

use super::evaluate::{Alternative, MOST_ALTERNATIVES};
use crate::facts::value::{HOLE, Value};
use crate::read::python::{Condition, ConditionKind};
use crate::text::Text;

/// The same values as two, where they are more than are kept and only depend on whether something is set.
pub(super) fn fewer(found: Vec<Alternative>, at: &Text) -> Vec<Alternative> {
    if found.len() <= MOST_ALTERNATIVES { found } else { as_two(found, at) }
}

/// The same values as two, if that can be said: the unknown one first, the one of the defaults last.
pub(super) fn as_two(mut found: Vec<Alternative>, at: &Text) -> Vec<Alternative> {
    let depends_on_set = |it: &Alternative| it.conditions.iter().all(|it| it.is == ConditionKind::Set);
    if found.len() <= 2 || !found.iter().all(depends_on_set) || !is_general(&found) {
        return found;
    }
    let Some(mut last) = found.pop() else { return found };
    let mut first = found.swap_remove(0);
    first.conditions = vec![whether_set(at, true)];
    last.conditions.push(whether_set(at, false));
    vec![first, last]
}

pub(super) fn whether_set(at: &Text, holds: bool) -> Condition {
    Condition { test: at.clone(), is: ConditionKind::Set, holds }
}

/// Whether the first value leaves open whatever the others say.
pub(super) fn is_general(found: &[Alternative]) -> bool {
    let Some((first, others)) = found.split_first() else { return false };
    match &first.known.value {
        Value::Unknown(_) => true,
        Value::Text(template) if !template.holes.is_empty() => others.iter().all(|other| match &other.known.value {
            Value::Text(other) => fits(template.as_str(), other.as_str()),
            _ => false,
        }),
        _ => others.is_empty(),
    }
}

/// Whether a text is a template with something in its holes.
fn fits(template: &str, text: &str) -> bool {
    let Some((start, rest)) = template.split_once(HOLE) else { return template == text };
    let Some(mut left) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split(HOLE).peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    true
}
