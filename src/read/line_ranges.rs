//! Where the lines of a text are.

use std::ops::Range;

/// The stretches of the lines, without their ends (LF, CRLF or a lone CR).
///
/// A text that ends with a line end has an empty line behind it; callers who mind skip it.
pub(super) fn line_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at > text.len() {
            return None;
        }
        let rest = &text.as_bytes()[at..];
        let len = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let here = at..at + len;
        at += len + if rest[len..].starts_with(b"\r\n") { 2 } else { 1 };
        Some(here)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts() {
        let text = "a\r\nb\rc\n\nd\n";
        assert_eq!(line_ranges(text).map(|line| &text[line]).collect::<Vec<_>>(), ["a", "b", "c", "", "d", ""]);
        assert_eq!(line_ranges("").count(), 1);
    }
}
