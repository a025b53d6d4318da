//! The worker's engine as wasm in a real browser: what the native tests cannot see is the small stack there.

#![cfg(target_arch = "wasm32")]

use celery_checkup::present::view::{Answer, Pasted, Request};
use celery_checkup::present::{Checker, border};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

// As on the page: workers have a smaller stack than pages.
wasm_bindgen_test_configure!(run_in_dedicated_worker);

const NOTES: &str = include_str!("../src/app/examples/notes.md");

fn check(checker: &mut Checker, seq: u64, name: &str, text: &str) -> Answer {
    let file = Pasted { id: 1, version: seq as u32, name: name.into(), text: text.into(), ..Pasted::default() };
    let request = Request { seq, changed: vec![file], ..Request::default() };
    // Through bytes, as on the page.
    let request = border::from_bytes(&border::to_bytes(&request)).expect("the same data");
    let answer = checker.answer(request);
    border::from_bytes(&border::to_bytes(&answer)).expect("the same data")
}

fn lines(answer: &Answer, rule: &str) -> Vec<u32> {
    answer.findings.iter().filter(|finding| finding.rule == rule).map(|finding| finding.place.start.line).collect()
}

#[wasm_bindgen_test]
fn the_notes_are_explained() {
    let answer = check(&mut Checker::new(), 1, "notes.md", NOTES);
    assert_eq!(lines(&answer, "result-backend-amqp"), [18]);
    assert_eq!(lines(&answer, "subcommand-unknown"), [22, 59]);
    assert_eq!(lines(&answer, "log-runs-as-root"), [28, 45]);
}

#[wasm_bindgen_test]
fn what_would_overflow_the_stack_is_answered_and_the_next_paste_is_checked() {
    let mut checker = Checker::new();
    let deep = [
        ("settings.py", "(".repeat(100_000)),
        ("settings.py", format!("x = {}1", "not ".repeat(100_000))),
        ("settings.py", format!("x = {}1", "-".repeat(100_000))),
        ("settings.py", format!("x = {}1", "2**".repeat(100_000))),
        ("settings.py", format!("x = {}1", "lambda: ".repeat(100_000))),
        ("settings.py", format!("x = a{}", ".b".repeat(100_000))),
        ("settings.py", format!("x = a{}", "+1".repeat(100_000))),
        ("settings.py", (0..3_000).map(|level| format!("{}if x:\n", " ".repeat(level))).collect()),
        ("compose.yaml", "[".repeat(10_000_000)),
        ("compose.yaml", "- ".repeat(100_000)),
        ("compose.yaml", "{a: ".repeat(100_000)),
        ("run.sh", "$(".repeat(100_000)),
        ("run.sh", "sh -c \"".repeat(10_000)),
        ("Dockerfile", "RUN ".repeat(100_000)),
        ("notes.md", "> ".repeat(100_000)),
        ("notes.md", "- ".repeat(50_000)),
    ];
    let mut seq = 0;
    for (name, text) in deep {
        seq += 1;
        assert_eq!(check(&mut checker, seq, name, &text).seq, seq, "{name}");
        seq += 1;
        let answer = check(&mut checker, seq, "settings.py", "CELERY_RESULT_BACKEND = 'amqp://rabbit//'\n");
        assert_eq!(lines(&answer, "result-backend-amqp"), [1], "after {name}");
    }
}

#[wasm_bindgen_test]
fn places_count_what_the_editor_counts() {
    let answer =
        check(&mut Checker::new(), 1, "settings.py", "# 셀러리 🥬\nCELERY_RESULT_BACKEND = 'amqp://rabbit//'\n");
    let start = answer.findings[0].place.start;
    let utf16: usize = "# 셀러리 🥬\nCELERY_RESULT_BACKEND = '".encode_utf16().count();
    assert_eq!((start.line, start.utf16 as usize), (2, utf16));
}
