//! The report on the engineer's notes, whatever their encoding; the contract of its JSON; secrets.

use celery_checkup::catalogue::version::Version;
use celery_checkup::checkup::{self, Input, Options};
use celery_checkup::intake;
use celery_checkup::present::view::{Answer, Severity};
use celery_checkup::present::{self, json};

const NOTES: &str = include_str!("../src/app/examples/notes.md");

fn checked(files: &[(&str, &str)], celery: Option<&str>) -> Answer {
    let inputs = files.iter().map(|(name, text)| Input::new(*name, text)).collect();
    let options = Options { celery: celery.and_then(Version::parse), ..Options::default() };
    present::answer(&checkup::check(inputs, &options))
}

/// Severity, rule, line and column of every finding.
fn summary(answer: &Answer) -> Vec<(Severity, String, u32, u32)> {
    answer
        .findings
        .iter()
        .map(|it| (it.severity, it.rule.clone(), it.place.start.line, it.place.start.column))
        .collect()
}

fn expected(amqp: Severity) -> Vec<(Severity, String, u32, u32)> {
    [
        (Severity::Warning, "url-part-unset", 10, 17),
        (amqp, "result-backend-amqp", 18, 25),
        (Severity::Error, "subcommand-unknown", 22, 25),
        (Severity::Warning, "log-runs-as-root", 28, 65),
        (Severity::Warning, "log-runs-as-root", 45, 65),
        (Severity::Error, "subcommand-unknown", 59, 22),
    ]
    .into_iter()
    .map(|(severity, rule, line, column)| (severity, rule.to_owned(), line, column))
    .collect()
}

#[test]
fn the_notes_give_what_no_other_tool_gives() {
    let answer = checked(&[("notes.md", NOTES)], None);
    // The log in the notes is one of Celery 4: there the backend still works.
    assert_eq!(summary(&answer), expected(Severity::Warning));
    let amqp = &answer.findings[1];
    let related: Vec<u32> = amqp.related.iter().map(|it| it.place.start.line).collect();
    assert_eq!(related, [10, 37], "the value's origin and the log line that tells of it");
    assert_eq!(answer.versions[0].possible, ["4.0", "4.1", "4.2", "4.3", "4.4"]);
}

#[test]
fn the_chosen_version_decides() {
    let notes = |celery| summary(&checked(&[("notes.md", NOTES)], Some(celery)));
    for version in ["5.0.5", "5.2.7", "5.3.6", "5.7.0"] {
        assert_eq!(notes(version), expected(Severity::Error), "{version}");
    }
    assert_eq!(notes("4.4.7"), expected(Severity::Warning));
    assert!(notes("3.1.26").iter().all(|(_, rule, ..)| rule != "result-backend-amqp"));
}

#[test]
fn no_version_is_assumed_that_could_be_fine() {
    let settings = "CELERY_RESULT_BACKEND = 'amqp://rabbit//'\n";
    let severity = |requirements: &str| {
        let answer = checked(&[("settings.py", settings), ("requirements.txt", requirements)], None);
        let found = answer.findings.iter().find(|it| it.rule == "result-backend-amqp").expect("the backend is seen");
        (found.severity, found.holds_for.clone())
    };
    assert_eq!(severity("celery>=5.2\n"), (Severity::Error, None));
    assert_eq!(severity("celery>=4.3\n"), (Severity::Warning, None));
    assert_eq!(severity("celery>=3.1\n"), (Severity::Warning, Some(">=4.0.0".to_owned())));
    assert_eq!(severity("celery==4.4.7\n"), (Severity::Warning, None));
}

#[test]
fn commands_and_their_output_are_told_apart() {
    let session = "$ celery -A shop worked -l info\nUsage: celery [OPTIONS] COMMAND [ARGS]...\n\nError: No such command 'worked'.\n";
    let answer = checked(&[("session.txt", session)], None);
    assert_eq!(summary(&answer), [(Severity::Error, "subcommand-unknown".to_owned(), 1, 18)]);
    assert_eq!(answer.findings[0].related[0].place.start.line, 4, "the log line leads to its cause");
}

#[test]
fn encodings_and_line_ends_do_not_move_a_place() {
    let crlf = NOTES.replace('\n', "\r\n");
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(crlf.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    // A character that CP949 has not is written as it can be.
    let cp949 = encoding_rs::EUC_KR.encode(&NOTES.replace('’', "'")).0.into_owned();
    let variants: [(&str, Vec<u8>); 4] = [
        ("crlf", crlf.clone().into_bytes()),
        ("bom", [b"\xEF\xBB\xBF", NOTES.as_bytes()].concat()),
        ("utf-16", utf16),
        ("cp949", cp949),
    ];
    for (name, bytes) in variants {
        let (text, _) = intake::decode(&bytes).unwrap_or_else(|_| panic!("{name} is text"));
        assert_eq!(summary(&checked(&[("notes.md", &text)], None)), expected(Severity::Warning), "{name}");
    }
}

#[test]
fn the_report_keeps_its_contract() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let files = [
        ("notes.md", NOTES),
        ("compose.yaml", "services:\n  worker:\n    image: shop\n    command: celery -A shop worker\n"),
        ("Dockerfile", "# celery-checkup: ignore=runs-as-root (demo)\nFROM python:3.12\nCMD celery -A x worker\n"),
    ];
    let report = json::report(&checked(&files, None), 3);
    let value: serde_json::Value = serde_json::from_str(&report).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(value["walked"], 3);
    assert_eq!(value["suppressed"].as_array().map(Vec::len), Some(1));
    let asked = json::report(&checked(&files[1..2], None), 0);
    let asked: serde_json::Value = serde_json::from_str(&asked).unwrap();
    assert!(validator.is_valid(&asked));
    assert_eq!(asked["questions"][0]["needs"][0], "dockerfile");
    assert_eq!(report, json::report(&checked(&files, None), 3), "the same input gives the same bytes");
}

#[test]
fn secrets_are_in_no_output_and_in_no_fix() {
    const SECRETS: [&str; 4] = ["hunter2-canary", "canary-token-42", "canary.secret+key", "c4n4ry/pass"];
    let [password, token, key, odd] = SECRETS;
    let url = format!("amqp://shop:{password}@rabbit//");
    let files: Vec<(&str, String)> = vec![
        (
            "settings.py",
            format!(
                "SECRET_KEY = '{key}'\nAPI_TOKEN = '{token}'\nBROKER = 'amqp://u:{odd}@h//'\nCELERY_RESULT_BACKEND = '{url}'\nCELERY_BROKER_URL = f\"{{BROKER}}\"\n"
            ),
        ),
        ("run.sh", format!("RABBITMQ_PASSWORD={password} celery -A {token} worked --result-backend {url}\n")),
        (
            "Dockerfile",
            format!(
                "FROM python:3.12\nENV CELERY_RESULT_BACKEND={url} SECRET_KEY={key}\nUSR {token}\nCMD celery -A x worked --loglevl {password}\n"
            ),
        ),
        (
            "compose.yaml",
            format!(
                "services:\n  worker:\n    image: python:3.12\n    command: celery -A x worker --loglevl={token} -b {url}\n    environment:\n      CELERY_RESULT_BACKEND: {url}\n      DJANGO_SECRET_KEY: {key}\n      API_TOKEN: {token}\n"
            ),
        ),
        (
            "pod.yaml",
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: w}}\nspec:\n  containers:\n  - name: w\n    image: shop\n    args: [celery, -A, x, worked]\n    env:\n    - {{name: CELERY_RESULT_BACKEND, value: '{url}'}}\n    - {{name: SECRET_KEY, value: '{key}'}}\n"
            ),
        ),
        (
            ".env",
            format!("CELERY_RESULT_BACKEND={url}\nAPI_TOKEN={token}\nnot a line with SECRET_KEY={key} {password}\n"),
        ),
        (
            "worker.log",
            format!(
                "[2026-11-22 14:15:53,724: ERROR/MainProcess] consumer: Cannot connect to {url}\nError: No such command '{password}'. celery\n"
            ),
        ),
        (
            "notes.md",
            format!(
                "# notes\n\n```python\nCELERY_RESULT_BACKEND = '{url}'\nTOKEN = '{token}'\n```\n`$ celery -A {token} worked`\n"
            ),
        ),
    ];
    let given: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let answer = checked(&given, None);
    assert!(answer.findings.len() >= 8, "the canaries should stand beside findings: {:#?}", summary(&answer));
    let report = json::report(&answer, 0);
    let view = serde_json::to_string(&answer).unwrap();
    for secret in SECRETS {
        assert!(!report.contains(secret), "{secret} is in the report");
        assert!(!view.contains(secret), "{secret} crosses the border");
    }
    for fix in answer.findings.iter().flat_map(|finding| &finding.fixes) {
        for edit in &fix.edits {
            assert!(!edit.text.contains("***"), "a fix would write the mask into the text");
            let (_, text) = &files[edit.place.file as usize];
            let covered = &text[edit.place.start.offset as usize..edit.place.end.offset as usize];
            assert!(SECRETS.iter().all(|secret| !covered.contains(secret)), "an edit covers a secret: {covered}");
        }
    }
}

#[test]
fn folded_log_lines_tell_when_they_were_first_and_last_seen() {
    let line = |time: &str| {
        format!(
            "[{time}: ERROR/MainProcess] Unrecoverable error: ImproperlyConfigured(\"Unknown result backend: 'amqp'.\")\n"
        )
    };
    let log = ["2026-11-22 09:00:01,000", "2026-11-22 09:05:00,000", "2026-11-22 10:00:59,123"].map(line).concat();
    let report: serde_json::Value =
        serde_json::from_str(&json::report(&checked(&[("worker.log", &log)], None), 0)).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["count"], 3);
    assert_eq!(finding["first_seen"], "2026-11-22 09:00:01,000");
    assert_eq!(finding["last_seen"], "2026-11-22 10:00:59,123");
}
