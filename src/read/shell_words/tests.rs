use super::*;
use crate::text::SourceId;

fn commands(text: &str) -> Vec<Vec<String>> {
    let text = Text::of_source(SourceId(0), text.into());
    read(&text).iter().map(|c| c.words.iter().map(|w| w.as_str().to_owned()).collect()).collect()
}

#[test]
fn words_are_what_the_shell_makes_of_them() {
    for line in [
        r#"celery -A 'my proj' worker -n "w1@%h" -Q a,b"#,
        r#"echo a\ b 'c'"d"e \"x\" "q\"r" '' end"#,
        "celery -A proj worker \\\n  --loglevel=INFO",
    ] {
        let expected = shell_words::split(line).unwrap();
        assert_eq!(commands(line), [expected], "{line}");
    }
}

#[test]
fn operators_prompts_comments_and_redirections_are_no_words() {
    assert_eq!(
        commands(
            "$ cd /app && celery -A p worker > log.txt 2>&1 & # start\n(venv) me@host:~/x$ celery beat\n# celery -A p flower"
        ),
        [
            vec!["cd", "/app"],
            vec!["celery", "-A", "p", "worker"],
            vec!["celery", "beat"],
            vec!["celery", "-A", "p", "flower"]
        ]
    );
    assert_eq!(commands("cat <<EOF\ncelery worked\nEOF\ncelery x"), [vec!["cat"], vec!["celery", "x"]]);
}

#[test]
fn a_place_to_write_to_may_be_quoted() {
    assert_eq!(
        commands("celery worker > \"my log\" 2>> 'e r r' -c 2; cat <<< \"celery beat\"\ncelery x"),
        [vec!["celery", "worker", "-c", "2"], vec!["cat"], vec!["celery", "x"]]
    );
}

#[test]
fn a_blank_to_fill_in_is_a_word() {
    assert_eq!(
        commands("celery -A <app> worker -n <node name>"),
        [vec!["celery", "-A", "<app>", "worker", "-n", "<node name>"]]
    );
    assert_eq!(
        commands("a <in >out\na <in 2>err b\na <<EOF\nEOF\na <in"),
        [vec!["a"], vec!["a", "b"], vec!["a"], vec!["a"]]
    );
}

#[test]
fn what_is_run_for_its_output_is_run() {
    let script =
        "[ \"$(celery status | grep -c OK)\" = 2 ] && A=$(\n  celery report\n) x `celery events` $(date) $((1 + 2))";
    let expected: [&[&str]; 6] = [
        &["celery", "status"],
        &["grep", "-c", "OK"],
        &["[", "$(celery status | grep -c OK)", "=", "2", "]"],
        &["celery", "report"],
        &["celery", "events"],
        &["x", "`celery events`", "$(date)", "$((1 + 2))"],
    ];
    assert_eq!(commands(script), expected);
    commands(&"$(celery ".repeat(200));
}

#[test]
fn assignments_and_expansions_are_known() {
    let text = Text::of_source(SourceId(0), "A=1 B=\"x y\" celery -c ${N:-4} \"$APP\"".into());
    let read = read(&text);
    assert_eq!(read[0].assignments.len(), 2);
    assert_eq!(read[0].assignments[1].1.as_str(), "x y");
    assert!(read[0].words[2].expands && read[0].words[3].expands && !read[0].words[1].expands);
}

#[test]
fn a_word_knows_its_bytes() {
    let text = Text::of_source(SourceId(0), "$ celery -A con_item worked -l info".into());
    let word = &read(&text)[0].words[3];
    assert_eq!(word.text.replacement("worker"), Some((text.slice(21..27).span(), "worker".into())));
    let span = word.text.span();
    assert_eq!((span.start, span.end), (21, 27));
}

#[test]
fn endless_quotes_end_with_the_text() {
    for text in ["celery 'a", "celery \"a", "celery \\", "celery ${a", "celery $(", "`x", "'", "\"\\"] {
        commands(text);
    }
}
