//! Floor 0: what a remark is made of: two languages, sentences with code in them, how bad, what sort.
//!
//! Plain data that every floor shares and that crosses the worker's border inside the views.

use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bilingual<T> {
    pub ko: T,
    pub en: T,
}

impl<T> Bilingual<T> {
    pub fn map<U>(&self, mut change: impl FnMut(&T) -> U) -> Bilingual<U> {
        Bilingual { ko: change(&self.ko), en: change(&self.en) }
    }
}

/// A stretch of a sentence. Values from the paste are always segments of their own and are never parsed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Segment {
    /// Words of ours.
    Text(String),
    /// Something that is shown in code type: a name, a value, an option.
    Code(String),
}

/// A sentence as segments, left to right.
pub type Sentence = Vec<Segment>;

/// The sentence as plain text; code stands in backticks.
pub fn plain(sentence: &[Segment]) -> String {
    let mut text = String::new();
    for segment in sentence {
        match segment {
            Segment::Text(words) => text.push_str(words),
            Segment::Code(code) => {
                text.push('`');
                text.push_str(code);
                text.push('`');
            }
        }
    }
    text
}

/// How bad it is. The order is that of a list: errors first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Does not start, or does not do what it says.
    Error,
    /// Will hurt.
    Warning,
    /// Worth knowing.
    Info,
}

/// What sort of remark it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    Defect,
    Risk,
    Practice,
}

/// What a related place has to do with the finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The value comes from there.
    Origin,
    /// It happens because of that.
    Cause,
    /// The two do not go together.
    Conflict,
    /// A log line that says the same.
    Symptom,
}

/// A point of a pasted file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Point {
    /// Counted from 1. Lines end at LF, CRLF or a lone CR.
    pub line: u32,
    /// Counted from 1, in code points. A tab is one; a byte order mark is none.
    pub column: u32,
    /// UTF-8 bytes of the decoded text before the point.
    pub offset: u32,
    /// UTF-16 code units of the decoded text before the point: what editors in browsers count.
    pub utf16: u32,
}
