//! Hides the actions of templates (`{{ … }}`, `{% … %}`, Terraform's `%{ … }`) from the parser, byte for byte.
//!
//! An action that is alone on its lines becomes blanks, one inside a value becomes letters: what is around it
//! keeps its place and its structure. What an action would put there is not guessed at.

use std::borrow::Cow;
use std::ops::Range;

/// A hidden action.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    pub(super) range: Range<usize>,
    /// Nothing else stands on its lines: it may put any number of entries there, or none.
    pub(super) alone: bool,
}

/// The text with its actions hidden, and where they were.
pub(super) fn hide(text: &str) -> (Cow<'_, str>, Vec<Hidden>) {
    let ranges = actions(text);
    if ranges.is_empty() {
        return (Cow::Borrowed(text), Vec::new());
    }
    // A byte that stands nowhere in sound YAML marks the actions until their lines are known.
    const MARK: u8 = 1;
    let mut bytes = text.as_bytes().to_vec();
    for range in &ranges {
        for byte in &mut bytes[range.clone()] {
            if *byte != b'\n' {
                *byte = MARK;
            }
        }
    }
    for line in bytes.split_mut(|&byte| byte == b'\n') {
        let alone = line.iter().all(|&byte| byte == MARK || byte.is_ascii_whitespace());
        for byte in line.iter_mut().filter(|byte| **byte == MARK) {
            *byte = if alone { b' ' } else { b'x' };
        }
    }
    let hidden = ranges.into_iter().map(|range| Hidden { alone: bytes[range.start] == b' ', range }).collect();
    match String::from_utf8(bytes) {
        Ok(masked) => (Cow::Owned(masked), hidden),
        // Cannot be: whole characters were replaced by ASCII.
        Err(_) => (Cow::Borrowed(text), Vec::new()),
    }
}

fn actions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("%{ ", "}"), ("%{~", "}")] {
        let mut from = 0;
        while let Some(start) = text[from..].find(open).map(|at| from + at) {
            // One that never ends is no action, and neither is any behind it.
            let Some(end) = text[start..].find(close).map(|at| start + at + close.len()) else {
                break;
            };
            // `}}}` closes a brace of its own before the action.
            let end = end + usize::from(text[end..].starts_with('}') && close == "}}");
            found.push(start..end);
            from = end;
        }
    }
    crate::text::order::sort_by_key(&mut found, |range| range.start);
    found.dedup_by(|later, earlier| later.start < earlier.end);
    found
}

/// Whether an action touches the range.
pub(super) fn touches(hidden: &[Hidden], range: &Range<usize>) -> bool {
    let first = hidden.partition_point(|action| action.range.end <= range.start);
    hidden.get(first).is_some_and(|action| action.range.start < range.end)
}

/// Whether an action that is alone on its lines stands in the range.
pub(super) fn stands_alone_in(hidden: &[Hidden], range: &Range<usize>) -> bool {
    let first = hidden.partition_point(|action| action.range.end <= range.start);
    hidden[first..].iter().take_while(|action| action.range.start < range.end).any(|action| action.alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_where_they_are() {
        let text = "a: {{ .한글 }}\n{{- if x }}\n  {{ a }} {{ b }}\n- {{ c }}\n{% for x in y %}\n{{ open";
        let (masked, hidden) = hide(text);
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked, "a: xxxxxxxxxxxxx\n           \n                 \n- xxxxxxx\n                \n{{ open");
        assert_eq!(hidden.iter().map(|h| h.alone).collect::<Vec<_>>(), [false, true, true, true, false, true]);
        assert!(touches(&hidden, &(3..4)) && !touches(&hidden, &(0..3)));
        assert!(stands_alone_in(&hidden, &(17..20)) && !stands_alone_in(&hidden, &(0..16)));
        assert_eq!(hide("%{ for x in y ~}\n- ${x}\n%{ endfor ~}\n").1.len(), 2);
    }
}
