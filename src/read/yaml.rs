//! YAML with places: compose files, manifests, values, and stretches of them.
//!
//! The parser's event stream becomes a tree of our own; aliases are followed when somebody asks, merges (`<<`)
//! when a key is looked up. Template actions are hidden from the parser. A broken document keeps what was read
//! of it, and reading goes on with the next one. What the keys mean is not known here.

mod build;
mod merge;
mod node;
mod scalar;
mod template;
#[cfg(test)]
mod tests;

pub use merge::{Change, changed, merged};
pub use node::{Alias, Entry, Node, NodeValue, Scalar, Style};

use std::ops::Range;
use std::rc::Rc;

use granit_parser::ErrorKind;

use super::troubles::Troubles;
use super::{Trouble, TroubleKind};
use crate::text::{Text, order};
use build::{Builder, Parser};
use scalar::Written;

/// A file larger than this is read to here.
const LARGEST: usize = 2 * 1024 * 1024;
/// Collections in collections: the parser's own limit, and ours through aliases.
const DEEPEST: u32 = 255;
/// Aliases are followed up to so many nodes more than a document has; further ones stay unresolved.
const MOST_NODES: u64 = 100_000;
/// How many pieces a fragment may have whose lines begin further and further out.
const MOST_PIECES: usize = 64;

/// A YAML file.
#[derive(Debug, Default)]
pub struct Yaml {
    pub documents: Vec<Document>,
    /// In the order of the file.
    pub comments: Vec<Comment>,
}

#[derive(Debug)]
pub struct Document {
    pub at: Text,
    /// `None` where nothing stands between the separators.
    pub root: Option<Rc<Node>>,
    /// Not all of it could be read: what is missing here is not shown.
    pub broken: bool,
}

#[derive(Debug)]
pub struct Comment {
    /// With its `#`.
    pub at: Text,
    /// Nothing stands before it on its line.
    pub alone: bool,
}

impl Yaml {
    /// The documents' roots.
    pub fn roots(&self) -> impl Iterator<Item = &Node> {
        self.documents.iter().filter_map(|document| document.root.as_deref())
    }
}

pub fn read(text: &Text) -> (Yaml, Vec<Trouble>) {
    let whole = text.slice(0..LARGEST);
    let (masked, hidden) = template::hide(whole.as_str());
    let mut builder = Builder::new(Written { text: &whole, masked: &masked }, &hidden);
    let mut begin = 0;
    let mut pieces = 0;
    loop {
        builder.begin(begin);
        match parse(&mut builder, &masked, begin) {
            Some(next) if pieces < MOST_PIECES => {
                begin = next;
                pieces += 1;
            }
            _ => break,
        }
    }
    let fragment = pieces > 0 || !hidden.is_empty() || whole.as_str().starts_with([' ', '\t']);
    let mut troubles = Troubles::default();
    // Said first: it must not be lost among others.
    if text.len() > whole.len() {
        let what = TroubleKind::TooLarge { limit: LARGEST as u64 };
        troubles.add(whole.len(), text.slice(whole.len()..text.len()), what, false);
    }
    let mut found = std::mem::take(&mut builder.troubles);
    order::sort_by_key(&mut found, |(range, ..)| range.start);
    for (range, what, refused) in found {
        // In a template two branches may say the same key.
        if hidden.is_empty() || !matches!(what, TroubleKind::YamlDuplicateKey { .. }) {
            let line = masked[..range.start.min(masked.len())].rfind('\n').map_or(0, |at| at + 1);
            troubles.add(line, whole.slice(range), what, refused && !fragment);
        }
    }
    (Yaml { documents: builder.documents, comments: builder.comments }, troubles.finish())
}

/// Reads from `begin`; where a fragment's lines begin further out than its first, says where to read on.
fn parse(builder: &mut Builder<'_>, masked: &str, begin: usize) -> Option<usize> {
    let options = granit_parser::options! {
        emit_anchor_events: false,
        emit_unresolved_aliases: true,
        // Long comments are usual in values files, and each is read once.
        max_buffered_comment_events: 100_000,
    };
    let mut parser: Parser<'_> = Parser::new_from_str_with_options(&masked[begin..], options);
    loop {
        match parser.next_event()? {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => {
                let at = begin + error.marker().byte_offset().unwrap_or(0);
                if let Some(next) = further_out(masked, begin, at, error.kind()) {
                    builder.break_off(next);
                    return Some(next);
                }
                builder.break_off(at);
                let at_end = is_on_last_line(masked, at);
                let what = match error.kind() {
                    ErrorKind::RecursionLimitExceeded => TroubleKind::TooDeep { limit: DEEPEST },
                    _ => TroubleKind::YamlSyntax { said: error.info() },
                };
                // What breaks off at the end was cut rather than miswritten.
                let refused = !at_end && matches!(what, TroubleKind::YamlSyntax { .. });
                builder.troubles.push((place(masked, at), what, refused));
                if parser.proceed_next_document() != Ok(true) {
                    return None;
                }
            }
        }
    }
}

/// A fragment cut from the middle: its first line is indented, and a later one less.
fn further_out(masked: &str, begin: usize, at: usize, kind: &ErrorKind) -> Option<usize> {
    if !matches!(kind, ErrorKind::ExpectedDocumentStart | ErrorKind::InvalidIndentation) {
        return None;
    }
    let indent_of = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let first = masked[begin..].lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    let line = masked[..at].rfind('\n').map_or(0, |end| end + 1);
    // The parser may stand at the end of the line before.
    let line = if masked[line..].trim_start_matches(' ').starts_with(['\n', '\r']) {
        line + masked[line..].find('\n')? + 1
    } else {
        line
    };
    let here = masked[line..].lines().next()?;
    (line > begin && indent_of(here) < indent_of(first)).then_some(line)
}

fn is_on_last_line(masked: &str, at: usize) -> bool {
    !masked[at.min(masked.len())..].trim_end().contains(['\n', '\r'])
}

/// From where the parser stopped to the end of that line; at the end of the file, the last line.
fn place(masked: &str, at: usize) -> Range<usize> {
    let at = at.min(masked.len());
    let end = masked[at..].find(['\n', '\r']).map_or(masked.len(), |len| at + len);
    if !masked[at..end].trim().is_empty() {
        return at..end;
    }
    let before = masked[..at].trim_end();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    line + (before[line..].len() - before[line..].trim_start().len())..before.len()
}
