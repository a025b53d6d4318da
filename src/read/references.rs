//! Names of variables inside a text: `$NAME`, `${NAME}`, `${NAME:-fallback}`, left as they are written.

use std::ops::Range;

use crate::text::Text;

/// A `${…}` that does not end within so many characters is none.
const LONGEST: usize = 1000;

/// A variable where it is named.
#[derive(Clone, Debug)]
pub struct Reference {
    /// All of it, from the `$`.
    pub at: Text,
    pub name: Text,
    /// What stands behind `:-` or `-`.
    pub fallback: Option<Text>,
}

impl Reference {
    /// `range` is a reference as [`reference_len`] measures it.
    pub(super) fn of(text: &Text, range: Range<usize>) -> Option<Reference> {
        let at = text.slice(range);
        let written = at.as_str();
        let start = if written.starts_with("${") { 2 } else { 1 };
        let len = name_len(written.get(start..)?);
        let name = at.slice(start..start + len);
        let rest = &written[start + len..];
        let fallback = [":-", "-"].into_iter().find(|sign| rest.starts_with(sign)).map(|sign| {
            let from = start + len + sign.len();
            at.slice(from..written.len() - 1)
        });
        (len > 0).then_some(Reference { at, name, fallback })
    }
}

/// All references of a text that nothing protects; `$$` is none.
pub fn references(text: &Text) -> Vec<Reference> {
    let written = text.as_str();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = written[at..].find('$') {
        let start = at + next;
        if written[start..].starts_with("$$") {
            at = start + 2;
            continue;
        }
        let len = reference_len(&written[start..]);
        if len > 1 {
            found.extend(Reference::of(text, start..start + len));
        }
        at = start + len;
    }
    found
}

/// How long the reference is that begins with this `$`; 1 if it is none.
pub(super) fn reference_len(text: &str) -> usize {
    let Some(inner) = text.strip_prefix("${") else {
        return 1 + name_len(&text[1..]);
    };
    if name_len(inner) == 0 {
        return 1;
    }
    // `${A:-${B}}`: brackets in brackets.
    let mut open = 0_usize;
    for (at, character) in inner.char_indices().take(LONGEST) {
        match character {
            '{' => open += 1,
            '}' if open == 0 => return 2 + at + 1,
            '}' => open -= 1,
            _ => {}
        }
    }
    1
}

fn name_len(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 1;
    }
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    #[test]
    fn names_and_fallbacks() {
        let text = Text::of_source(SourceId(0), "a $B ${C} ${D:-${E}} $$F ${ ${G- $ 한$H".into());
        let found = references(&text);
        let names: Vec<_> = found.iter().map(|reference| reference.name.as_str()).collect();
        assert_eq!(names, ["B", "C", "D", "H"]);
        assert_eq!(found[2].fallback.as_ref().map(Text::as_str), Some("${E}"));
        assert_eq!(found[2].at.as_str(), "${D:-${E}}");
    }
}
