//! What crosses the border between the engine and its faces: plain data in both languages.
//!
//! The worker sends these to the page, and the reports of the command line are made from them.
//! Nothing here knows a rule, a document or a browser.

use serde::{Deserialize, Serialize};

pub use crate::words::{Bilingual, Category, Point, Role, Segment, Sentence, Severity, plain};

/// A stretch of a pasted file; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Index into [`Answer::files`].
    pub file: u32,
    pub start: Point,
    pub end: Point,
}

/// A place beside the primary one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Related {
    pub place: Place,
    pub role: Role,
    pub message: Bilingual<String>,
}

/// One change of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    pub place: Place,
    pub text: String,
}

/// A quick fix: all its edits together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    pub title: Bilingual<Sentence>,
    /// Nobody who meant what the file says could object.
    pub safe: bool,
    pub edits: Vec<Edit>,
}

/// A link to a section of an official page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocLink {
    pub url: String,
    pub title: String,
    /// `en` or `ko`.
    pub lang: String,
}

/// What one rule says about a range of versions, for the band under a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionBand {
    /// For example `5.0–5.2`.
    pub versions: String,
    /// `None`: nothing is wrong in these versions.
    pub severity: Option<Severity>,
    /// Whether the versions that are possible here touch this range.
    pub here: bool,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: String,
    pub severity: Severity,
    pub category: Category,
    pub title: Bilingual<Sentence>,
    pub message: Bilingual<Sentence>,
    pub place: Place,
    /// More than 1: equal log lines, folded; the place is the first.
    pub count: u32,
    /// When the first and the last of the folded log lines were written, as the log writes it.
    pub seen: Option<(String, String)>,
    /// Which versions it holds for, when not for every possible one; for example `>=5.0`.
    pub holds_for: Option<String>,
    /// False where something that we were not shown could make it untrue.
    pub certain: bool,
    /// The processes that it concerns.
    pub scopes: Vec<String>,
    pub related: Vec<Related>,
    pub fixes: Vec<Fix>,
    pub docs: Vec<DocLink>,
    pub bands: Vec<VersionBand>,
    /// The key of the remedy in the text packs that fits the input; empty for the general one.
    pub fix_in: String,
}

/// Something that we would know if another file were pasted too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub rule: String,
    pub title: Bilingual<Sentence>,
    pub message: Bilingual<Sentence>,
    /// Kinds of input that would answer it, most helpful first.
    pub needs: Vec<String>,
    pub place: Place,
}

/// A finding that a comment in the text silences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suppressed {
    pub rule: String,
    pub place: Place,
    /// The comment.
    pub by: Place,
}

/// A part of a Markdown note that was read as a kind of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub kind: String,
    pub because: Bilingual<String>,
    pub place: Place,
}

/// A file of the paste, as it was understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// The page's own number for the file; 0 on the command line.
    pub id: u32,
    /// The version of the text that was checked; 0 on the command line.
    pub version: u32,
    pub path: String,
    pub kind: String,
    pub because: Bilingual<String>,
    pub bytes: u64,
    pub encoding: String,
    pub variants: Vec<String>,
    pub parts: Vec<Part>,
}

/// A file that could not be read at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skipped {
    pub path: String,
    pub because: Bilingual<String>,
}

/// What is known of a product's version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    /// `celery` or `rabbitmq`.
    pub product: String,
    /// Minor versions that are possible, oldest first.
    pub possible: Vec<String>,
    /// Whether anything in the paste, or the reader, said it.
    pub known: bool,
    pub because: Bilingual<String>,
    pub from: Option<Place>,
}

/// Something that was recognised and is fine; asked for with `--said`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    pub place: Place,
    /// For example `setting:task_acks_late`.
    pub about: String,
    pub value: String,
}

/// What was understood of the deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    pub variants: Vec<Variant>,
}

/// One way in which the deployment is described.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    pub name: String,
    pub processes: Vec<Process>,
    pub scopes: Vec<Scope>,
}

/// Something that starts Celery's program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Process {
    pub name: String,
    pub role: ProcessRole,
    pub user: User,
    pub place: Place,
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProcessRole {
    Worker,
    Beat,
    Flower,
    OneOff,
    Unknown,
}

/// Who a process is when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum User {
    Root,
    Somebody,
    Unknown,
}

/// The settings as one process sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    pub name: String,
    /// Whether every file that could set something is there: only then does a default certainly hold.
    pub closed: bool,
    pub settings: Vec<Setting>,
    /// What may set more than can be seen.
    pub open_at: Vec<Place>,
}

/// A setting and what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub name: String,
    pub answer: Told,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// Every value that may hold.
    Said(Vec<Value>),
    /// Nothing sets it: the default of the version holds.
    Default,
    /// Something that is not there may set it.
    NotShown,
}

/// A value that a setting may have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// Nothing where it cannot be known from what is there.
    pub text: Option<String>,
    /// Whether it holds only under a condition.
    pub conditional: bool,
    /// Where the value stands, and where the setting is set.
    pub place: Place,
    pub set_at: Place,
}

/// The whole result of one check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Which request this answers; 0 on the command line.
    pub seq: u64,
    /// Which build of the engine answered: text packs of another build are refused.
    pub build: String,
    pub versions: Vec<Versions>,
    pub files: Vec<File>,
    pub skipped: Vec<Skipped>,
    pub findings: Vec<Finding>,
    pub questions: Vec<Question>,
    pub suppressed: Vec<Suppressed>,
    pub said: Vec<Said>,
    /// Only where it was asked for.
    pub picture: Option<Picture>,
    /// How many rules the catalogue has, and how many of them had something to look at.
    pub rules: u32,
    pub applied: u32,
}

/// What the page asks the worker. The page owns the truth; the worker keeps only caches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub seq: u64,
    /// Files that are new or changed since the worker last answered (all of them after a restart).
    pub changed: Vec<Pasted>,
    /// Ids of files that went away.
    pub removed: Vec<u32>,
    pub options: Options,
    /// Whether the answer should bring the picture of the deployment, too.
    pub picture: bool,
}

/// One file of the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pasted {
    pub id: u32,
    pub version: u32,
    pub name: String,
    pub text: String,
    /// The reader's own word on the kind; `None` lets us detect it.
    pub kind: Option<String>,
    /// And on the kinds of parts of a note, which are counted from 1.
    pub part_kinds: Vec<(u32, String)>,
}

/// What the reader decided.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Options {
    pub celery: Option<String>,
    pub rabbitmq: Option<String>,
}
