//! Floor 5: one check of one paste: read, gather, run every rule, judge, place, sort, suppress.

mod judge;
mod pieces;
mod places;
mod secrets;
mod suppress;

pub use judge::{Band, Judged, bands};
pub use pieces::Before;
pub use places::Places;

use std::rc::Rc;

use crate::catalogue::version::Version;
use crate::facts::{self, Facts};
use crate::finding::{Findings, Question};
use crate::intake::{Because, Encoding, Kind};
use crate::rules;
use crate::text::{Source, SourceId, Span};
use secrets::Secrets;

/// One file of a paste, decoded.
#[derive(Clone, Debug)]
pub struct Input {
    pub path: String,
    pub text: Rc<str>,
    /// The reader's own word on the kind.
    pub kind: Option<Kind>,
    /// The reader's own word on parts of a note, by number from 1.
    pub part_kinds: Vec<(usize, Kind)>,
    pub encoding: Encoding,
    /// The size before decoding.
    pub bytes: u64,
    /// The page's number and version of the file; 0 elsewhere.
    pub id: u32,
    pub version: u32,
}

impl Input {
    /// A file of UTF-8 text.
    pub fn new(path: impl Into<String>, text: &str) -> Input {
        Input {
            path: path.into(),
            text: text.into(),
            kind: None,
            part_kinds: Vec::new(),
            encoding: Encoding::Utf8,
            bytes: text.len() as u64,
            id: 0,
            version: 0,
        }
    }
}

/// What the reader decided.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub celery: Option<Version>,
    pub rabbitmq: Option<Version>,
    /// Whether only some rules' findings are shown: then nothing is said of comments that silence nothing.
    pub filtered: bool,
}

/// A file as it was understood.
#[derive(Clone, Debug)]
pub struct CheckedFile {
    pub kind: Kind,
    pub because: Because,
    pub parts: Vec<CheckedPart>,
}

/// A part of a note.
#[derive(Clone, Debug)]
pub struct CheckedPart {
    pub kind: Kind,
    pub because: Because,
    pub span: Span,
}

/// What a check found, in the order of the report.
#[derive(Debug)]
pub struct Report {
    pub inputs: Vec<Input>,
    pub files: Vec<CheckedFile>,
    pub facts: Facts,
    pub findings: Vec<Judged>,
    pub questions: Vec<Question>,
    /// What a comment silences, and the comment's place.
    pub suppressed: Vec<(Judged, Span)>,
    pub secrets: Secrets,
    pub places: Places,
    /// How many rules there are, and how many had something to look at.
    pub rules: u32,
    pub applied: u32,
}

/// Checks files together.
pub fn check(inputs: Vec<Input>, options: &Options) -> Report {
    check_again(inputs, options, &mut Before::default())
}

/// Checks files together, and reads only those that have changed since the check before.
pub fn check_again(inputs: Vec<Input>, options: &Options, before: &mut Before) -> Report {
    let sources: Vec<Source> = inputs
        .iter()
        .enumerate()
        .map(|(index, input)| Source {
            id: SourceId(index as u32),
            path: input.path.clone(),
            text: Rc::clone(&input.text),
        })
        .collect();
    let (files, pieces) = pieces::read(&inputs, &sources, before);
    let facts = facts::gather(&pieces, options.celery, options.rabbitmq);
    let mut findings = Findings::default();
    let mut applied = 0;
    let mut count = 0;
    for rule in rules::all() {
        let sees = rule.sees.iter().any(|kind| facts.kinds.contains(kind));
        let cards = if rule.card.is_log_card() { rules::log_cards() } else { 1 };
        count += cards;
        applied += if sees { cards } else { 0 };
        (rule.check)(&facts, &mut findings);
    }
    let places = Places::new(&sources);
    let secrets = secrets::gather(&pieces);
    before.keep(pieces);
    let questions = judge::open_questions(findings.questions, &facts);
    let judged = judge::judge(findings.list, &facts, &secrets);
    let (mut findings, suppressed) = suppress::apply(judged, &facts.ignores);
    if !options.filtered && !facts.ignores.is_empty() {
        let silenced: Vec<(Span, &str)> = suppressed.iter().map(|(judged, by)| (*by, judged.card.id)).collect();
        let mut last = Findings::default();
        rules::silences_nothing(&facts, &silenced, &mut last);
        findings = judge::in_order(findings, last.list, &facts, &secrets);
    }
    Report { inputs, files, questions, facts, findings, suppressed, secrets, places, rules: count, applied }
}
