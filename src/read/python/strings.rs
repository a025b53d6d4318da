//! Python's string literals, decoded with the place of every character.

use crate::text::{Quoting, Text, TextBuilder};

/// A literal's prefix, quotes and inside.
pub(super) struct Literal {
    pub(super) raw: bool,
    pub(super) quote: char,
    /// The bytes between the quotes, within the literal.
    pub(super) inside: std::ops::Range<usize>,
}

/// Takes a literal such as `rb"""…"""` apart.
pub(super) fn literal(written: &str) -> Option<Literal> {
    let prefix = written.find(['\'', '"'])?;
    let quote = written[prefix..].chars().next()?;
    let (bytes, quotes) = (written.as_bytes(), [quote as u8; 3]);
    let width = if bytes[prefix..].starts_with(&quotes) { 3 } else { 1 };
    let start = prefix + width;
    // A literal that is cut off at the end of the paste has no closing quotes.
    let end = if written.len() >= start + width && bytes.ends_with(&quotes[..width]) {
        written.len() - width
    } else {
        written.len()
    };
    Some(Literal { raw: written[..prefix].contains(['r', 'R']), quote, inside: start..end.max(start) })
}

/// The literal's text. Nothing is lost: an escape that Python does not know stands as it is.
pub(super) fn decode(at: &Text) -> Text {
    let Some(Literal { raw, quote, inside }) = literal(at.as_str()) else { return at.clone() };
    decode_inside(&at.slice(inside), raw, quote, false)
}

/// Decodes the characters between quotes; in an f-string `{{` and `}}` are single braces.
pub(super) fn decode_inside(inside: &Text, raw: bool, quote: char, braces: bool) -> Text {
    let mut builder = TextBuilder::new(inside).inside(Quoting::Python { quote, raw });
    let text = inside.as_str();
    // Most of a text stands for itself.
    let next = |from: usize| {
        let rest = &text[from..];
        from + rest.find(|c| c == '\\' || (braces && matches!(c, '{' | '}'))).unwrap_or(rest.len())
    };
    let mut run = 0;
    let mut at = next(0);
    while at < text.len() {
        let rest = &text[at..];
        let found = if braces && (rest.starts_with("{{") || rest.starts_with("}}")) {
            Some((2, Some(rest[..1].to_owned())))
        } else if rest.starts_with('\\') && !raw {
            escape(rest)
        } else {
            None
        };
        match found {
            Some((width, Some(character))) => {
                builder.push(&inside.slice(run..at));
                builder.push_decoded(&character, &inside.slice(at..at + width));
                at += width;
                run = at;
            }
            Some((width, None)) => at += width,
            // Only a backslash or a brace stands here.
            None => at += 1,
        }
        at = next(at);
    }
    builder.push(&inside.slice(run..text.len()));
    builder.finish()
}

/// The width of an escape and what it stands for; `None` if it stands for itself.
fn escape(rest: &str) -> Option<(usize, Option<String>)> {
    let next = rest[1..].chars().next()?;
    let simple = |character: &str| Some((2, Some(character.to_owned())));
    match next {
        '\n' => Some((2, Some(String::new()))),
        '\r' if rest[2..].starts_with('\n') => Some((3, Some(String::new()))),
        '\r' => Some((2, Some(String::new()))),
        '\\' => simple("\\"),
        '\'' => simple("'"),
        '"' => simple("\""),
        'a' => simple("\u{7}"),
        'b' => simple("\u{8}"),
        'f' => simple("\u{c}"),
        'n' => simple("\n"),
        'r' => simple("\r"),
        't' => simple("\t"),
        'v' => simple("\u{b}"),
        'x' => numbered(rest, 2, 2, 16),
        'u' => numbered(rest, 2, 4, 16),
        'U' => numbered(rest, 2, 8, 16),
        'N' => rest.find('}').map(|end| (end + 1, Some(char::REPLACEMENT_CHARACTER.to_string()))),
        '0'..='7' => {
            let digits = rest[1..].bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
            numbered(rest, 1, digits, 8)
        }
        _ => Some((1, None)),
    }
}

fn numbered(rest: &str, start: usize, digits: usize, radix: u32) -> Option<(usize, Option<String>)> {
    let code = rest.get(start..start + digits).and_then(|code| u32::from_str_radix(code, radix).ok());
    match code.and_then(char::from_u32) {
        Some(character) => Some((start + digits, Some(character.to_string()))),
        None => Some((1, None)),
    }
}
