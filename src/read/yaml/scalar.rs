//! Scalars: from what is written to what is meant, without forgetting where it stands.
//!
//! The parser has decoded the value already; here it is composed again from pieces of the file. Where the two
//! do not agree the parser is right, and the value points at the scalar as a whole.

use std::ops::Range;

use super::node::Style;
use crate::read::line_ranges::line_ranges;
use crate::text::{Quoting, Text, TextBuilder};

/// What is written, twice: as it stands in the file, and as the parser saw it (template actions hidden).
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) text: &'a Text,
    pub(super) masked: &'a str,
}

/// `value` as a text whose characters know their places; `range` is the scalar as the parser marks it.
pub(super) fn locate(written: Written<'_>, range: Range<usize>, style: Style, value: &str) -> Text {
    let quoting = match style {
        Style::SingleQuoted => Quoting::YamlSingle,
        Style::DoubleQuoted => Quoting::YamlDouble,
        Style::Literal | Style::Folded => Quoting::YamlBlock,
        Style::Plain | Style::Missing => Quoting::YamlPlain,
    };
    let owner = written.text.slice(range.clone());
    let inner = match style {
        Style::SingleQuoted | Style::DoubleQuoted => range.start + 1..range.end.saturating_sub(1).max(range.start + 1),
        _ => range.clone(),
    };
    // Most scalars stand in the file as they are meant.
    if written.masked.get(inner.clone()) == Some(value) {
        let mut builder = TextBuilder::new(&owner).inside(quoting);
        builder.push(&written.text.slice(inner));
        return builder.finish();
    }
    let mut out = Composer { written, builder: TextBuilder::new(&owner).inside(quoting), seen: String::new() };
    let done = match style {
        Style::Literal => out.literal(range.clone(), value),
        Style::Plain | Style::Folded => out.folded(range.clone(), value),
        Style::SingleQuoted | Style::DoubleQuoted => out.quoted(range.clone(), style),
        Style::Missing => Some(()),
    };
    if style == Style::Missing || (done.is_some() && out.seen == value) {
        return out.builder.finish();
    }
    let mut whole = TextBuilder::new(&owner);
    let hidden = written.masked.get(range) != Some(owner.as_str());
    whole.push_decoded(if hidden { owner.as_str() } else { value }, &owner);
    whole.finish()
}

struct Composer<'a> {
    written: Written<'a>,
    builder: TextBuilder,
    /// What was composed so far, as the parser saw it.
    seen: String,
}

impl Composer<'_> {
    fn push(&mut self, range: Range<usize>) -> Option<()> {
        self.seen.push_str(self.written.masked.get(range.clone())?);
        self.builder.push(&self.written.text.slice(range));
        Some(())
    }

    fn push_decoded(&mut self, characters: &str, from: Range<usize>) {
        self.seen.push_str(characters);
        self.builder.push_decoded(characters, &self.written.text.slice(from));
    }

    /// Every line of the value is the end of a line of the file.
    fn literal(&mut self, range: Range<usize>, value: &str) -> Option<()> {
        let written = self.written.masked.get(range.clone())?;
        let mut value = value;
        if !written.starts_with(['\n', '\r', ' ']) {
            // The parser's mark is at the first character; blank lines before it are part of the value.
            let rest = value.trim_start_matches('\n');
            self.push_decoded(&value[..value.len() - rest.len()], range.start..range.start);
            value = rest;
        }
        let mut raw = line_ranges(written).map(|line| range.start + line.start..range.start + line.end);
        let mut wanted = value.split('\n').peekable();
        let mut last = range.start..range.start;
        while let Some(line) = wanted.next() {
            let is_last = wanted.peek().is_none();
            match raw.next() {
                Some(here) if self.written.masked[here.clone()].ends_with(line) => {
                    self.push(here.end - line.len()..here.end)?;
                    last = here;
                }
                _ if line.is_empty() => {}
                _ => return None,
            }
            if !is_last {
                // `\r\n` is one line end, and at the end of the file there may be none.
                let end = last.end..self.end_of_line(last.end, range.end);
                match self.written.masked.get(end.clone()) {
                    Some("\n") => self.push(end)?,
                    _ => self.push_decoded("\n", end),
                }
            }
        }
        Some(())
    }

    fn end_of_line(&self, at: usize, limit: usize) -> usize {
        let rest = &self.written.masked[at.min(limit)..limit];
        at + if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with(['\n', '\r'])) }
    }

    /// Lines without the blanks at their ends follow each other; what is between them was folded.
    fn folded(&mut self, range: Range<usize>, value: &str) -> Option<()> {
        let raw = self.written.masked.get(range.clone())?;
        let mut rest = value;
        let mut gap = range.start;
        for line in line_ranges(raw) {
            let line = range.start + line.start..range.start + line.end;
            let unindented = self.written.masked[line.clone()].trim_start_matches([' ', '\t']);
            let content = unindented.trim_end_matches([' ', '\t']);
            if content.is_empty() {
                continue;
            }
            let start = line.end - unindented.len();
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\n']).len();
            if blanks > 0 {
                self.push_decoded(&rest[..blanks], gap..start);
            }
            rest = rest[blanks..].strip_prefix(content)?;
            self.push(start..start + content.len())?;
            gap = start + content.len();
        }
        if !rest.is_empty() {
            self.push_decoded(rest, gap..range.end);
        }
        Some(())
    }

    fn quoted(&mut self, range: Range<usize>, style: Style) -> Option<()> {
        let quote = if style == Style::SingleQuoted { '\'' } else { '"' };
        let raw = self.written.masked.get(range.clone())?;
        let inner = raw.strip_prefix(quote)?.strip_suffix(quote)?;
        let start = range.start + 1;
        let end = start + inner.len();
        let mut at = start;
        let mut run = start;
        while at < end {
            let rest = &self.written.masked[at..end];
            let character = rest.chars().next()?;
            let step = match character {
                '\'' if style == Style::SingleQuoted => {
                    self.push(run..at)?;
                    self.push_decoded("'", at..at + 2);
                    2
                }
                '\\' if style == Style::DoubleQuoted => {
                    self.push(run..at)?;
                    self.escape(at, end)?
                }
                '\n' | '\r' => {
                    // Blanks before the break are not meant, unless an escape ends there.
                    let kept = self.written.masked[run..at].trim_end_matches([' ', '\t']).len();
                    self.push(run..run + kept)?;
                    self.fold(run + kept, end)? - at
                }
                other => {
                    at += other.len_utf8();
                    continue;
                }
            };
            at += step;
            run = at;
        }
        self.push(run.min(end)..end)
    }

    /// Where the next line's content begins; the breaks between are one blank or some line ends.
    fn fold(&mut self, from: usize, end: usize) -> Option<usize> {
        let rest = &self.written.masked[from..end];
        let next = from + (rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len());
        let between = &self.written.masked[from..next];
        let breaks = between.matches('\n').count().max(between.matches('\r').count());
        let folded = if breaks > 1 { "\n".repeat(breaks - 1) } else { " ".to_owned() };
        self.push_decoded(&folded, from..next);
        Some(next)
    }

    /// One escape of a double-quoted scalar; how many bytes it takes.
    fn escape(&mut self, at: usize, end: usize) -> Option<usize> {
        let rest = &self.written.masked[at + 1..end];
        let character = rest.chars().next()?;
        let simple = match character {
            '0' => "\0",
            'a' => "\x07",
            'b' => "\x08",
            't' | '\t' => "\t",
            'n' => "\n",
            'v' => "\x0B",
            'f' => "\x0C",
            'r' => "\r",
            'e' => "\x1B",
            ' ' => " ",
            '"' => "\"",
            '/' => "/",
            '\\' => "\\",
            'N' => "\u{85}",
            '_' => "\u{A0}",
            'L' => "\u{2028}",
            'P' => "\u{2029}",
            '\n' | '\r' => {
                // The break is not there, nor are the blanks behind it.
                let line = self.end_of_line(at + 1, end);
                let after = &self.written.masked[line..end];
                let next = line + (after.len() - after.trim_start_matches([' ', '\t']).len());
                return Some(next - at);
            }
            'x' | 'u' | 'U' => {
                let digits = match character {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let number = u32::from_str_radix(rest.get(1..1 + digits)?, 16).ok()?;
                // Halves of a surrogate pair are left to the parser's word.
                let meant = char::from_u32(number)?;
                self.push_decoded(meant.encode_utf8(&mut [0; 4]), at..at + 2 + digits);
                return Some(2 + digits);
            }
            _ => return None,
        };
        self.push_decoded(simple, at..at + 1 + character.len_utf8());
        Some(1 + character.len_utf8())
    }
}
