//! A string whose every character knows where it came from.

mod builder;

pub use builder::TextBuilder;

use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use super::{Quoting, SourceId, Span};

/// A string composed of pieces, each with its place in a pasted file.
///
/// Cloning and slicing are cheap: the string and the pieces are shared.
#[derive(Clone)]
pub struct Text {
    string: Rc<str>,
    pieces: Rc<[Piece]>,
    start: u32,
    end: u32,
    /// Where an empty text stands, and what a text without pieces points at.
    anchor: Span,
    /// How many origins stand behind one another.
    deep: u32,
}

/// A run of characters with one source.
#[derive(Clone, Debug)]
struct Piece {
    /// Where the run begins in the composed string.
    at: u32,
    len: u32,
    /// Where it stands in the file. Of the same length as the run only where `verbatim`.
    span: Span,
    /// Whether the run stands in the file letter for letter.
    verbatim: bool,
    layers: Option<Rc<Layer>>,
    /// For a run that a variable put here: the value's own text, of the same length as the run.
    origin: Option<Text>,
    /// For a run that holds only while no variable says otherwise: that variable.
    fallback: Option<Rc<Fallback>>,
}

/// A variable that decides about a run, and where it is named: `${POOL:-gevent}`.
#[derive(Debug)]
pub struct Fallback {
    pub variable: String,
    pub site: Text,
}

/// More origins behind one another than these are not kept; [`Text::origins`] follows fewer.
const MOST_ORIGINS: u32 = 32;

impl Piece {
    /// How many origins stand behind one another.
    fn depth(&self) -> u32 {
        self.origin.as_ref().map_or(0, |origin| 1 + origin.deep)
    }
}

/// The quotings around a run, innermost first.
#[derive(Debug)]
struct Layer {
    quoting: Quoting,
    outside: Option<Rc<Layer>>,
}

/// A place that a value came from, and the text that stood there.
pub type Origin = Text;

impl Text {
    /// A whole file; every byte is its own place.
    pub fn of_source(source: SourceId, string: Rc<str>) -> Text {
        let len = string.len() as u32;
        let span = Span { source, start: 0, end: len };
        let piece = Piece { at: 0, len, span, verbatim: true, layers: None, origin: None, fallback: None };
        Text { string, pieces: Rc::new([piece]), start: 0, end: len, anchor: span, deep: 0 }
    }

    /// A text that stands nowhere itself but points at `place`: a default, a number written out.
    pub fn pointing_at(place: &Text, string: &str) -> Text {
        let mut builder = TextBuilder::new(place);
        builder.push_decoded(string, place);
        builder.finish()
    }

    /// A text that stands at `site`, where a name or a variable brought it: its origin is the text itself.
    #[must_use]
    pub fn standing_at(&self, site: &Text) -> Text {
        let anchor = site.span();
        let (at, len) = (self.start, self.end - self.start);
        let origin = self.with_few_origins();
        let deep = origin.deep + 1;
        let origin = Some(origin);
        let piece = Piece { at, len, span: anchor, verbatim: false, layers: None, origin, fallback: None };
        let pieces: Rc<[Piece]> = if self.is_empty() { Rc::new([]) } else { Rc::new([piece]) };
        // The string is shared: names of long values are used often.
        Text { string: Rc::clone(&self.string), pieces, start: self.start, end: self.end, anchor, deep }
    }

    /// The text; without its origins where there are more behind one another than anybody follows, because each is
    /// dropped within the one before.
    fn with_few_origins(&self) -> Text {
        if self.deep < MOST_ORIGINS {
            return self.clone();
        }
        let pieces = self.pieces.iter().map(|piece| Piece { origin: None, ..piece.clone() }).collect();
        Text { pieces, deep: 0, ..self.clone() }
    }

    pub fn as_str(&self) -> &str {
        &self.string[self.start as usize..self.end as usize]
    }

    /// What stands before it in the string that it is a stretch of.
    pub fn before(&self) -> &str {
        &self.string[..self.start as usize]
    }

    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// A stretch of the text, in bytes of the composed string.
    ///
    /// The range is clipped to the text and to character borders.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Text {
        let clip = |at: usize| {
            let mut at = at.min(self.len());
            while !self.as_str().is_char_boundary(at) {
                at -= 1;
            }
            at as u32
        };
        let (start, end) = (clip(range.start), clip(range.end.max(range.start)));
        let mut slice = Text { start: self.start + start, end: self.start + end, ..self.clone() };
        if slice.is_empty() {
            slice.anchor = self.point(slice.start);
        }
        slice
    }

    /// The text without blanks at its ends.
    #[must_use]
    pub fn trim(&self) -> Text {
        let text = self.as_str();
        let start = text.len() - text.trim_start().len();
        self.slice(start..start + text.trim().len())
    }

    /// The lines without their ends, as texts.
    pub fn lines(&self) -> impl Iterator<Item = Text> + '_ {
        let mut at = 0;
        let whole = self.as_str();
        std::iter::from_fn(move || {
            if at >= whole.len() {
                return None;
            }
            let rest = &whole[at..];
            let (line, step) = match rest.find(['\n', '\r']) {
                Some(end) if rest[end..].starts_with("\r\n") => (end, end + 2),
                Some(end) => (end, end + 1),
                None => (rest.len(), rest.len()),
            };
            let text = self.slice(at..at + line);
            at += step;
            Some(text)
        })
    }

    /// The place in the file: the outermost use, from the first to the last character.
    pub fn span(&self) -> Span {
        let mut place: Option<Span> = None;
        for piece in self.own_pieces() {
            let here = self.place_of(piece);
            place = Some(place.map_or(here, |before| before.to(here)));
        }
        place.unwrap_or(self.anchor)
    }

    /// Where the characters came from, when a variable put them here: outermost first, each place once.
    pub fn origins(&self) -> Vec<Origin> {
        let mut found = Vec::new();
        self.collect_origins(&mut found, 0);
        let mut seen = Vec::new();
        found.retain(|origin: &Text| {
            let is_new = !seen.contains(&origin.span());
            seen.push(origin.span());
            is_new
        });
        found
    }

    /// The variable that may say otherwise, where part of the text is a fallback or comes from one.
    pub fn fallback(&self) -> Option<Rc<Fallback>> {
        self.own_pieces().find_map(|piece| piece.fallback.clone().or_else(|| self.origin_of(piece)?.fallback()))
    }

    /// The text as a fallback of a variable that is named at `site`.
    #[must_use]
    pub fn unless_set(&self, variable: &str, site: &Text) -> Text {
        let mut builder = TextBuilder::new(self);
        builder.push_fallback(self, variable, site);
        builder.finish()
    }

    /// The text with the values of variables in place of fallbacks. `value` says of a variable whether it is set, and
    /// to what if that is known; `None` where what the text then reads cannot be told.
    pub fn settled(&self, value: &dyn Fn(&str) -> Option<Option<Text>>) -> Option<Text> {
        let mut builder = TextBuilder::new(self);
        for piece in self.own_pieces() {
            let own = self.slice_of(piece);
            if let Some(fallback) = &piece.fallback
                && let Some(value) = value(&fallback.variable)
            {
                let value = value?;
                let whole = &self.string[piece.at as usize..(piece.at + piece.len) as usize];
                match whole == value.as_str() {
                    // It is what stands here already, or a part of it.
                    true => builder.push_substituted(&value.slice(self.clipped_in(piece)), &fallback.site),
                    false if own.len() == whole.len() => builder.push_substituted(&value, &fallback.site),
                    false => return None,
                }
            } else if let Some(origin) = self.origin_of(piece).filter(|origin| origin.fallback().is_some()) {
                builder.push_substituted(&origin.settled(value)?, &own);
            } else {
                builder.push(&own);
            }
        }
        Some(builder.finish())
    }

    fn collect_origins(&self, found: &mut Vec<Text>, depth: usize) {
        // A name that is defined through itself cannot be built, but a long chain can: it is cut.
        if depth > 16 {
            return;
        }
        let mut pieces = self.own_pieces().filter_map(|piece| self.origin_of(piece)).peekable();
        while let Some(mut origin) = pieces.next() {
            // Neighbouring runs of one value are one origin.
            while let Some(next) = pieces.peek() {
                let of_one = Rc::ptr_eq(&origin.string, &next.string) && Rc::ptr_eq(&origin.pieces, &next.pieces);
                if of_one && origin.end == next.start {
                    origin.end = next.end;
                    pieces.next();
                } else {
                    break;
                }
            }
            // A name in braces brings what its own place brought.
            let is_here = depth > 0 && origin.span() == self.span();
            let is_known = found.iter().any(|known: &Text| known.span() == origin.span());
            if !is_known {
                found.push(origin.clone());
            }
            if is_here || !is_known {
                origin.collect_origins(found, depth + 1);
            }
        }
    }

    /// The edit that makes this text read `new`: the stretch of the file and what to write there.
    ///
    /// `None` where the text is not one verbatim run, or where `new` cannot be written in its quoting.
    pub fn replacement(&self, new: &str) -> Option<(Span, String)> {
        let mut pieces = self.own_pieces();
        let piece = pieces.next()?;
        if pieces.next().is_some() || !piece.verbatim {
            return None;
        }
        let mut written = new.to_owned();
        let mut layer = piece.layers.as_ref();
        while let Some(here) = layer {
            written = here.quoting.encode(&written)?;
            layer = here.outside.as_ref();
        }
        Some((self.place_of(piece), written))
    }

    /// The pieces that this slice touches.
    fn own_pieces(&self) -> impl Iterator<Item = &Piece> {
        let first = self.pieces.partition_point(|piece| piece.at + piece.len <= self.start);
        self.pieces[first..].iter().take_while(|piece| piece.at < self.end)
    }

    /// The part of a piece that this slice touches, from the piece's beginning.
    fn clipped(&self, piece: &Piece) -> Range<u32> {
        self.start.max(piece.at) - piece.at..self.end.min(piece.at + piece.len) - piece.at
    }

    fn clipped_in(&self, piece: &Piece) -> Range<usize> {
        let Range { start, end } = self.clipped(piece);
        start as usize..end as usize
    }

    /// What this slice has of a piece.
    fn slice_of(&self, piece: &Piece) -> Text {
        let Range { start, end } = self.clipped(piece);
        Text { start: piece.at + start, end: piece.at + end, ..self.clone() }
    }

    /// A piece's place, cut to this slice.
    fn place_of(&self, piece: &Piece) -> Span {
        if !piece.verbatim {
            return piece.span;
        }
        let Range { start, end } = self.clipped(piece);
        Span { source: piece.span.source, start: piece.span.start + start, end: piece.span.start + end }
    }

    /// A piece's origin, cut to this slice.
    fn origin_of(&self, piece: &Piece) -> Option<Text> {
        Some(piece.origin.as_ref()?.slice(self.clipped_in(piece)))
    }

    /// The empty place at an offset of the composed string.
    fn point(&self, at: u32) -> Span {
        let index = self.pieces.partition_point(|piece| piece.at + piece.len < at);
        match self.pieces.get(index) {
            Some(piece) if piece.verbatim => {
                let here = piece.span.start + (at.max(piece.at) - piece.at);
                Span { source: piece.span.source, start: here, end: here }
            }
            Some(piece) => piece.span,
            None => self.anchor,
        }
    }
}

/// Two texts are equal when they read the same at the same place.
impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.as_str() == other.as_str() && self.span() == other.span()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = self.span();
        write!(formatter, "{:?}@{}:{}..{}", self.as_str(), span.source.0, span.start, span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Text {
        Text::of_source(SourceId(0), text.into())
    }

    fn stretch(whole: &Text, text: &Text) -> String {
        let span = text.span();
        whole.as_str()[span.start as usize..span.end as usize].to_owned()
    }

    #[test]
    fn a_slice_knows_its_bytes() {
        let whole = source("한글 = 'worked'");
        let at = whole.as_str().find("worked").unwrap();
        let word = whole.slice(at..at + 6);
        assert_eq!((word.as_str(), stretch(&whole, &word).as_str()), ("worked", "worked"));
        assert_eq!(word.replacement("worker"), Some((word.span(), "worker".to_owned())));
    }

    #[test]
    fn a_word_in_a_shell_line_in_a_yaml_string_is_edited_through_both() {
        // command: "sh -c 'celery work\"ed'"  with the quote escaped for YAML.
        let whole = source(r#"c: "celery 'wor\"ked' x""#);
        let mut yaml = TextBuilder::new(&whole).inside(Quoting::YamlDouble);
        yaml.push(&whole.slice(4..15));
        yaml.push_decoded("\"", &whole.slice(15..17));
        yaml.push(&whole.slice(17..23));
        let scalar = yaml.finish();
        assert_eq!(scalar.as_str(), "celery 'wor\"ked' x");
        let mut shell = TextBuilder::new(&scalar).inside(Quoting::ShellSingle);
        shell.push(&scalar.slice(8..15));
        let word = shell.finish();
        assert_eq!(word.as_str(), "wor\"ked");
        assert_eq!(stretch(&whole, &word), "wor\\\"ked");
        // The whole word is three runs: no edit. A verbatim part of it is one.
        assert_eq!(word.replacement("x"), None);
        let part = word.slice(4..7);
        assert_eq!(stretch(&whole, &part), "ked");
        assert_eq!(part.replacement("k\"d").map(|(_, text)| text).as_deref(), Some("k\\\"d"));
    }

    #[test]
    fn a_substituted_value_points_at_its_use_and_knows_its_origin() {
        let whole = source("URL = 'amqp://h'\nBACKEND = URL");
        let value = whole.slice(7..15);
        let site = whole.slice(27..30);
        let mut builder = TextBuilder::new(&site);
        builder.push_substituted(&value, &site);
        let used = builder.finish();
        let scheme = used.slice(0..4);
        assert_eq!(scheme.as_str(), "amqp");
        assert_eq!(stretch(&whole, &scheme), "URL");
        assert_eq!(scheme.origins().iter().map(|o| stretch(&whole, o)).collect::<Vec<_>>(), ["amqp"]);
        assert_eq!(scheme.replacement("rpc"), None);
    }

    #[test]
    fn a_fallback_gives_way_to_the_value_of_its_variable() {
        let whole = source("A=xy ${A:-b} $C");
        let mut builder = TextBuilder::new(&whole);
        builder.push(&whole.slice(2..3));
        builder.push_fallback(&whole.slice(10..11), "A", &whole.slice(5..12));
        let text = builder.finish();
        assert_eq!(text.fallback().map(|it| it.variable.clone()).as_deref(), Some("A"));
        assert!(text.slice(0..1).fallback().is_none());
        // Also where another name brought it.
        let used = text.standing_at(&whole.slice(13..15));
        assert!(used.fallback().is_some());
        let value = |name: &str| (name == "A").then(|| Some(whole.slice(2..4)));
        for text in [&text, &used] {
            let settled = text.settled(&value).unwrap();
            assert_eq!((settled.as_str(), settled.fallback().is_none()), ("xxy", true));
            assert_eq!(text.settled(&|_| None).unwrap().as_str(), "xb");
            assert!(text.settled(&|_| Some(None)).is_none());
        }
    }

    #[test]
    fn an_empty_text_points_at_its_place_or_owner() {
        let whole = source("A=\nB=2");
        assert_eq!(whole.slice(2..2).span(), Span { source: SourceId(0), start: 2, end: 2 });
        assert_eq!(TextBuilder::new(&whole.slice(0..1)).finish().span(), whole.slice(0..1).span());
    }

    #[test]
    fn lines_end_at_lf_crlf_and_cr() {
        let whole = source("a\r\nb\rc\n\nd");
        assert_eq!(whole.lines().map(|line| line.as_str().to_owned()).collect::<Vec<_>>(), ["a", "b", "c", "", "d"]);
    }
}
