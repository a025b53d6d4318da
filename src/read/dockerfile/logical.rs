//! Logical lines: continuations joined, comments left out, here-documents taken along.

use std::ops::Range;

use crate::text::{Quoting, Text, TextBuilder};

/// `RUN <<EOF`: the lines up to `EOF`.
#[derive(Clone, Debug)]
pub struct Heredoc {
    /// `<<EOF`, as written.
    pub at: Text,
    pub body: Text,
    /// `<<"EOF"`: variables are not put in.
    pub quoted: bool,
}

pub(super) enum Logical {
    Blank,
    Line {
        /// From the keyword to the end, here-documents included.
        at: Text,
        /// One line: what the instruction says.
        content: Text,
        heredocs: Vec<Heredoc>,
        /// A here-document that never ends.
        unclosed: Option<Text>,
    },
}

/// Reads from line `next` and moves it behind what was read.
pub(super) fn logical_line(
    whole: &Text,
    lines: &[Range<usize>],
    next: &mut usize,
    escape: char,
    comments: &mut Vec<Text>,
) -> Logical {
    let written = |line: &Range<usize>| &whole.as_str()[line.clone()];
    let first = lines[*next].clone();
    let indent = written(&first).len() - written(&first).trim_start().len();
    let start = first.start + indent;
    if written(&first).trim().is_empty() {
        *next += 1;
        return Logical::Blank;
    }
    if written(&first).trim_start().starts_with('#') {
        comments.push(whole.slice(first).trim());
        *next += 1;
        return Logical::Blank;
    }
    let mut content = TextBuilder::new(&whole.slice(start..first.end));
    let mut end = first.end;
    let mut line = start..first.end;
    loop {
        *next += 1;
        let kept = without_continuation(written(&line), escape);
        content.push(&whole.slice(line.start..line.start + kept.unwrap_or(line.len())));
        end = end.max(line.end);
        if kept.is_none() {
            break;
        }
        // Comments and blank lines inside a continuation are not there.
        while let Some(inside) = lines.get(*next) {
            let trimmed = written(inside).trim();
            if trimmed.starts_with('#') {
                comments.push(whole.slice(inside.clone()).trim());
            } else if !trimmed.is_empty() {
                break;
            }
            *next += 1;
        }
        match lines.get(*next) {
            Some(following) => line = following.clone(),
            None => break,
        }
    }
    let content = content.finish().trim();
    let (heredocs, body_end, unclosed) = heredocs(whole, lines, next, &content);
    let at = whole.slice(start..body_end.unwrap_or(end)).trim();
    Logical::Line { at, content, heredocs, unclosed }
}

/// How much of a line stays if it ends with the escape character (and that is not escaped itself).
fn without_continuation(line: &str, escape: char) -> Option<usize> {
    let trimmed = line.trim_end_matches([' ', '\t']);
    let kept = trimmed.strip_suffix(escape)?;
    (!kept.ends_with(escape)).then_some(kept.len())
}

/// The here-documents that an instruction announces, read from the lines behind it.
fn heredocs(
    whole: &Text,
    lines: &[Range<usize>],
    next: &mut usize,
    content: &Text,
) -> (Vec<Heredoc>, Option<usize>, Option<Text>) {
    let keyword = content.as_str().split_whitespace().next().unwrap_or("").to_ascii_uppercase();
    let mut found = Vec::new();
    let mut end = None;
    if !matches!(keyword.as_str(), "RUN" | "COPY" | "ADD" | "ONBUILD") {
        return (found, end, None);
    }
    for Announced { at, delimiter, cut_tabs, quoted } in announced(content) {
        let start = *next;
        let close = (start..lines.len()).find(|&number| {
            let line = &whole.as_str()[lines[number].clone()];
            let line = if cut_tabs { line.trim_start_matches('\t') } else { line };
            line == delimiter
        });
        let last = close.unwrap_or(lines.len());
        let mut body = TextBuilder::new(&at).inside(Quoting::Plain);
        for number in start..last {
            let line = &lines[number];
            let tabs = if cut_tabs {
                whole.as_str()[line.clone()].bytes().take_while(|&byte| byte == b'\t').count()
            } else {
                0
            };
            let line_end = lines.get(number + 1).map_or(whole.len(), |following| following.start);
            body.push(&whole.slice(line.start + tabs..line_end));
        }
        *next = close.map_or(lines.len(), |close| close + 1);
        end = Some(lines[(*next).min(lines.len()) - 1].end);
        let heredoc = Heredoc { at: at.clone(), body: body.finish(), quoted };
        found.push(heredoc);
        if close.is_none() {
            return (found, end, Some(at));
        }
    }
    (found, end, None)
}

struct Announced {
    at: Text,
    delimiter: String,
    cut_tabs: bool,
    quoted: bool,
}

/// `<<EOF`, `<<-EOF`, `3<<"EOF"`, as words of their own and not inside quotes.
fn announced(content: &Text) -> Vec<Announced> {
    let text = content.as_str();
    let mut found = Vec::new();
    let mut quote = None;
    let mut word = 0;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, _) if character.is_whitespace() => {
                found.extend(announcement(content, word..at));
                word = at + character.len_utf8();
            }
            _ => {}
        }
    }
    found
}

fn announcement(content: &Text, word: Range<usize>) -> Option<Announced> {
    let at = content.slice(word);
    let rest = at.as_str().trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (cut_tabs, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let delimiter: String = rest.chars().filter(|c| !matches!(c, '\'' | '"')).collect();
    let named = !delimiter.is_empty() && !delimiter.contains(['<', '>', '(', ')', '$', '&', ';', '|']);
    let quoted = delimiter.len() < rest.len();
    named.then_some(Announced { at, delimiter, cut_tabs, quoted })
}
