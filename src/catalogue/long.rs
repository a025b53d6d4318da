//! The long texts of the cards: why, fix, what a rule keeps silent about, and the examples.
//!
//! The page fetches them as packs; faces with room for them have them built in.

/// A text in both languages, as Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub ko: &'static str,
    pub en: &'static str,
}

#[derive(Debug)]
pub struct LongText {
    pub id: &'static str,
    pub why: Pair,
    pub fix: Pair,
    /// Remedies for particular kinds of input.
    pub fix_in: &'static [(&'static str, Pair)],
    pub silent_on: Pair,
    pub examples: &'static [Example],
}

/// An example: what is wrong, the same mended, or what must stay silent. Files are name and text.
#[derive(Debug)]
pub struct Example {
    pub kind: Option<&'static str>,
    /// The version that the reader chose, if the example depends on one.
    pub celery: Option<&'static str>,
    pub bad: Option<&'static [(&'static str, &'static str)]>,
    pub good: Option<&'static [(&'static str, &'static str)]>,
    pub silent: Option<&'static [(&'static str, &'static str)]>,
    /// Values that the message must hold, as it shows them.
    pub expect: &'static [(&'static str, &'static str)],
}

include!(concat!(env!("OUT_DIR"), "/long_texts.rs"));

/// The long texts of a rule.
pub fn of(id: &str) -> Option<&'static LongText> {
    LONG_TEXTS.binary_search_by(|text| text.id.cmp(id)).ok().map(|index| &LONG_TEXTS[index])
}
