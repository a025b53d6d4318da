use std::process::Command;

use super::*;
use crate::text::{Source, SourceId};

fn text(written: &str) -> Text {
    Source { id: SourceId(0), path: "settings.py".to_owned(), text: written.into() }.whole()
}

fn field(name: &str) -> Field {
    *FIELDS.iter().find(|field| field.name == name).expect("the field exists")
}

fn reading(name: &str, written: &str) -> Reading {
    let text = text(written);
    parse(field(name), &text, &text)
}

/// The numbers, or what stands where Celery stops reading.
fn numbers(name: &str, written: &str) -> Result<Vec<i64>, String> {
    match reading(name, written) {
        Reading::Numbers(numbers) => Ok(numbers),
        Reading::Wrong(
            Wrong::OutOfRange { at, .. }
            | Wrong::Unreadable { at }
            | Wrong::Line { at }
            | Wrong::Empty { at }
            | Wrong::Type { at },
        ) => Err(at.as_str().to_owned()),
        Reading::Unknown => Err("unknown".to_owned()),
    }
}

/// A field, a text, and the numbers or the part that is refused.
type Case = (&'static str, &'static str, Result<&'static [i64], &'static str>);

/// What is read, field by field.
const CASES: &[Case] = &[
    ("minute", "*/15", Ok(&[0, 15, 30, 45])),
    ("hour", "0,8-17/3", Ok(&[0, 8, 11, 14, 17])),
    ("hour", "22-1", Ok(&[0, 1, 22, 23])),
    ("day_of_week", "mon-fri", Ok(&[1, 2, 3, 4, 5])),
    ("day_of_week", "Sunday, tue", Err(" tue")),
    ("day_of_week", "sat-1", Ok(&[0, 1, 6])),
    ("day_of_month", "*/10", Ok(&[1, 11, 21, 31])),
    ("month_of_year", "jan,7", Ok(&[1, 7])),
    ("month_of_year", "*/6", Ok(&[1, 7])),
    ("hour", "1, 2", Ok(&[1, 2])),
    ("hour", "1_0", Ok(&[10])),
    ("hour", "*/5 ", Ok(&[0, 5, 10, 15, 20])),
    ("hour", "1-5-7", Ok(&[1, 2, 3, 4, 5])),
    ("hour", "1-5 /2", Ok(&[1, 2, 3, 4, 5])),
    ("hour", "*/30", Ok(&[0])),
    ("hour", "24", Err("24")),
    ("hour", "5-99", Err("99")),
    ("hour", "*,25", Err("25")),
    ("day_of_week", "1-7", Err("7")),
    ("day_of_week", "aug", Err("aug")),
    ("day_of_month", "0", Err("0")),
    ("day_of_month", "L", Err("L")),
    ("hour", "?", Err("?")),
    ("hour", "* ", Err("* ")),
    ("hour", " *", Err(" *")),
    ("hour", "-1", Err("-1")),
    ("hour", "1-", Err("1-")),
    ("hour", "1/2", Err("1/2")),
    ("hour", "1-5/", Err("1-5/")),
    ("hour", "*/", Err("*/")),
    ("hour", "*/0", Err("0")),
    ("hour", "1-5/0", Err("0")),
    ("hour", "*/two", Err("two")),
    ("hour", "1,", Err("1,")),
    ("minute", "0 3 * * *", Err("0 3 * * *")),
];

#[test]
fn fields_are_read_as_celery_reads_them() {
    for (name, written, expected) in CASES {
        let expected = expected.map(<[i64]>::to_vec).map_err(str::to_owned);
        assert_eq!(numbers(name, written), expected, "{name}={written:?}");
    }
}

#[test]
fn a_line_for_cron_is_told_from_a_misspelt_field() {
    assert!(matches!(reading("minute", "0 3 * * *"), Reading::Wrong(Wrong::Line { .. })));
    assert!(matches!(reading("minute", "noon"), Reading::Wrong(Wrong::Unreadable { .. })));
}

#[test]
fn some_dates_never_come() {
    assert!(!has_a_date(&[31], &[2, 4]) && !has_a_date(&[30], &[2]));
    assert!(has_a_date(&[29], &[2]) && has_a_date(&[31, 1], &[4]));
}

/// Celery's own answer: the numbers, or nothing where it raises.
const ORACLE: &str = r"
import sys, json
from celery.schedules import crontab
for line in sys.stdin:
    field, written = json.loads(line)
    try:
        print(json.dumps(sorted(getattr(crontab(**{field: written}), field))))
    except Exception:
        print('null')
";

/// Compares with the Celery (5.5 or newer) of the Python that the variable names.
#[test]
#[ignore = "needs CELERY_PYTHON=/path/to/python with Celery 5.5 or newer"]
fn every_short_text_is_read_as_the_installed_celery_reads_it() {
    use std::io::Write as _;
    let Ok(python) = std::env::var("CELERY_PYTHON") else { return };
    let pieces = ["", "0", "1", "5", "7", "12", "31", "60", "*", "-", "/", ",", " ", "mon", "JAN", "x", "_", "+"];
    let mut asked: Vec<(&str, String)> =
        CASES.iter().map(|(name, written, _)| (*name, (*written).to_owned())).collect();
    for (index, first) in pieces.iter().enumerate() {
        for second in pieces {
            for third in pieces {
                for fourth in ["", "/2", ",3", "-4"] {
                    let field = FIELDS[(index + second.len() + third.len()) % FIELDS.len()];
                    asked.push((field.name, format!("{first}{second}{third}{fourth}")));
                }
            }
        }
    }
    let mut child = Command::new(python)
        .args(["-c", ORACLE])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = child.stdin.take().expect("a pipe");
    let lines: String = asked.iter().map(|it| serde_json::to_string(it).expect("JSON") + "\n").collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("Python ends");
    writer.join().expect("the thread ends").expect("the pipe holds");
    let answers = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(answers.lines().count(), asked.len());
    for ((name, written), answer) in asked.iter().zip(answers.lines()) {
        let expected: Option<Vec<i64>> = serde_json::from_str(answer).expect("JSON");
        assert_eq!(numbers(name, written).ok(), expected, "{name}={written:?}");
    }
}
