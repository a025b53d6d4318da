//! Every example of every card is a test with a name of its own.
//!
//! `bad`: the rule fires exactly once for each `⟦…⟧` and nowhere else; `⟦1 …⟧` marks related places.
//! `good` and `silent`: nothing from this rule, and no finding at warning or above from any other. A quick fix turns `bad` into `good`.

use std::process::ExitCode;

use celery_checkup::catalogue::long::{Example, LONG_TEXTS};
use celery_checkup::catalogue::version::Version;
use celery_checkup::checkup::{self, Input, Options, Report};
use celery_checkup::present;
use celery_checkup::present::view::{Answer, Finding, Place, Severity, plain};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let mut trials = Vec::new();
    for text in LONG_TEXTS {
        for (number, example) in text.examples.iter().enumerate() {
            let name = |role: &str| format!("{}::{}::{role}", text.id, number + 1);
            if let Some(bad) = example.bad {
                trials.push(Trial::test(name("bad"), move || check_bad(text.id, example, bad)));
            }
            if let Some(good) = example.good {
                trials.push(Trial::test(name("good"), move || check_silent(text.id, example, good)));
            }
            if let Some(silent) = example.silent {
                trials.push(Trial::test(name("silent"), move || check_silent(text.id, example, silent)));
            }
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

type Files = &'static [(&'static str, &'static str)];

/// A marked stretch: its file, its byte range in the text without marks, and its number if it is a related one.
struct Mark {
    file: usize,
    start: usize,
    end: usize,
    related: Option<char>,
}

/// The texts without marks, and the marks.
fn unmarked(files: Files) -> (Vec<(String, String)>, Vec<Mark>) {
    let mut marks = Vec::new();
    let mut plain_files = Vec::new();
    for (file, (name, text)) in files.iter().enumerate() {
        let mut written = String::new();
        let mut open: Vec<(usize, Option<char>)> = Vec::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '⟦' => {
                    let mut ahead = characters.clone();
                    let number = ahead.next().filter(char::is_ascii_digit).filter(|_| ahead.next() == Some(' '));
                    if number.is_some() {
                        characters.next();
                        characters.next();
                    }
                    open.push((written.len(), number));
                }
                '⟧' => {
                    let (start, related) = open.pop().expect("a closing mark without an opening one");
                    marks.push(Mark { file, start, end: written.len(), related });
                }
                other => written.push(other),
            }
        }
        assert!(open.is_empty(), "a mark is never closed");
        plain_files.push(((*name).to_owned(), written));
    }
    (plain_files, marks)
}

fn checked(example: &Example, files: &[(String, String)]) -> (Report, Answer) {
    let inputs = files
        .iter()
        .map(|(name, text)| {
            let mut input = Input::new(name.as_str(), text);
            input.kind = example.kind.map(|kind| kind.parse().expect("the example's kind exists"));
            input
        })
        .collect();
    let options = Options { celery: example.celery.and_then(Version::parse), ..Options::default() };
    let report = checkup::check(inputs, &options);
    let answer = present::answer(&report);
    (report, answer)
}

fn is_at(place: &Place, mark: &Mark) -> bool {
    place.file as usize == mark.file
        && place.start.offset as usize == mark.start
        && place.end.offset as usize == mark.end
}

fn shown(files: &[(String, String)], findings: &[Finding]) -> String {
    let mut list = String::new();
    for finding in findings {
        let at = |place: &Place| {
            let text = &files[place.file as usize].1[place.start.offset as usize..place.end.offset as usize];
            format!("{}:{}:{} {text:?}", files[place.file as usize].0, place.start.line, place.start.column)
        };
        list.push_str(&format!("\n  {:?} {} at {}", finding.severity, finding.rule, at(&finding.place)));
        for related in &finding.related {
            list.push_str(&format!("\n      {:?} {}", related.role, at(&related.place)));
        }
    }
    if list.is_empty() { "\n  nothing".to_owned() } else { list }
}

fn check_bad(id: &str, example: &Example, bad: Files) -> Result<(), Failed> {
    let (files, marks) = unmarked(bad);
    let (_, answer) = checked(example, &files);
    let found: Vec<&Finding> = answer.findings.iter().filter(|finding| finding.rule == id).collect();
    let all = || shown(&files, &answer.findings);
    let primary: Vec<&Mark> = marks.iter().filter(|mark| mark.related.is_none()).collect();
    if primary.is_empty() {
        return Err("the example marks no evidence with ⟦ ⟧".into());
    }
    for mark in &primary {
        if found.iter().filter(|finding| is_at(&finding.place, mark)).count() != 1 {
            let text = &files[mark.file].1[mark.start..mark.end];
            return Err(format!("{id} should stand once at ⟦{text}⟧ of {}; found:{}", files[mark.file].0, all()).into());
        }
    }
    if found.len() != primary.len() {
        return Err(format!("{id} stands where nothing is marked:{}", all()).into());
    }
    for mark in marks.iter().filter(|mark| mark.related.is_some()) {
        if !found.iter().any(|finding| finding.related.iter().any(|related| is_at(&related.place, mark))) {
            let text = &files[mark.file].1[mark.start..mark.end];
            return Err(format!("no finding of {id} is related to ⟦{text}⟧:{}", all()).into());
        }
    }
    for (name, value) in example.expect {
        let words = plain(&found[0].message.en);
        if !words.replace('`', "").contains(value) {
            return Err(format!("the message should show {name} as {value:?}: {words}").into());
        }
    }
    if let Some(nameless) = answer.findings.iter().find(|it| it.fixes.iter().any(|fix| fix.title.ko.is_empty())) {
        return Err(format!("{} offers a fix, but its card has no `action`", nameless.rule).into());
    }
    check_fix(example, &files, &found)
}

/// Applying the finding's fix gives the good text, byte for byte.
fn check_fix(example: &Example, files: &[(String, String)], found: &[&Finding]) -> Result<(), Failed> {
    let Some(good) = example.good else { return Ok(()) };
    let mut edits: Vec<_> =
        found.iter().filter_map(|finding| finding.fixes.first()).flat_map(|fix| &fix.edits).collect();
    let card = celery_checkup::catalogue::find(&found[0].rule).expect("the finding's card exists");
    if card.action.is_none() {
        return Ok(());
    }
    if edits.len() < found.len() {
        return Err("the card has an action, but a finding of its example has no fix".into());
    }
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.place.file, edit.place.start.offset)));
    let mut mended: Vec<String> = files.iter().map(|(_, text)| text.clone()).collect();
    for edit in edits {
        let range = edit.place.start.offset as usize..edit.place.end.offset as usize;
        mended[edit.place.file as usize].replace_range(range, &edit.text);
    }
    for (mended, (name, good)) in mended.iter().zip(good) {
        if mended != good {
            return Err(format!("the fix of {name} gives\n{mended}\ninstead of\n{good}").into());
        }
    }
    Ok(())
}

fn check_silent(id: &str, example: &Example, files: Files) -> Result<(), Failed> {
    let (files, marks) = unmarked(files);
    assert!(marks.is_empty(), "only bad examples have marks");
    let (_, answer) = checked(example, &files);
    let loud: Vec<Finding> =
        answer.findings.into_iter().filter(|it| it.severity != Severity::Info || it.rule == id).collect();
    if loud.is_empty() { Ok(()) } else { Err(format!("this should be silent:{}", shown(&files, &loud)).into()) }
}
