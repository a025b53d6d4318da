//! Floor 0: cards, the words of the rules in both languages.
//!
//! A card is the YAML file beside its rule. The build script checks every card and generates a static and a
//! typed message for it; this module holds their types and how a message becomes a sentence.

mod packed;
mod show;
pub mod version;

#[cfg(feature = "cli")]
pub mod long;

pub use show::{AsBytes, AsCode, AsCodeList, AsNumber, AsPlace, AsSeconds, AsVersion, AsWords, Shown, sentence};

pub use crate::words::{Bilingual, Category, Severity};

/// The generated cards and their messages.
pub mod cards {
    // Not every card uses every kind of value.
    #[allow(unused_imports)]
    use super::{AsBytes, AsCode, AsCodeList, AsNumber, AsPlace, AsSeconds, AsVersion, AsWords, Card, Message};

    include!(concat!(env!("OUT_DIR"), "/cards.rs"));
}

/// A card by its number; what it says is read through it, as in `card.id`.
#[derive(Debug)]
pub struct Card {
    number: u16,
}

/// Everything a rule may say, without the long texts.
#[derive(Debug)]
pub struct CardContent {
    /// The rule's id: links, tests and ignore comments use it, and it never changes.
    pub id: &'static str,
    pub area: &'static str,
    pub category: Category,
    pub title: Template,
    /// The outcomes, in order: the first whose conditions hold is used.
    pub says: &'static [Says],
    /// Whether the rule names the outcome by what it saw, rather than the version deciding.
    pub picked_by_evidence: bool,
    /// The title of the quick fix.
    pub action: Option<Template>,
    /// Whether the quick fix may be applied without asking.
    pub safe: bool,
    /// Keys of the official links.
    pub docs: &'static [&'static str],
    /// Kinds of input for which the card has a remedy of their own.
    pub fix_in: &'static [&'static str],
    /// Kinds of input of which one text alone shows it; empty where it is seen only across files.
    pub alone_in: &'static [&'static str],
    /// The names of the values in its sentences, in the order of their holes.
    pub values: &'static [&'static str],
    /// For log cards: the patterns of the line.
    pub line: &'static [LinePattern],
    /// For log cards: the rules that find the cause.
    pub leads_to: &'static [&'static str],
    /// For log cards with general words: what must be seen in the same paste.
    pub only_beside: &'static [&'static str],
}

impl Card {
    pub fn is_log_card(&self) -> bool {
        !self.line.is_empty()
    }

    /// The outcome of a name; the only one if there is one.
    pub fn outcome(&self, name: Option<&str>) -> &'static Says {
        let says = self.content().says;
        name.and_then(|name| says.iter().find(|says| says.name == name)).unwrap_or(&says[0])
    }
}

/// A pattern of a log line.
#[derive(Debug)]
pub struct LinePattern {
    /// In the syntax of the `regex` crates; its named groups are values of the card.
    pub pattern: &'static str,
    /// The versions of Celery that alone print it: such a line tells the version.
    pub only_in: Option<&'static str>,
}

/// One outcome of a card.
#[derive(Debug)]
pub struct Says {
    pub name: &'static str,
    /// The Celery versions in which it is so; every version if absent.
    pub celery: Option<&'static str>,
    pub severity: Severity,
    /// Instead of the card's title, where that would claim too much.
    pub title: Option<Template>,
    pub message: Template,
}

/// A sentence with holes, in both languages: code between backticks, a hole as U+001A and the number of its value,
/// as one letter from `0` on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Template {
    pub ko: &'static str,
    pub en: &'static str,
}

/// A message that a rule says: its card and the values for the holes.
#[derive(Clone, Debug)]
pub struct Message {
    pub card: &'static Card,
    /// The outcome, where the rule picks it.
    pub outcome: Option<&'static str>,
    pub values: Vec<Shown>,
}

impl Message {
    /// The build writes a call for every card: what it does stands in one place for each number of values.
    #[inline(never)]
    fn of<const COUNT: usize>(card: &'static Card, outcome: Option<&'static str>, values: [Shown; COUNT]) -> Message {
        Message { card, outcome, values: Vec::from(values) }
    }
}

/// The card of an id.
pub fn find(id: &str) -> Option<&'static Card> {
    cards::ALL.binary_search_by(|card| card.id.cmp(id)).ok().map(|index| cards::ALL[index])
}
