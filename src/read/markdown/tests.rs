use super::*;
use crate::text::SourceId;

fn source(text: &str) -> Text {
    Text::of_source(SourceId(0), text.into())
}

fn parts(text: &str) -> Vec<(Kind, String)> {
    let (notes, troubles) = read(&source(text));
    assert!(troubles.is_empty());
    notes.parts.iter().map(|part| (part.detection.kind, part.text.as_str().to_owned())).collect()
}

#[test]
fn fences_and_inline_commands_become_parts() {
    let notes = "# 셀러리\n\n- `$ celery -A con_item worked -l info` 명령어\n\n```python\nX = 'a'\n```\n\n~~~ bash\n$ celery report\n~~~\n`celery 5.x` `result_backend` ``docker exec a celery status``";
    assert_eq!(
        parts(notes),
        [
            (Kind::Command, "$ celery -A con_item worked -l info".to_owned()),
            (Kind::Python, "X = 'a'\n".to_owned()),
            (Kind::Command, "$ celery report\n".to_owned()),
            (Kind::Command, "docker exec a celery status".to_owned()),
        ]
    );
}

#[test]
fn a_fence_in_a_quote_in_a_list_keeps_its_places() {
    let text =
        "1. 이것:\r\n   > - ```python\r\n   >   X = 'amqp'\r\n   >   if X:\r\n   >     Y = 1\r\n   >   ```\r\nend\r\n";
    let whole = source(text);
    let (notes, _) = read(&whole);
    let part = &notes.parts[0];
    assert_eq!(part.text.as_str(), "X = 'amqp'\r\nif X:\r\n  Y = 1\r\n");
    assert_eq!(part.info.as_ref().map(Text::as_str), Some("python"));
    let at = part.text.as_str().find("amqp").unwrap();
    let word = part.text.slice(at..at + 4);
    let span = word.span();
    assert_eq!(&text[span.start as usize..span.end as usize], "amqp");
    assert_eq!(word.replacement("rpc"), Some((span, "rpc".to_owned())));
    assert_eq!(notes.parts.len(), 1);
}

#[test]
fn reasons_count_lines_of_the_notes() {
    let (notes, _) = read(&source("a\n\n```\n\n$ celery report\n```\n"));
    assert_eq!(notes.parts[0].detection.because, Because::Line(5));
}

#[test]
fn a_transcript_is_commands_and_their_output() {
    let notes = "```console\n$ celery -A x worked\nError: No such command 'worked'.\n```\n";
    assert_eq!(
        parts(notes),
        [
            (Kind::Command, "$ celery -A x worked\n".to_owned()),
            (Kind::Log, "Error: No such command 'worked'.\n".to_owned())
        ]
    );
}

#[test]
fn fences_that_end_oddly() {
    assert_eq!(parts("```python\nX = 1"), [(Kind::Python, "X = 1".to_owned())]);
    assert_eq!(parts("````python\nX = '```'\n```\n````\n"), [(Kind::Python, "X = '```'\n```\n".to_owned())]);
    assert_eq!(parts("> ```python\n> X = 1\nafter"), [(Kind::Python, "X = 1\n".to_owned())]);
    // Sloppy, and common: the content is not indented as its list item is.
    assert_eq!(parts("- ```python\nX = 1\n```\nafter"), [(Kind::Python, "X = 1\n".to_owned())]);
    assert_eq!(parts("```\n```"), [(Kind::Unknown, String::new())]);
    assert_eq!(parts("```py"), [(Kind::Python, String::new())]);
    assert_eq!(parts("``` not `a` fence"), []);
}

#[test]
fn tabs_before_a_fence_are_cut_from_its_lines() {
    assert_eq!(parts("-\t```python\n\tX = 1\n\t```\n"), [(Kind::Python, "X = 1\n".to_owned())]);
}

#[test]
fn nothing_panics_and_time_is_linear() {
    let start = std::time::Instant::now();
    let runs: String = (1..800).map(|n| format!("{}x", "`".repeat(n))).collect();
    for text in [
        "`".repeat(50_000),
        ">".repeat(50_000),
        "> ".repeat(100_000),
        "- ".repeat(100_000),
        runs,
        "```\n".repeat(50_000),
        "> ```\n".repeat(50_000),
        "`a".repeat(100_000),
        "    ```\n\t".repeat(100_000),
    ] {
        let _ = read(&source(&text));
    }
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    let (_, troubles) = read(&source(&"a\n".repeat(2_000_000)));
    assert!(matches!(troubles[0].what, TroubleKind::TooLarge { .. }));
}

#[test]
fn every_cut_of_a_note_reads() {
    let text = "# 한글\n> - ```python\n> \tX = '글'\n> ```\n~~~\n`celery -A x worker`\r\n~~~ ``celery worker`` `";
    for (at, _) in text.char_indices() {
        let _ = read(&source(&text[..at]));
        let _ = read(&source(&text[at..]));
    }
}

#[test]
fn what_a_sentence_warns_of_is_no_command() {
    let notes =
        "`celery worker -A shop` was used to start it.\n쉼표 뒤에 공백을 두지 마세요: `celery worker -Q a, b`\n";
    assert!(parts(notes).is_empty());
    assert!(parts("`celery worker -A shop` 명령은 이제 쓰지 않습니다.\n").is_empty());
    assert_eq!(parts("`celery worker -A shop` fails, why?\n").len(), 1);
    assert_eq!(parts("`celery worker -A shop`로는 시작되지 않습니다.\n").len(), 1);
}

#[test]
fn a_key_names_a_command() {
    let note = "Set `ExecStart=/opt/bin/celery -A a worker` or `command: celery -A b beat`.\n\n```\ncommand=/opt/bin/celery -A c worker\n```\n\n```json\n{\"x\": {\n  \"command\": \"celery -A d worker -n x@%h \"\n  + more,\n  \"command\": \"make\"\n}}\n```\n\n`command=value`, `commander: celery -A e worker`\n";
    let (note, _) = read(&Text::of_source(SourceId(0), note.into()));
    let commands = note.parts.iter().filter(|part| part.detection.kind == Kind::Command);
    let commands: Vec<&str> = commands.map(|part| part.text.as_str()).collect();
    let expected = ["/opt/bin/celery -A a worker", "celery -A b beat", "celery -A d worker -n x@%h"];
    assert_eq!(commands, expected);
}

#[test]
fn only_the_sentence_of_a_command_warns_of_it() {
    let kept = |note: &str| parts(note).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    for (note, expected) in [
        ("Use `celery worker -A a` instead of `celery worker -A b`.", &["celery worker -A a"][..]),
        ("Instead of `celery worker -A b`, run `celery -A a worker`.", &["celery -A a worker"]),
        ("Do not run `celery worker -A b`, run `celery -A a worker`.", &["celery -A a worker"]),
        ("Never as root. Run `celery -A a worker`.", &["celery -A a worker"]),
        ("Don't forget to start it: `celery -A a worker`", &["celery -A a worker"]),
        ("`celery -A a worker` works with 4.x and 5.x.", &["celery -A a worker"]),
        ("With 4.x it was `celery worker -A b`.", &[]),
        ("`celery worker -A b` 대신 `celery -A a worker` 명령을 쓰세요.", &["celery -A a worker"]),
        ("새 명령 `celery -A a worker`를 대신 씁니다. 예전 문서는 버리세요.", &["celery -A a worker"]),
        ("Run `nautobot-server celery worker -l INFO` there.", &["nautobot-server celery worker -l INFO"]),
    ] {
        assert_eq!(kept(note), expected, "{note}");
    }
}

#[test]
fn a_line_that_is_a_whole_command_is_one() {
    let note = "Start it:\n\ncelery -A shop worker \\\n  -l info\n\n    $ poetry run celery -A shop beat -l info\n\n- python -m celery -A shop inspect ping -t 1\n";
    let expected = [
        "celery -A shop worker \\\n  -l info",
        "$ poetry run celery -A shop beat -l info",
        "python -m celery -A shop inspect ping -t 1",
    ];
    assert_eq!(parts(note).iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), expected);
    for line in [
        "celery worker -A shop starts the worker",
        "celery worker and beat",
        "celery -A shop worker -l info.",
        "| celery -A shop worker -l info | a row |",
        "# celery -A shop worker",
        "Do not run this:\n\ncelery -A shop worker -l info",
        "celery flower -- port 5555",
    ] {
        assert!(parts(line).is_empty(), "{line}");
    }
}

#[test]
fn a_block_that_the_line_above_warns_of_is_not_read() {
    let block = "```\ncelery worker -A shop\n```\n";
    let kinds = |above: &str| parts(&format!("{above}\n\n{block}")).iter().map(|(kind, _)| *kind).collect::<Vec<_>>();
    assert_eq!(kinds("아래처럼 쓰면 안 됩니다 (Celery 5에서 오류):"), [Kind::Unknown]);
    assert_eq!(kinds("**Do not start it like this:**"), [Kind::Unknown]);
    for above in ["이렇게 하면 안 되나요?:", "아래처럼 쓰세요:", "쓰면 안 됩니다.", "아래 명령이 실행되지 않습니다:"]
    {
        assert_eq!(kinds(above), [Kind::Command], "{above}");
    }
}
