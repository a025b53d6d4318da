//! Inputs that try to break the check: none panics, none hangs, each says what was not read, and the rest is checked.

use celery_checkup::checkup::{self, Input, Options};
use celery_checkup::intake::{self, Kind};
use celery_checkup::present::{self, view::Answer};

const NEIGHBOUR: &str = "CELERY_RESULT_BACKEND = 'amqp://rabbit//'\n";

fn beside_a_finding(name: &str, text: &str, kind: Option<Kind>) -> Answer {
    let mut hostile = Input::new(name, text);
    hostile.kind = kind;
    let answer =
        present::answer(&checkup::check(vec![hostile, Input::new("settings.py", NEIGHBOUR)], &Options::default()));
    assert!(
        answer.findings.iter().any(|it| it.rule == "result-backend-amqp" && it.place.file == 1),
        "the file beside {name} is still checked"
    );
    answer
}

fn says(answer: &Answer, rule: &str) -> bool {
    answer.findings.iter().any(|it| it.rule == rule && it.place.file == 0)
}

#[test]
fn ten_megabytes_of_brackets_get_a_message() {
    let brackets = "[".repeat(10_000_000);
    assert!(says(&beside_a_finding("a.py", &brackets, None), "too-large"));
    let yaml = beside_a_finding("compose.yaml", &brackets, None);
    assert!(says(&yaml, "too-large") || says(&yaml, "nested-too-deep") || says(&yaml, "yaml-syntax"));
    for kind in Kind::ALL {
        beside_a_finding("pasted", &brackets[..1_000_000], Some(kind));
    }
}

#[test]
fn deep_nesting_is_named() {
    for deep in ["(".repeat(1_000), "not ".repeat(1_000), "-".repeat(1_000), format!("x{}", ".b".repeat(10_000))] {
        let text = format!("CELERY_IMPORTS = {deep}");
        assert!(says(&beside_a_finding("a.py", &text, None), "nested-too-deep"), "{}", &deep[..4]);
    }
    let indents: String = (0..500).map(|level| format!("{}if x:\n", " ".repeat(level))).collect();
    assert!(says(&beside_a_finding("a.py", &indents, None), "nested-too-deep"));
}

#[test]
fn every_kind_takes_every_garbage() {
    let garbage = [
        String::new(),
        "\n".repeat(1000),
        "\t\t\t\u{0}\u{1}".to_owned(),
        "{{ {{ }} ${ $( ` ' \" \\ | & ; < > * ? [ ] # - : , % @".to_owned(),
        "- ".repeat(20_000),
        "{a: ".repeat(20_000),
        ": ".repeat(20_000),
        "'\"".repeat(20_000),
        "\\\n".repeat(20_000),
        "celery ".repeat(20_000),
        "a: &a [*a, *a]\nb: &b [*a, *b]\n".to_owned(),
        "가나다\u{202e}\u{feff}\u{10ffff}".repeat(1000),
        "```\n".repeat(5_000),
        "`celery -A x worked` ".repeat(5_000),
        format!("x = {}", "'%s' % (".repeat(90)),
        format!("{}\n", "A = f'{A}{A}'\n".repeat(200)),
        "FROM a AS a\nFROM a AS a\nFROM a\n".repeat(500),
        "<<EOF <<EOF <<EOF\n".repeat(2_000),
        "amqp://a:b@".repeat(5_000),
    ];
    for kind in Kind::ALL {
        for text in &garbage {
            beside_a_finding("pasted", text, Some(kind));
        }
    }
}

#[test]
fn truncated_and_damaged_notes_are_read() {
    let notes = include_str!("../src/app/examples/notes.md");
    // A small generator with a fixed seed: the same cases every time.
    let mut seed = 0x2026_1122_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 33) as usize) % below
    };
    for _ in 0..200 {
        let mut at = next(notes.len());
        while !notes.is_char_boundary(at) {
            at -= 1;
        }
        beside_a_finding("notes.md", &notes[..at], None);
        beside_a_finding("notes.md", &notes[at..], None);
        let mut bytes = notes.as_bytes().to_vec();
        for _ in 0..3 {
            let place = next(bytes.len());
            bytes[place] = next(256) as u8;
        }
        beside_a_finding("notes.md", &String::from_utf8_lossy(&bytes), None);
    }
}

#[test]
fn a_binary_file_is_no_text() {
    let bytes: Vec<u8> = (0..=255).cycle().take(4096).collect();
    assert!(intake::decode(&bytes).is_err());
}

#[test]
fn values_that_grow_with_every_line_are_cut_off() {
    let doubling = format!("m = [1]\n{}", "m = [m, m]\n".repeat(60));
    let behind_one_another = format!("x = 'a'\n{}", "y = x\nx = y\n".repeat(20_000));
    let longer = format!("x = 'a'\n{}", "x = x + 'b'\n".repeat(5_000));
    let split = "x = 'a,b,c,d,e,f'.split(',')\n".repeat(20_000);
    for text in [doubling, behind_one_another, longer, split] {
        beside_a_finding("a.py", &text, None);
    }
}
