//! Lines and columns of spans, made once for each file.

use crate::text::{LineIndex, Source, Span};
use crate::words::Point;

/// The files' texts and where their lines begin.
#[derive(Debug)]
pub struct Places {
    files: Vec<(std::rc::Rc<str>, LineIndex)>,
}

impl Places {
    pub(super) fn new(sources: &[Source]) -> Self {
        Places { files: sources.iter().map(|source| (source.text.clone(), LineIndex::new(&source.text))).collect() }
    }

    /// The point of a byte offset in a file.
    pub fn point(&self, file: u32, offset: u32) -> Point {
        let Some((text, index)) = self.files.get(file as usize) else { return Point::default() };
        let at = index.at(text, offset);
        Point { line: at.line, column: at.column, offset, utf16: at.utf16 }
    }

    /// The first and the last line of a span, from 1.
    pub fn lines(&self, span: Span) -> (u32, u32) {
        let last = if span.is_empty() { span.end } else { span.end - 1 };
        (self.point(span.source.0, span.start).line, self.point(span.source.0, last).line)
    }

    /// The text of a file.
    pub fn text(&self, file: u32) -> &str {
        self.files.get(file as usize).map_or("", |(text, _)| text)
    }

    /// The byte offsets at which a line begins and ends, without its line end.
    pub fn line_span(&self, file: u32, line: u32) -> Option<(u32, u32)> {
        let (text, index) = self.files.get(file as usize)?;
        let start = index.start_of(line)?;
        let end = text[start as usize..].find(['\n', '\r']).map_or(text.len() as u32, |at| start + at as u32);
        Some((start, end))
    }
}
