//! Names that the code reads: a project's own setting is read somewhere, a misspelt one nowhere.
//!
//! This looks at words, not at syntax, because a name in a lambda, a comprehension or a template counts as well.
//! When in doubt a name counts as read.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::text::Text;

/// Words before a string that is the name of a setting: `getattr(settings, "NAME")`, `app.config["NAME"]`.
const LOOKING_UP: [&str; 4] = ["getattr", "config", "settings", "conf"];

/// Every name that some files read, gathered when a rule first asks: few pastes make one ask.
#[derive(Debug, Default)]
pub struct NamesRead {
    files: Vec<Text>,
    names: OnceCell<HashSet<String>>,
}

impl NamesRead {
    pub(in crate::facts) fn of(files: Vec<Text>) -> NamesRead {
        NamesRead { files, names: OnceCell::new() }
    }

    pub fn contains(&self, name: &str) -> bool {
        self.names.get_or_init(|| self.files.iter().flat_map(|text| names_read(text.as_str())).collect()).contains(name)
    }
}

/// Every name that the text reads.
fn names_read(text: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at),
            b'\'' | b'"' => at = string(text, at, &mut found),
            letter if is_word(letter) => {
                let end = at + bytes[at..].iter().take_while(|&&byte| is_word(byte)).count();
                let word = &text[at..end];
                if word.len() >= 4 && !found.contains(word) && !is_definition(text, at, end) {
                    found.insert(word.to_owned());
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Skips a string, and notes the name that it is or that its f-string reads.
fn string(text: &str, start: usize, found: &mut HashSet<String>) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes[start];
    let width = if bytes[start..].starts_with(&[quote; 3]) { 3 } else { 1 };
    let mut end = start + width;
    let ends = |at: usize| bytes[at] == quote && bytes[at..].starts_with(&[quote; 3][..width]);
    while end < bytes.len() && !ends(end) {
        match bytes[end] {
            b'\\' => end += 2,
            b'\n' if width == 1 => break,
            _ => end += 1,
        }
    }
    let end = end.min(bytes.len());
    let inside = text.get(start + width..end).unwrap_or_default();
    let mut from = start.saturating_sub(40);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let line = &text[text[from..start].rfind('\n').map_or(from, |at| from + at + 1)..start];
    let prefix = &line[line.bytes().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1)..];
    if prefix.contains(['f', 'F']) && prefix.len() <= 2 {
        for word in inside.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| word.len() >= 4) {
            found.insert(word.to_owned());
        }
    } else if inside.len() >= 4 && inside.bytes().all(is_word) && looks_up(line) && !line.ends_with("config(") {
        // `NAME = config("NAME")` of decouple reads a variable.
        // `app.config["NAME"] = …` sets it.
        let after = text.get(end + width..).unwrap_or_default().trim_start();
        let is_set = after
            .strip_prefix(']')
            .map(str::trim_start)
            .is_some_and(|rest| rest.starts_with('=') && !rest.starts_with("=="));
        if !is_set {
            found.insert(inside.to_owned());
        }
    }
    end + width
}

fn looks_up(line: &str) -> bool {
    let bytes = line.as_bytes();
    // Asked for nearly every string of a file: a search for each word would take most of the time.
    (0..bytes.len()).any(|at| LOOKING_UP.iter().any(|word| bytes[at..].starts_with(word.as_bytes())))
}

/// Whether the word is set here rather than read: `NAME = …`, `name=…` in a call, `NAME["key"] = …` at the margin.
fn is_definition(text: &str, start: usize, end: usize) -> bool {
    let after = text[end..].trim_start_matches([' ', '\t']);
    if after.starts_with('=') && !after.starts_with("==") {
        return true;
    }
    let line = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
    line.trim().is_empty() && (after.starts_with(['[', '.', ':', '+', '|']) || after.starts_with("\n"))
}
