//! Composing a text piece by piece, so that it keeps its places.

use std::rc::Rc;

use super::{Fallback, Layer, Piece, Quoting, Text};
use crate::text::Span;

/// Composes a text from pieces of other texts, left to right.
pub struct TextBuilder {
    string: Composed,
    /// Most texts are of one piece: the others stand apart.
    first: Option<Piece>,
    pieces: Vec<Piece>,
    anchor: Span,
    quoting: Option<Quoting>,
    /// Layers made so far, so that neighbouring runs of one scalar share theirs.
    last_layer: Option<(Option<Rc<Layer>>, Rc<Layer>)>,
    /// What is pushed now is the fallback of this variable.
    fallback: Option<Rc<Fallback>>,
}

/// The characters so far. Most texts are one stretch of another, and share its string.
enum Composed {
    Stretch { string: Rc<str>, start: u32, end: u32 },
    Own(String),
}

impl Composed {
    fn as_str(&self) -> &str {
        match self {
            Composed::Stretch { string, start, end } => &string[*start as usize..*end as usize],
            Composed::Own(string) => string,
        }
    }

    /// Adds the stretch of a string.
    fn push(&mut self, part: &Rc<str>, from: u32, to: u32) {
        match self {
            Composed::Own(own) if own.is_empty() => {
                *self = Composed::Stretch { string: Rc::clone(part), start: from, end: to };
            }
            Composed::Stretch { string, end, .. } if *end == from && Rc::ptr_eq(string, part) => *end = to,
            _ => self.push_str(&part[from as usize..to as usize]),
        }
    }

    fn push_str(&mut self, characters: &str) {
        if characters.is_empty() {
            return;
        }
        if let Composed::Stretch { .. } = self {
            *self = Composed::Own(self.as_str().to_owned());
        }
        if let Composed::Own(own) = self {
            own.push_str(characters);
        }
    }
}

impl TextBuilder {
    /// `owner` is what the text points at while it is empty.
    pub fn new(owner: &Text) -> Self {
        TextBuilder {
            string: Composed::Own(String::new()),
            first: None,
            pieces: Vec::new(),
            anchor: owner.span(),
            quoting: None,
            last_layer: None,
            fallback: None,
        }
    }

    /// What is pushed from here on stands inside this quoting.
    #[must_use]
    pub fn inside(mut self, quoting: Quoting) -> Self {
        self.quoting_is(quoting);
        self
    }

    /// Like [`TextBuilder::inside`], in the middle of a text: `a'b'"c"` is one shell word of three quotings.
    pub fn quoting_is(&mut self, quoting: Quoting) {
        if self.quoting != Some(quoting) {
            self.quoting = Some(quoting);
            self.last_layer = None;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }

    pub fn as_str(&self) -> &str {
        self.string.as_str()
    }

    /// Characters that stand in `part` letter for letter.
    pub fn push(&mut self, part: &Text) {
        for piece in part.own_pieces() {
            let (span, origin) = (part.place_of(piece), part.origin_of(piece));
            let from = part.start.max(piece.at);
            let to = part.end.min(piece.at + piece.len);
            let layers = self.layered(piece.layers.as_ref());
            let fallback = self.fallback.clone().or_else(|| piece.fallback.clone());
            let piece = Piece { at: 0, len: to.saturating_sub(from), span, layers, origin, fallback, ..*piece };
            self.add(piece);
            if from < to {
                self.string.push(&part.string, from, to);
            }
        }
    }

    /// Characters that `from` stands for: an escape sequence, a folded line break.
    pub fn push_decoded(&mut self, characters: &str, from: &Text) {
        self.add_own(characters.len(), from, None);
        self.string.push_str(characters);
    }

    /// What stands here while no variable says otherwise.
    pub fn push_fallback(&mut self, part: &Text, variable: &str, site: &Text) {
        self.fallback = Some(Rc::new(Fallback { variable: variable.to_owned(), site: site.clone() }));
        self.push(part);
        self.fallback = None;
    }

    /// The value of a variable, put where `site` names it.
    pub fn push_substituted(&mut self, value: &Text, site: &Text) {
        self.add_own(value.len(), site, Some(value.with_few_origins()));
        self.string.push_str(value.as_str());
    }

    /// Of how many runs it is made.
    pub fn runs(&self) -> usize {
        usize::from(self.first.is_some()) + self.pieces.len()
    }

    pub fn finish(self) -> Text {
        let (string, start, end) = match self.string {
            Composed::Stretch { string, start, end } => (string, start, end),
            Composed::Own(string) => {
                let end = string.len() as u32;
                (string.into(), 0, end)
            }
        };
        let placed = |piece: Piece| Piece { at: piece.at + start, ..piece };
        let pieces: Rc<[Piece]> = match self.first {
            Some(only) if self.pieces.is_empty() => Rc::new([placed(only)]),
            first => first.into_iter().chain(self.pieces).map(placed).collect(),
        };
        let deep = pieces.iter().map(Piece::depth).max().unwrap_or(0);
        Text { string, pieces, start, end, anchor: self.anchor, deep }
    }

    fn layered(&mut self, outside: Option<&Rc<Layer>>) -> Option<Rc<Layer>> {
        let Some(quoting) = self.quoting else { return outside.cloned() };
        if let Some((known, made)) = &self.last_layer {
            let same = match (known, outside) {
                (None, None) => true,
                (Some(known), Some(outside)) => Rc::ptr_eq(known, outside),
                _ => false,
            };
            if same {
                return Some(Rc::clone(made));
            }
        }
        let made = Rc::new(Layer { quoting, outside: outside.cloned() });
        self.last_layer = Some((outside.cloned(), Rc::clone(&made)));
        Some(made)
    }

    /// A run that does not stand in the file.
    fn add_own(&mut self, len: usize, at: &Text, origin: Option<Text>) {
        let (len, span) = (len as u32, at.span());
        self.add(Piece { at: 0, len, span, verbatim: false, layers: None, origin, fallback: None });
    }

    /// The piece of the characters that are added next.
    fn add(&mut self, piece: Piece) {
        let Piece { len, span, verbatim, ref layers, ref fallback, .. } = piece;
        if len == 0 {
            return;
        }
        // Neighbouring verbatim pieces of one quoting merge: an edit may then cover both.
        if let Some(last) = self.pieces.last_mut().or(self.first.as_mut()) {
            let same_layers = match (&last.layers, layers) {
                (None, None) => true,
                (Some(last), Some(new)) => Rc::ptr_eq(last, new),
                _ => false,
            };
            let touches = last.span.source == span.source && last.span.end == span.start;
            if last.verbatim && verbatim && same_layers && touches && last.fallback.is_none() && fallback.is_none() {
                last.len += len;
                last.span.end = span.end;
                return;
            }
        }
        let at = self.as_str().len() as u32;
        let piece = Piece { at, ..piece };
        if self.first.is_none() {
            self.first = Some(piece);
        } else {
            self.pieces.push(piece);
        }
    }
}
