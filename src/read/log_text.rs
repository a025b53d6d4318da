//! Logs, line by line: what a line says without the dress that programs and containers put around it.
//!
//! Lines are made when somebody asks for them, so that a long log costs no memory. There is no limit on size.
//! What a message means is not known here.

mod prefix;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::Trouble;
use crate::text::{Text, TextBuilder};
use prefix::Prefix;

/// How far from a place its line's beginning is looked for.
const LONGEST_LINE: usize = 64 * 1024;
/// How many lines behind a line are looked at for what goes on there.
const FURTHEST: usize = 400;

#[derive(Clone, Debug)]
pub struct Log {
    text: Text,
}

/// One line of a log.
#[derive(Clone, Debug)]
pub struct Line {
    /// The line as it stands there, without its end.
    pub at: Text,
    /// What it says, without the parts below and without colours.
    pub message: Text,
    /// `2024-05-01 10:00:00,123`, as written.
    pub time: Option<Text>,
    pub level: Option<Level>,
    /// `MainProcess`, `ForkPoolWorker-1`; for RabbitMQ the Erlang process.
    pub process: Option<Text>,
    /// The container or program whose line it is, where several write into one log.
    pub source: Option<Text>,
    /// It begins an entry: it has a time or a level of its own.
    pub begins: bool,
    /// Where it stands in the log's text.
    range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

pub fn read(text: &Text) -> (Log, Vec<Trouble>) {
    (Log { text: text.clone() }, Vec::new())
}

impl Log {
    pub fn text(&self) -> &Text {
        &self.text
    }

    pub fn lines(&self) -> Lines<'_> {
        Lines { log: self, at: 0 }
    }

    /// The line that holds this byte of the log's text.
    pub fn line_at(&self, offset: usize) -> Option<Line> {
        let whole = self.text.as_str();
        if offset > whole.len() {
            return None;
        }
        // Between the two halves of a line end.
        let inside = offset > 0 && whole.as_bytes()[offset - 1..].starts_with(b"\r\n");
        let offset = offset - usize::from(inside);
        let mut from = offset.saturating_sub(LONGEST_LINE);
        while !whole.is_char_boundary(from) {
            from += 1;
        }
        let before = &whole.as_bytes()[from..offset.max(from)];
        let start = before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(from, |end| from + end + 1);
        Lines { log: self, at: start }.next()
    }

    /// The lines that go on with this one: up to the next entry, others' lines between them left out.
    pub fn following(&self, line: &Line) -> impl Iterator<Item = Line> {
        let source = line.source.as_ref().map(|source| source.as_str().to_owned());
        let behind = Lines { log: self, at: behind_line(self.text.as_str(), line.range.end) };
        behind
            .take(FURTHEST)
            .filter(move |next| next.source.as_ref().map(Text::as_str) == source.as_deref())
            .take_while(|next| !next.begins)
    }

    /// A wrapped message in one: this line's and those of at most `most` lines that go on, a blank between them.
    ///
    /// Blanks at the lines' ends are left out, so that a message reads the same however it was wrapped.
    pub fn joined(&self, line: &Line, most: usize) -> Text {
        let mut builder = TextBuilder::new(&line.at);
        builder.push(&line.message.trim());
        for next in self.following(line).take(most) {
            let part = next.message.trim();
            if part.is_empty() {
                continue;
            }
            if !builder.is_empty() {
                builder.push_decoded(" ", &part.slice(0..0));
            }
            builder.push(&part);
        }
        builder.finish()
    }
}

/// The lines of a log, from some place on.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    log: &'a Log,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let whole = self.log.text.as_str();
        if self.at >= whole.len() {
            return None;
        }
        let rest = &whole.as_bytes()[self.at..];
        let len = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let range = self.at..self.at + len;
        self.at = behind_line(whole, range.end);
        Some(Line::read(self.log.text.slice(range.clone()), range))
    }
}

/// Where the next line begins.
fn behind_line(whole: &str, end: usize) -> usize {
    end + if whole.as_bytes()[end..].starts_with(b"\r\n") { 2 } else { 1 }
}

impl Line {
    fn read(at: Text, range: Range<usize>) -> Line {
        let plain = without_colours(&at);
        let prefix = Prefix::of(plain.as_str());
        let part = |range: &Option<Range<usize>>| range.clone().map(|range| plain.slice(range));
        Line {
            message: plain.slice(prefix.end..plain.len()),
            time: part(&prefix.time),
            process: part(&prefix.process),
            source: part(&prefix.source),
            level: prefix.level,
            begins: prefix.begins,
            at,
            range,
        }
    }

    /// Where the line stands in the text that the log was read from.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }
}

/// The line without the terminal's colour and cursor codes.
fn without_colours(line: &Text) -> Text {
    let text = line.as_str();
    if !text.contains('\x1B') {
        return line.clone();
    }
    let mut builder = TextBuilder::new(line);
    let mut run = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find('\x1B') {
        let start = at + found;
        let rest = &text.as_bytes()[start + 1..];
        let len = match rest.first() {
            // CSI: parameters, then one letter.
            Some(b'[') => rest.iter().position(|byte| byte.is_ascii_alphabetic()).map_or(rest.len(), |end| end + 1),
            // A code of one letter.
            Some(byte) if byte.is_ascii() => 1,
            _ => 0,
        };
        builder.push(&line.slice(run..start));
        run = start + 1 + len;
        while !text.is_char_boundary(run) {
            run += 1;
        }
        at = run;
    }
    builder.push(&line.slice(run..text.len()));
    builder.finish()
}
