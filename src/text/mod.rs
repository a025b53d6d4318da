//! Floor 0: nothing forgets where it stands.
//!
//! A [`Source`] is one pasted file. A [`Span`] is a stretch of its bytes. A [`Text`] is a string whose every
//! character knows the bytes it came from, through any number of layers: a Markdown fence in a block quote,
//! a YAML string, a shell word, a Python format string whose holes were filled from variables.
//! Lines and columns are made only where they are shown, by [`LineIndex`].

mod composed;
mod encode;
mod lines;
pub mod order;

pub use composed::{Fallback, Origin, Text, TextBuilder};
pub use encode::Quoting;
pub use lines::LineIndex;

use std::rc::Rc;

/// Which pasted file: an index into the list of sources, in the order they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A stretch of bytes of one source; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn len(self) -> u32 {
        self.end - self.start
    }

    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    pub fn overlaps(self, other: Span) -> bool {
        self.source == other.source && self.start < other.end && other.start < self.end
    }

    /// The smallest stretch that holds both. Both must be of one source; else `self` stays.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value with the place where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    pub value: T,
    pub at: Text,
}

impl<T> Located<T> {
    pub fn new(value: T, at: Text) -> Self {
        Located { value, at }
    }
}

/// One pasted file, decoded. Line ends stay as they were; a byte order mark is gone.
#[derive(Debug)]
pub struct Source {
    pub id: SourceId,
    /// The name that was given, with `/` between folders.
    pub path: String,
    pub text: Rc<str>,
}

impl Source {
    /// The whole file as a text whose places are its own bytes.
    pub fn whole(&self) -> Text {
        Text::of_source(self.id, Rc::clone(&self.text))
    }
}
