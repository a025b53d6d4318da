//! Words of instructions: quotes taken off, variables left as they are written but known by name.

use std::ops::Range;

use crate::read::references::{Reference, reference_len};
use crate::text::{Quoting, Text, TextBuilder};

/// A word without its quotes.
#[derive(Clone, Debug)]
pub struct Word {
    pub text: Text,
    /// The variables that it names, in order. What single quotes or the escape character protect is not among them.
    pub references: Vec<Reference>,
}

impl Word {
    pub(super) fn read(written: &Text, escape: char) -> Word {
        let text = written.as_str();
        let mut builder = TextBuilder::new(written).inside(Quoting::ShellBare);
        let mut found = Vec::new();
        let mut quote = None;
        // What was seen since here stands for itself.
        let mut run = 0;
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            let next = at + character.len_utf8();
            let special = match quote {
                Some('\'') => character == '\'',
                _ => matches!(character, '\'' | '"' | '$') || character == escape,
            };
            if !special || (quote == Some('"') && character == '\'') {
                at = next;
                continue;
            }
            builder.push(&written.slice(run..at));
            run = next;
            if character == '$' {
                let len = reference_len(&text[at..]);
                let begin = builder.as_str().len();
                run = at;
                if len > 1 {
                    builder.push(&written.slice(at..at + len));
                    found.push(begin..begin + len);
                    run = at + len;
                }
                at += len;
                continue;
            }
            if matches!(character, '\'' | '"') {
                quote = if quote.is_some() { None } else { Some(character) };
                builder.quoting_is(match quote {
                    None => Quoting::ShellBare,
                    Some('"') => Quoting::ShellDouble,
                    Some(_) => Quoting::ShellSingle,
                });
            } else {
                // In double quotes the escape character protects only what means something there.
                let escaped = text[next..].chars().next();
                match escaped.filter(|&c| quote.is_none() || c == '"' || c == '$' || c == escape) {
                    Some(escaped) => {
                        run = next + escaped.len_utf8();
                        builder.push_decoded(escaped.encode_utf8(&mut [0; 4]), &written.slice(at..run));
                    }
                    None => run = at,
                }
            }
            at = run.max(next);
        }
        builder.push(&written.slice(run..text.len()));
        let text = builder.finish();
        let references = found.into_iter().filter_map(|range| Reference::of(&text, range)).collect();
        Word { text, references }
    }

    /// The text, if no variable has a part in it.
    pub fn known(&self) -> Option<&Text> {
        self.references.is_empty().then_some(&self.text)
    }
}

/// The stretches of the words, split at blanks outside quotes.
pub(super) fn split(text: &str, escape: char) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if quote.is_none() && !escaped && character.is_whitespace() {
            words.extend(start.take().map(|start| start..at));
            continue;
        }
        start.get_or_insert(at);
        match (quote, character) {
            _ if escaped => escaped = false,
            (Some('\''), '\'') => quote = None,
            (Some('\''), _) => {}
            (_, _) if character == escape => escaped = true,
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    words.extend(start.map(|start| start..text.len()));
    words
}
