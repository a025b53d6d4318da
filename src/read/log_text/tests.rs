use super::*;
use crate::text::SourceId;

fn log(text: &str) -> Log {
    read(&Text::of_source(SourceId(0), text.into())).0
}

fn stretch(text: &str, part: &Text) -> String {
    let span = part.span();
    text[span.start as usize..span.end as usize].to_owned()
}

/// Source, level, process and message of a line.
fn parts(line: &str) -> (String, Option<Level>, String, String) {
    let line = log(line).lines().next().unwrap();
    let word = |text: Option<Text>| text.map_or(String::new(), |text| text.as_str().to_owned());
    (word(line.source), line.level, word(line.process), line.message.as_str().to_owned())
}

#[test]
fn prefixes_of_every_house() {
    use Level::{Error, Info, Warning};
    for (line, source, level, process, message) in [
        ("[2024-05-01 10:00:00,123: INFO/MainProcess] mingle", "", Some(Info), "MainProcess", "mingle"),
        ("[2024-05-01 10:00:00,123: ERROR/ForkPoolWorker-1] Task x", "", Some(Error), "ForkPoolWorker-1", "Task x"),
        ("worker-1  | [2024-05-01 10:00:00,123: WARNING/Beat] x", "worker-1", Some(Warning), "Beat", "x"),
        ("worker_1  | plain", "worker_1", None, "", "plain"),
        ("worker_1  |", "worker_1", None, "", ""),
        (
            "[pod/w-0/worker] [2024-05-01 10:00:00,123: INFO/MainProcess] a",
            "pod/w-0/worker",
            Some(Info),
            "MainProcess",
            "a",
        ),
        (
            "2024-05-01T10:00:00.123456789Z stderr F [2024-05-01 10:00:00,123: INFO/MainProcess] a",
            "",
            Some(Info),
            "MainProcess",
            "a",
        ),
        ("2024-05-01T10:00:00.1Z hello", "", None, "", "hello"),
        ("2019-04-10 08:35:52.949 [error] <0.5141.0> Error on", "", Some(Error), "<0.5141.0>", "Error on"),
        ("2021-09-27 13:46:23.946464+00:00 [info] <0.222.0> Feature", "", Some(Info), "<0.222.0>", "Feature"),
        ("rabbit_1 | 2021-09-27 13:46:23.946464+00:00 [warning] <0.2.0> x", "rabbit_1", Some(Warning), "<0.2.0>", "x"),
        ("[I 240501 10:00:00 mixins:229] Connected", "", Some(Info), "", "Connected"),
        ("2019-06-27 02:59:13,427 INFO exited: x", "", Some(Info), "", "exited: x"),
        (
            "Jan  2 10:00:00 host celery[12]: [2024-05-01 10:00:00,123: INFO/MainProcess] a",
            "celery[12]",
            Some(Info),
            "MainProcess",
            "a",
        ),
        ("WARNING:root:careful", "", Some(Warning), "", "careful"),
        ("ERROR [MainThread] x", "", Some(Error), "", "[MainThread] x"),
        (
            "\x1b[31m[2024-05-01 10:00:00,123: ERROR/MainProcess]\x1b[0m red \x1b[1mword",
            "",
            Some(Error),
            "MainProcess",
            "red word",
        ),
        (
            "worker-okteto-5zworker[2022-05-19 13:35:26,740: ERROR/MainProcess] consumer",
            "",
            Some(Error),
            "MainProcess",
            "consumer",
        ),
        ("    warnings.warn(x)", "", None, "", "    warnings.warn(x)"),
        ("a | b", "a", None, "", "b"),
        ("", "", None, "", ""),
        ("[tasks]", "", None, "", "[tasks]"),
        ("Information about x", "", None, "", "Information about x"),
        ("Error: No such command 'worked'.", "", None, "", "Error: No such command 'worked'."),
    ] {
        if line.is_empty() {
            continue;
        }
        assert_eq!(parts(line), (source.to_owned(), level, process.to_owned(), message.to_owned()), "{line}");
    }
}

#[test]
fn messages_keep_their_places() {
    let text = "w-1  | \x1b[31m[2024-05-01 10:00:00,123: ERROR/MainProcess]\x1b[0m 글 boom\r\nw-1  | next\n";
    let log = log(text);
    let line = log.lines().next().unwrap();
    assert_eq!(stretch(text, &line.message), "글 boom");
    assert_eq!(stretch(text, line.time.as_ref().unwrap()), "2024-05-01 10:00:00,123");
    let at = text.find("boom").unwrap();
    assert_eq!(log.line_at(at).unwrap().message.as_str(), "글 boom");
    assert_eq!(log.line_at(text.find("next").unwrap()).unwrap().message.as_str(), "next");
    assert_eq!(log.line_at(0).unwrap().range(), line.range());
    assert!(log.line_at(text.len()).is_none() && log.line_at(text.len() + 9).is_none());
}

#[test]
fn a_wrapped_message_reads_as_one() {
    let text = "/celery/platforms.py:800: RuntimeWarning: You're running the worker with superuser privileges: this is\nabsolutely not recommended!   \n\nPlease specify a different user using the --uid option.\n[2024-05-01 10:00:00,123: INFO/MainProcess] next\n";
    let log = log(text);
    let first = log.lines().next().unwrap();
    let joined = log.joined(&first, 10);
    assert!(
        joined
            .as_str()
            .ends_with("this is absolutely not recommended! Please specify a different user using the --uid option.")
    );
    let at = joined.as_str().find("absolutely").unwrap();
    assert_eq!(stretch(text, &joined.slice(at..at + 10)), "absolutely");
    assert_eq!(log.following(&first).count(), 3);
}

#[test]
fn others_lines_between_are_left_out() {
    let text = "a | [2024-05-01 10:00:00,123: ERROR/MainProcess] Traceback\nb | noise\na |   File x\nb | [2024-05-01 10:00:00,123: INFO/X] y\na | Error\na | [2024-05-01 10:00:01,123: INFO/MainProcess] z\na | no\n";
    let log = log(text);
    let first = log.lines().next().unwrap();
    let said: Vec<_> = log.following(&first).map(|line| line.message.as_str().to_owned()).collect();
    assert_eq!(said, ["  File x", "Error"]);
}

#[test]
fn line_ends_of_all_sorts() {
    assert_eq!(
        log("a\r\nb\rc\n\nd").lines().map(|l| l.message.as_str().to_owned()).collect::<Vec<_>>(),
        ["a", "b", "c", "", "d"]
    );
    assert_eq!(log("").lines().count(), 0);
}

#[test]
fn nothing_panics_and_time_is_linear() {
    let start = std::time::Instant::now();
    for text in [
        "[".repeat(50_000),
        "\x1b".repeat(50_000),
        "\x1b[".repeat(50_000),
        "a | ".repeat(10_000),
        "\n".repeat(50_000),
        "[2024-05-01 10:00:00,1: INFO/".repeat(10_000),
        "한\x1b글\n".repeat(50_000),
    ] {
        let log = log(&text);
        assert!(log.lines().count() <= text.len());
        for at in 0..50 {
            let _ = log.line_at(text.len() * at / 50).map(|line| log.joined(&line, 20).len());
        }
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    let text = "한-1 | \x1b[3글1m[2024-05-01 10:00:00,123: ERROR/글] x\r\n[I 240501 10:00:00 글] <0.1.0> 글\nJan  2 10:00:00 글 글: x\n2024-05-01T10:00:00+09:00 [error] <0.1.글> x";
    for (at, _) in text.char_indices() {
        for part in [&text[..at], &text[at..]] {
            let log = log(part);
            for line in log.lines() {
                let _ = log.joined(&line, 3);
            }
            for offset in 0..part.len() {
                let _ = log.line_at(offset);
            }
        }
    }
}
