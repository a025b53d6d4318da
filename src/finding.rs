//! Floor 0: what a rule says about the paste, before it is worded and placed.
//!
//! It knows texts and cards, and nothing above: no rule, no document, no fact.

use crate::catalogue::version::VersionRange;
use crate::catalogue::{Card, Message};
use crate::text::{Span, Text};
use crate::words::Role;

/// One remark of a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    pub message: Message,
    /// Where it shows: what one would edit to mend it, else what causes it.
    pub at: Option<Text>,
    pub related: Vec<Related>,
    pub fixes: Vec<Fix>,
    /// Names of the processes that it concerns.
    pub scopes: Vec<String>,
    /// Set where something that we were not shown could make it untrue: then it is no error.
    pub uncertain: bool,
    /// Narrows the versions beyond what the card says.
    pub only_in: Option<VersionRange>,
    /// Why it holds no more than a note here: a test or debug condition, a template.
    pub at_most_info: bool,
    /// Further places of the same remark: equal log lines, folded.
    pub count: u32,
    pub last: Option<Text>,
    /// When the first and the last of them were logged, as written.
    pub seen: Option<(Text, Text)>,
    /// The kind of input that decides which remedy is shown.
    pub fix_in: Option<&'static str>,
}

/// A place beside the primary one.
#[derive(Clone, Debug)]
pub struct Related {
    pub at: Text,
    pub role: Role,
}

/// A quick fix, not yet checked against secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub edits: Vec<(Span, String)>,
}

/// Something that another file would answer.
#[derive(Clone, Debug)]
pub struct Question {
    pub message: Message,
    pub at: Text,
    /// Kinds of input, most helpful first.
    pub needs: &'static [&'static str],
}

impl Finding {
    /// The finding shows here. Where a variable put the value here, the places it came from become related.
    pub fn at(&mut self, text: &Text) -> &mut Self {
        for origin in text.origins() {
            self.related(&origin, Role::Origin);
        }
        // The variable may say otherwise.
        self.uncertain |= text.fallback().is_some();
        self.at = Some(text.clone());
        self
    }

    pub fn related(&mut self, text: &Text, role: Role) -> &mut Self {
        let known = self.related.iter().any(|related| related.at.span() == text.span());
        if !known {
            self.uncertain |= text.fallback().is_some();
            self.related.push(Related { at: text.clone(), role });
        }
        self
    }

    /// Offers to write `new` where `text` stands, if that stretch can be edited.
    pub fn replace(&mut self, text: &Text, new: &str) -> &mut Self {
        if let Some(edit) = text.replacement(new) {
            self.fixes.push(Fix { edits: vec![edit] });
        }
        self
    }

    pub fn scope(&mut self, name: &str) -> &mut Self {
        if !self.scopes.iter().any(|known| known == name) {
            self.scopes.push(name.to_owned());
        }
        self
    }

    /// Something that we were not shown could make it untrue.
    pub fn uncertain_if(&mut self, uncertain: bool) -> &mut Self {
        self.uncertain |= uncertain;
        self
    }

    /// It stands under a test or debug condition: worth knowing at most.
    pub fn at_most_info_if(&mut self, info: bool) -> &mut Self {
        self.at_most_info |= info;
        self
    }

    pub fn remedy_for(&mut self, kind: &'static str) -> &mut Self {
        self.fix_in = Some(kind);
        self
    }

    pub fn card(&self) -> &'static Card {
        self.message.card
    }
}

/// Where rules put what they find.
#[derive(Debug, Default)]
pub struct Findings {
    pub list: Vec<Finding>,
    pub questions: Vec<Question>,
}

impl Findings {
    /// A new finding; say where with [`Finding::at`].
    pub fn add(&mut self, message: impl Into<Message>) -> &mut Finding {
        self.add_message(message.into())
    }

    /// In one place: every rule calls it, and whoever opens the page waits for copies.
    #[inline(never)]
    fn add_message(&mut self, message: Message) -> &mut Finding {
        self.list.push(Finding {
            message,
            at: None,
            related: Vec::new(),
            fixes: Vec::new(),
            scopes: Vec::new(),
            uncertain: false,
            only_in: None,
            at_most_info: false,
            count: 1,
            last: None,
            seen: None,
            fix_in: None,
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Asks for another file instead of claiming something.
    pub fn ask(&mut self, message: impl Into<Message>, at: &Text, needs: &'static [&'static str]) {
        self.questions.push(Question { message: message.into(), at: at.clone(), needs });
    }
}
