//! The command line: what it prints, in which form, and with which status it ends.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const BAD: &str = "CELERY_RESULT_BACKEND = 'amqp://rabbit//'\n";

/// A folder of this test's own, empty at the start.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(folder: &PathBuf, words: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_celery-checkup"))
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A call that is wrong ends before it reads.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

#[test]
fn statuses_are_those_of_the_contract() {
    let folder = folder("statuses");
    fs::write(folder.join("settings.py"), BAD).unwrap();
    fs::write(folder.join("fine.py"), "CELERY_RESULT_BACKEND = 'rpc://'\n").unwrap();
    let status = |words: &[&str]| run(&folder, words, "").status.code();
    assert_eq!(status(&["check", "fine.py"]), Some(0));
    assert_eq!(status(&["check", "settings.py"]), Some(1));
    assert_eq!(status(&["check", "settings.py", "--celery", "4.4.7"]), Some(0));
    assert_eq!(status(&["check", "settings.py", "--celery", "4.4.7", "--fail-on", "warning"]), Some(1));
    assert_eq!(status(&["check", "settings.py", "--fail-on", "never"]), Some(0));
    assert_eq!(status(&["check", "settings.py", "--ignore", "result-backend-amqp"]), Some(0));
    assert_eq!(status(&["check", "settings.py", "--ignore", "result-backend-amqp=fine.py"]), Some(1));
    assert_eq!(status(&["check", "settings.py", "--rule", "runs-as-root"]), Some(0));
    for wrong in [
        &["check", "missing.py"][..],
        &["check", "settings.py", "--rule", "no-such-rule"],
        &["check", "settings.py", "--celery", "newest"],
        &["check", "settings.py", "--kind", "nonsense=settings.py"],
        &["check", "settings.py", "--format", "sarif"],
        &["check"],
        &["explain", "no-such-thing"],
        &["explain", "--no-such-option"],
    ] {
        assert_eq!(status(wrong), Some(2), "{wrong:?}");
    }
    // Another file is still checked when one cannot be read.
    let output = run(&folder, &["check", "--format", "json", "missing.py", "settings.py"], "");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(json(&output)["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(json(&output)["skipped"][0]["path"], "missing.py");
}

#[test]
fn standard_input_folders_and_kinds_are_read() {
    let folder = folder("inputs");
    let output = run(&folder, &["check", "--format", "json", "-", "--stdin-name", "settings.py"], BAD);
    assert_eq!(json(&output)["findings"][0]["file"], "settings.py");
    fs::create_dir_all(folder.join("app/.git")).unwrap();
    fs::write(folder.join("app/settings.py"), BAD).unwrap();
    fs::write(folder.join("app/.git/hidden.py"), BAD).unwrap();
    fs::write(folder.join("app/picture.bin"), [0, 159, 146, 150, 0, 1]).unwrap();
    let output = run(&folder, &["check", "--format", "json", "app"], "");
    let report = json(&output);
    assert_eq!(report["files"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["walked"], 1);
    // What is too large is not left out in silence.
    fs::write(folder.join("app/celeryconfig.py"), BAD.repeat(60_000)).unwrap();
    let report = json(&run(&folder, &["check", "--format", "json", "app"], ""));
    assert_eq!(report["skipped"][0]["path"], "app/celeryconfig.py");
    assert_eq!(report["findings"][0]["file"], "app/settings.py");
    fs::write(folder.join("pasted"), BAD).unwrap();
    let output = run(&folder, &["check", "--format", "json", "--kind", "log=pasted", "pasted"], "");
    assert_eq!(json(&output)["files"][0]["kind"], "log");
    assert_eq!(json(&output)["findings"].as_array().map(Vec::len), Some(0));
    let note = "# note\n\n```\nCELERY_RESULT_BACKEND = 'amqp://rabbit//'\n```\n";
    fs::write(folder.join("n.md"), note).unwrap();
    let output = run(&folder, &["check", "--format", "json", "--kind", "log=n.md#1", "n.md"], "");
    assert_eq!(json(&output)["files"][0]["parts"][0]["kind"], "log");
}

#[test]
fn what_is_said_is_listed_only_when_asked_for() {
    let folder = folder("said");
    fs::write(folder.join("settings.py"), "CELERY_BROKER_URL = 'amqp://u:canary-pass@rabbit//'\n").unwrap();
    let quiet = run(&folder, &["check", "--format", "json", "settings.py"], "");
    assert_eq!(json(&quiet)["said"].as_array().map(Vec::len), Some(0));
    let said = run(&folder, &["check", "--format", "json", "--said", "settings.py"], "");
    assert_eq!(json(&said)["said"][0]["about"], "setting:broker_url");
    assert_eq!(json(&said)["said"][0]["value"], "amqp://u:***@rabbit//");
    for words in [&["check", "settings.py"][..], &["facts", "settings.py"]] {
        let shown = run(&folder, words, "").stdout;
        assert!(!String::from_utf8_lossy(&shown).contains("canary-pass"), "{words:?}");
    }
}

#[test]
fn text_is_in_the_chosen_language() {
    let folder = folder("language");
    fs::write(folder.join("run.sh"), "# 한글\ncelery -A shop worked\n").unwrap();
    let shown = |lang: &str| String::from_utf8(run(&folder, &["check", "--lang", lang, "run.sh"], "").stdout).unwrap();
    let korean = shown("ko");
    assert!(korean.contains("run.sh:2:16") && korean.contains("오류") && korean.contains("지금 할 일"), "{korean}");
    let english = shown("en");
    assert!(english.contains("error") && english.contains("did") | english.contains("meant"), "{english}");
    assert!(english.contains("\n    |                ^^^^^^\n") || english.contains("^^^^^^"), "{english}");
}

#[test]
fn the_catalogue_can_be_asked() {
    let folder = folder("explain");
    let page = run(&folder, &["explain", "runs-as-root", "--lang", "en"], "");
    assert!(String::from_utf8_lossy(&page.stdout).contains("The worker runs as root"));
    let line =
        run(&folder, &["explain", "--lang", "ko", "ImproperlyConfigured(\"Unknown result backend: 'amqp'.\")"], "");
    assert!(String::from_utf8_lossy(&line.stdout).contains("log-result-backend-amqp-unknown"));
    for (word, known) in [
        ("CELERY_TASK_ACKS_LATE", "configuration.html#task-acks-late"),
        ("CELERYD_CONCURRENCY", "worker_concurrency [setting]"),
        ("--concurrency", "celery worker --concurrency [option]"),
        ("CELERY_WORKER_QUEUES", "the default of `celery worker --queues`"),
    ] {
        let page = run(&folder, &["explain", "--lang", "en", word], "");
        let page = String::from_utf8_lossy(&page.stdout).into_owned();
        assert!(page.contains(known), "{word}: {page}");
    }
    let rules = run(&folder, &["rules", "--format", "json"], "");
    let list: Vec<serde_json::Value> = serde_json::from_slice(&rules.stdout).unwrap();
    assert!(list.iter().any(|rule| rule["rule"] == "result-backend-amqp"));
}

#[test]
fn comments_that_silence_nothing_are_told_unless_rules_are_picked() {
    let folder = folder("silences");
    let text = "# celery-checkup: ignore=result-backend-amqp (moved)\nCELERY_RESULT_BACKEND = 'rpc://'\n";
    fs::write(folder.join("settings.py"), text).unwrap();
    let rules = |words: &[&str]| {
        let all = [&["check", "--format", "json", "settings.py"], words].concat();
        let report = json(&run(&folder, &all, ""));
        report["findings"].as_array().unwrap().iter().map(|it| it["rule"].to_string()).collect::<Vec<_>>()
    };
    assert!(rules(&[]).contains(&"\"ignore-silences-nothing\"".to_owned()));
    assert!(!rules(&["--ignore", "runs-as-root"]).contains(&"\"ignore-silences-nothing\"".to_owned()));
}
