//! What every fuzz target does: one text as one kind of input, through every floor to the report.

use celery_checkup::checkup::{self, Input, Options};
use celery_checkup::intake::Kind;
use celery_checkup::present::{self, json};

/// Longer texts only make the fuzzer slow: limits on size have tests of their own.
const LONGEST: usize = 16 * 1024;

/// Checks the text as this kind; nobody says the kind: it is detected.
pub fn check(text: &str, kind: Option<Kind>) {
    if text.len() > LONGEST {
        return;
    }
    let mut input = Input::new("pasted", text);
    input.kind = kind;
    let answer = present::answer(&checkup::check(vec![input], &Options::default()));
    for finding in &answer.findings {
        let (start, end) = (finding.place.start.offset as usize, finding.place.end.offset as usize);
        assert!(text.get(start..end).is_some(), "{} points outside the text", finding.rule);
    }
    assert!(!json::report(&answer, 0).is_empty());
}
