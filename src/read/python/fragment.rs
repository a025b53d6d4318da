//! Makes a fragment readable: without the prompts of an interactive session, without a common indent.

use crate::text::{Text, TextBuilder};

const PROMPTS: [&str; 2] = [">>>", "..."];

/// The text as Python can read it; every character keeps its place.
pub(super) fn readable(text: &Text) -> Text {
    let text = &unmarked(text);
    let source = text.as_str();
    let first = source.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if first.trim_start().starts_with(">>> ") {
        return rebuilt(text, |line| {
            let indent = line.len() - line.trim_start().len();
            let after = PROMPTS.iter().find_map(|prompt| line[indent..].strip_prefix(prompt))?;
            Some(line.len() - after.strip_prefix(' ').unwrap_or(after).len())
        });
    }
    if let Some((indent, opening)) = headless(source) {
        return opened(text, indent, opening);
    }
    if let Some(opening) = opening_of(source, first) {
        return enclosed(text, opening);
    }
    let indent = &first[..first.len() - first.trim_start().len()];
    if indent.is_empty() {
        return text.clone();
    }
    // Lines further left than the first end the fragment's first block; they are read as they stand.
    rebuilt(text, |line| Some(if line.starts_with(indent) { indent.len() } else { 0 }))
}

/// The text without what a terminal, a diff or a listing puts before each line.
fn unmarked(text: &Text) -> Text {
    let source = text.as_str();
    let mut lines = source.lines().filter(|line| !line.trim().is_empty());
    let first = lines.clone().next().unwrap_or_default();
    if first.starts_with("In [") {
        // IPython: `In [1]: `, and `   ...: ` where a statement goes on.
        return rebuilt(text, |line| {
            let end = line.find("]: ").filter(|_| line.starts_with("In [")).map(|end| end + 3);
            end.or_else(|| line.trim_start().starts_with("...:").then(|| line.find(':').map_or(0, |at| at + 2)))
                .map(|from| from.min(line.trim_end_matches('\n').len()))
        });
    }
    const HEADS: [&str; 8] = ["diff ", "index ", "--- ", "+++ ", "@@ ", "new file", "similarity", "rename "];
    let is_head = |line: &str| HEADS.iter().any(|head| line.starts_with(head));
    if (is_head(first) || first.starts_with(['+', '-']))
        && lines.all(|line| is_head(line) || line.starts_with(['+', '-', ' ', '\\', '\t']))
    {
        return rebuilt(text, |line| (!is_head(line) && line.starts_with(['+', ' '])).then_some(1));
    }
    match numbered(source) {
        Some(gap) => rebuilt(text, |line| {
            let rest = line.len() - behind_number(line)?.1.len();
            Some(rest + line[rest..].bytes().take(gap).take_while(|byte| *byte == b' ').count())
        }),
        None => text.clone(),
    }
}

/// The number before a line, and what follows it and its bar or colon.
fn behind_number(line: &str) -> Option<(u32, &str)> {
    let start = line.trim_start_matches([' ', '\t']);
    let digits = start.bytes().take_while(u8::is_ascii_digit).count();
    let number = start[..digits].parse().ok()?;
    let rest = &start[digits..];
    let bar = rest.trim_start_matches(' ').strip_prefix(['|', ':', '\u{2502}']);
    Some((number, bar.unwrap_or(rest)))
}

/// Whether every line has its number; answers with the blanks between numbers and text.
fn numbered(source: &str) -> Option<usize> {
    let (mut last, mut gap) = (None, usize::MAX);
    let mut count = 0;
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        let (number, rest) = behind_number(line)?;
        if last.is_some_and(|last| number != last + 1) {
            return None;
        }
        (last, count) = (Some(number), count + 1);
        if !rest.trim().is_empty() {
            gap = gap.min(rest.len() - rest.trim_start_matches(' ').len());
        }
    }
    (count > 1 && gap != usize::MAX).then_some(gap)
}

/// Where a fragment begins inside a block that goes on with `else:` or `except …:`: how far that stands from the
/// margin, and what must have stood before it.
fn headless(source: &str) -> Option<(usize, &'static str)> {
    let mut least = usize::MAX;
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        let start = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - start.len();
        let word = start.bytes().take_while(u8::is_ascii_lowercase).count();
        let opening = match &start[..word] {
            "else" | "elif" => "if _:\n",
            "except" | "finally" => "try:\n",
            _ => "",
        };
        let is_clause = start[word..].starts_with([':', ' ']) && start.trim_end().ends_with(':');
        if indent < least && !opening.is_empty() && is_clause {
            return Some((indent, opening));
        }
        least = least.min(indent);
        if least == 0 {
            return None;
        }
    }
    None
}

fn opened(text: &Text, indent: usize, opening: &str) -> Text {
    let source = text.as_str();
    let mut builder = TextBuilder::new(text);
    builder.push_decoded(opening, &text.slice(0..0));
    let first = source.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if first.len() - first.trim_start().len() == indent {
        builder.push_decoded("    pass\n", &text.slice(0..0));
    }
    builder.push(&rebuilt(text, |line| {
        Some(
            line.bytes()
                .take(indent)
                .take_while(u8::is_ascii_whitespace)
                .count()
                .min(line.trim_end_matches('\n').len()),
        )
    }));
    builder.finish()
}

/// Joins the lines again, each from the byte that `keep_from` gives; a line without one is output and left out.
fn rebuilt(text: &Text, keep_from: impl Fn(&str) -> Option<usize>) -> Text {
    let mut builder = TextBuilder::new(text);
    let source = text.as_str();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        if let Some(from) = keep_from(line) {
            builder.push(&text.slice(at + from..at + line.len()));
        }
        at += line.len();
    }
    builder.finish()
}

/// What must have stood before a fragment that begins in the middle of a dictionary or of a call's arguments.
fn opening_of(source: &str, first: &str) -> Option<&'static str> {
    let first = first.trim();
    if first.starts_with(['"', '\'']) {
        let quote = &first[..1];
        let end = first[1..].find(quote)? + 2;
        let is_name = first[1..end - 1].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        return (is_name && end > 2 && first[end..].trim_start().starts_with(':')).then_some("{");
    }
    // `name=value,` alone is an assignment of a tuple: only a closing bracket that nothing opens tells.
    let name = first.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let rest = first[name..].trim_start();
    let is_argument =
        name > 0 && rest.starts_with('=') && !rest.starts_with("==") && first.ends_with([',', '(', '[', '{']);
    (is_argument && closing_of(source).is_some()).then_some("dict(")
}

/// Where the bracket stands that closes what the fragment does not open.
fn closing_of(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut depth = 0_u32;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at += source[at..].find('\n').unwrap_or(bytes.len() - at),
            quote @ (b'\'' | b'"') => {
                at = super::nesting::end_of_string(bytes, at, quote);
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return Some(at),
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The entries as one dictionary, and what follows their end as it stands.
fn enclosed(text: &Text, opening: &str) -> Text {
    let source = text.as_str();
    let end = closing_of(source).unwrap_or(source.len());
    // What closes the calls around it stands on the same line.
    let rest = source[end..].find('\n').map_or(source.len(), |line| end + line);
    let start = source.len() - source.trim_start().len();
    let mut builder = TextBuilder::new(text);
    builder.push_decoded(opening, &text.slice(start..start));
    builder.push(&text.slice(start..end));
    builder.push_decoded(if opening == "{" { "\n}" } else { "\n)" }, &text.slice(end..end));
    builder.push(&text.slice(rest..source.len()));
    builder.finish()
}

/// More stretches than these are not read one by one.
const MOST_PARTS: usize = 64;

/// The text cut before every assignment at the margin that a bracket before it has swallowed.
pub(super) fn behind_open_brackets(text: &Text) -> Vec<Text> {
    let source = text.as_str();
    let bytes = source.as_bytes();
    let mut parts = Vec::new();
    let (mut start, mut depth, mut at) = (0, 0_u32, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                at += source[at..].find('\n').unwrap_or(bytes.len() - at);
                continue;
            }
            quote @ (b'\'' | b'"') => {
                at = super::nesting::end_of_string(bytes, at, quote);
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' if depth > 0 && begins_assignment(&source[at + 1..]) && parts.len() < MOST_PARTS => {
                parts.push(text.slice(start..at + 1));
                (start, depth) = (at + 1, 0);
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(text.slice(start..source.len()));
    parts
}

/// `NAME = …` at the margin, and not `name=…,` of a call.
fn begins_assignment(line: &str) -> bool {
    let name = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
    name > 0 && line[name..].starts_with(" = ") && !line.lines().next().unwrap_or_default().trim_end().ends_with(',')
}
