use super::*;
use crate::text::SourceId;
use std::time::Instant;

fn source(text: &str) -> Text {
    Text::of_source(SourceId(0), text.into())
}

fn yaml(text: &str) -> Yaml {
    read(&source(text)).0
}

fn stretch(text: &str, part: &Text) -> String {
    let span = part.span();
    text[span.start as usize..span.end as usize].to_owned()
}

/// The tree as JSON-like words, every alias followed.
fn show(node: &Node) -> String {
    if let Some(text) = node.written() {
        return if node.is_null() { "~".to_owned() } else { format!("{:?}", text.as_str()) };
    }
    if node.is_sequence() {
        return format!("[{}]", node.items().iter().map(|item| show(item)).collect::<Vec<_>>().join(", "));
    }
    let entries = node.entries();
    let entries = entries.iter().map(|entry| format!("{}: {}", show(&entry.key), show(&entry.value)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

/// The same of what serde_yaml read; numbers and booleans as they were written is what we cannot compare.
fn oracle(value: &serde_yaml::Value) -> String {
    use serde_yaml::Value;
    match value {
        Value::Null => "~".to_owned(),
        Value::Bool(value) => format!("{:?}", value.to_string()),
        Value::Number(value) => format!("{:?}", value.to_string()),
        Value::String(value) => format!("{value:?}"),
        Value::Sequence(items) => format!("[{}]", items.iter().map(oracle).collect::<Vec<_>>().join(", ")),
        Value::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", oracle(key), oracle(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Tagged(tagged) => oracle(&tagged.value),
    }
}

const DOCUMENTS: &[&str] = &[
    "a: 1\nb:\n  - x\n  - y: z\n    w: [1, {c: d}]\n",
    "a: \"q \\\n   esc \\x41 \\u00e9 \\t\\n \\\"x\\\"\n   fold\n\n   more\"\nb: 'it''s\n\n  x  \n  y'\n",
    "a: |\n  one\n    two\n\n  three\n\nb: >-\n  folded\n  text\n\n  more\n    indented\n  less\nc: |+\n  keep\n\nd: |2\n    x\ne: >\n  a  \n  b\n",
    "plain: one\n  two\n\n  three\nx: a#b c\n",
    "a: |\r\n  one\r\n  two\r\nb: 'x\r\n  y'\r\nc: \"x\\\r\n  y\"\r\nd: p\r\n  q\r\n",
    "한글: '값'\n\"k\": \"\\uD55C\\uAE00\"\n",
    "[]\n",
    "{}\n",
    "- - - a\n  - b\n- \n- ~\n- ''\n",
    "? a\n: b\n? [c]\n: d\n",
    "x: &x {a: 1}\ny: *x\nz: [*x, *x]\n",
    "a: !tag b\nc: !!str 1x\n",
    "a: b # c\n# d\ne: f\n",
    "k: http://x:80/y?z=1\nc: a:b\nd: 10:30\n",
    "c: [\"celery\", '-A', proj, \"wo\\\"rk\"]\n",
    "a: \"\"\nb: ''\nc:\n",
    "a: |\n\n  x\nb: |\n  x\n\n\n\nc: >\n\n  x\n  y\n\n  z\n",
    "a: \"line one\\\n\\ two\"\nb: \"a \n \n b\"\n",
    "|\n a\n b\n",
    "\"multi\n line\"\n",
    "a:\n- b\n- c\nd: e\n",
    "a: |-\n  x",
    "a: - b\n",
];

#[test]
fn what_serde_yaml_reads_we_read() {
    for text in DOCUMENTS {
        let Ok(value) = serde_yaml::from_str::<serde_yaml::Value>(text) else {
            continue;
        };
        let (read, troubles) = read(&source(text));
        assert!(troubles.is_empty(), "{text}: {troubles:?}");
        let ours = read.roots().next().map_or("~".to_owned(), show);
        assert_eq!(ours, oracle(&value), "{text}");
    }
}

/// Every character that stands verbatim in the file stands where its text says; nothing fell back.
#[test]
fn every_word_of_a_scalar_knows_its_place() {
    fn check(text: &str, node: &Node, words: &mut usize) {
        if let NodeValue::Scalar(scalar) = &node.value {
            for word in scalar.text.as_str().split_whitespace() {
                let at = word.as_ptr() as usize - scalar.text.as_str().as_ptr() as usize;
                let part = scalar.text.slice(at..at + word.len());
                if part.replacement("x").is_some() {
                    assert_eq!(stretch(text, &part), word, "{text}");
                    *words += 1;
                } else {
                    // Escapes, and a word that goes on behind an escaped line end.
                    assert!(word.contains(['\'', '"', 'é', 'A', '한']) || word == "xy", "{word} in {text}");
                }
            }
        }
        for entry in node.own_entries() {
            check(text, &entry.key, words);
            check(text, &entry.value, words);
        }
        for item in node.items() {
            check(text, item, words);
        }
    }
    let mut words = 0;
    for text in DOCUMENTS {
        for root in yaml(text).roots() {
            check(text, root, &mut words);
        }
    }
    assert!(words > 100, "{words}");
}

#[test]
fn lookups_follow_aliases_and_merges() {
    let text = "x-app: &app\n  image: app\n  user: root\nservices:\n  worker:\n    <<: *app\n    user: celery\n  beat: *app\n  both:\n    <<: [{user: a}, *app]\n";
    let file = yaml(text);
    let root = file.roots().next().unwrap();
    let said = |path: &[&str]| root.path(path.iter().copied()).and_then(Node::scalar).map(Text::as_str);
    assert_eq!(said(&["services", "worker", "user"]), Some("celery"));
    assert_eq!(said(&["services", "worker", "image"]), Some("app"));
    assert_eq!(said(&["services", "beat", "user"]), Some("root"));
    assert_eq!(said(&["services", "both", "user"]), Some("a"));
    let worker = root.path(["services", "worker"]).unwrap();
    let names: Vec<_> = worker.entries().iter().map(|entry| entry.name().unwrap().as_str()).collect();
    assert_eq!(names, ["user", "image"]);
    assert_eq!(stretch(text, &worker.at), "<<: *app\n    user: celery");
}

#[test]
fn an_aliased_scalar_stands_at_its_use_and_knows_its_origin() {
    let text = "a: &u amqp://h\nb: *u\n";
    let file = yaml(text);
    let used = file.roots().next().unwrap().get("b").unwrap().scalar().unwrap().clone();
    assert_eq!((used.as_str(), stretch(text, &used).as_str()), ("amqp://h", "*u"));
    assert_eq!(stretch(text, &used.origins()[0]), "amqp://h");
}

#[test]
fn words_are_edited_through_their_quoting() {
    let text =
        "a: 'it''s worked'\nb: \"x worked\"\nc: |\n  celery worked\nd: celery worked\ne: >\n  celery\n  worked\n";
    let file = yaml(text);
    for entry in file.roots().next().unwrap().entries() {
        let scalar = entry.value.scalar().unwrap();
        let at = scalar.as_str().find("worked").unwrap();
        let word = scalar.slice(at..at + 6);
        assert_eq!(stretch(text, &word), "worked");
        assert_eq!(word.replacement("worker").map(|(_, new)| new).as_deref(), Some("worker"));
    }
}

#[test]
fn values_that_are_missing_stand_at_their_key() {
    let text = "a:\nb: ~\nc: ''\nd: null\n";
    let file = yaml(text);
    let root = file.roots().next().unwrap();
    assert!(root.get("a").unwrap().is_null() && root.get("b").unwrap().is_null() && root.get("d").unwrap().is_null());
    assert_eq!(stretch(text, &root.get("a").unwrap().at), "a");
    assert_eq!(root.get("c").unwrap().scalar().map(Text::as_str), Some(""));
    assert!(!root.get("c").unwrap().is_null());
    assert_eq!(root.get("a").unwrap().scalar(), None);
}

#[test]
fn plain_values_have_types_and_quoted_ones_do_not() {
    let file = yaml("a: 0\nb: '0'\nc: true\nd: 'true'\ne: -5\nf: 1.5\n");
    let root = file.roots().next().unwrap();
    let get = |key| root.get(key).unwrap();
    assert_eq!((get("a").as_integer(), get("b").as_integer(), get("e").as_integer()), (Some(0), None, Some(-5)));
    assert_eq!((get("c").as_bool(), get("d").as_bool(), get("f").as_integer()), (Some(true), None, None));
}

#[test]
fn templates_are_hidden_and_known_to_be_unknown() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n  labels:\n    {{- include \"x\" . | nindent 4 }}\nspec:\n  {{- if .Values.a }}\n  image: \"{{ .r }}:{{ .t }}\"\n  {{- else }}\n  image: b\n  {{- end }}\n  args: [celery, worker]\n  env:\n    - name: A\n      value: b\n    {{- range .x }}\n    - name: {{ .n }}\n    {{- end }}\n";
    let (file, troubles) = read(&source(text));
    assert!(troubles.is_empty(), "{troubles:?}");
    let root = file.roots().next().unwrap();
    let name = root.path(["metadata", "name"]).unwrap();
    assert_eq!((name.scalar(), name.is_templated()), (None, true));
    assert_eq!(name.written().map(Text::as_str), Some("{{ .Values.name }}"));
    assert!(root.path(["metadata", "labels"]).unwrap().is_templated());
    assert!(!root.path(["metadata", "labels"]).unwrap().is_null());
    assert_eq!(root.path(["spec", "image"]).unwrap().written().map(Text::as_str), Some("{{ .r }}:{{ .t }}"));
    assert!(root.get("spec").unwrap().is_templated());
    assert!(!root.path(["spec", "args"]).unwrap().is_templated());
    assert!(root.path(["spec", "env"]).unwrap().is_templated());
    assert_eq!(root.get("kind").unwrap().scalar().map(Text::as_str), Some("Pod"));
}

#[test]
fn comments_are_kept() {
    let text = "# one\na: b # two\n# three\nc: |\n  # no comment\n";
    let found: Vec<_> = yaml(text).comments.iter().map(|c| (stretch(text, &c.at), c.alone)).collect();
    assert_eq!(found, [("# one".to_owned(), true), ("# two".to_owned(), false), ("# three".to_owned(), true)]);
}

#[test]
fn a_broken_document_keeps_its_beginning_and_the_next_is_read() {
    let text = "a: 1\n---\nb:\n  c: d\n  e: f: g\n---\nh: i\n";
    let (file, troubles) = read(&source(text));
    assert_eq!(troubles.len(), 1);
    assert!(matches!(troubles[0].what, TroubleKind::YamlSyntax { .. }) && troubles[0].refused);
    assert!(stretch(text, &troubles[0].at).contains("g"), "{troubles:?}");
    let shown: Vec<_> = file.roots().map(show).collect();
    assert_eq!(shown[0], "{\"a\": \"1\"}");
    assert!(shown[1].contains("\"c\": \"d\""), "{}", shown[1]);
    assert_eq!(shown[2], "{\"h\": \"i\"}");
    assert_eq!(file.documents.iter().map(|d| d.broken).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn what_breaks_off_at_the_end_was_cut() {
    for text in ["a: b\nc: [d,", "a: b\nc: \"d", "a:\n  b: {"] {
        let (file, troubles) = read(&source(text));
        assert_eq!(troubles.len(), 1, "{text}");
        assert!(file.roots().next().unwrap().get("a").is_some(), "{text}");
    }
    assert!(!read(&source("a: b\nc: [d,")).1[0].refused);
}

#[test]
fn a_fragment_that_begins_in_the_middle_is_read_in_pieces() {
    let text = "        image: app\n        user: root\n    beat:\n        image: x\nvolumes:\n    a: {}\n";
    let (file, troubles) = read(&source(text));
    assert!(troubles.is_empty(), "{troubles:?}");
    let shown: Vec<_> = file.roots().map(show).collect();
    assert_eq!(
        shown,
        ["{\"image\": \"app\", \"user\": \"root\"}", "{\"beat\": {\"image\": \"x\"}}", "{\"volumes\": {\"a\": {}}}"]
    );
    let image = file.roots().next().unwrap().get("image").unwrap().scalar().unwrap().clone();
    assert_eq!(stretch(text, &image), "app");
    let beat = file.roots().nth(1).unwrap().path(["beat", "image"]).unwrap().scalar().unwrap().clone();
    assert_eq!(stretch(text, &beat), "x");
    assert_eq!(yaml("    a: 1\n    b: 2\n").roots().count(), 1);
    assert_eq!(
        yaml("      - a\n      - b\n    user: x\n").roots().map(show).collect::<Vec<_>>(),
        ["[\"a\", \"b\"]", "{\"user\": \"x\"}"]
    );
}

#[test]
fn duplicate_keys_are_told_and_the_first_is_found() {
    let (file, troubles) = read(&source("a: 1\nb: 2\na: 3\n"));
    assert_eq!(troubles[0].what, TroubleKind::YamlDuplicateKey { key: "a".to_owned() });
    assert_eq!(file.roots().next().unwrap().get("a").unwrap().as_integer(), Some(1));
}

#[test]
fn hostile_inputs_end_quickly() {
    let n = 20_000;
    let bomb = {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            text.push_str(&format!("a{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(9)));
        }
        text
    };
    let merges = {
        let mut text = "m0: &m0 {k: v}\n".to_owned();
        for level in 1..60 {
            text.push_str(&format!("m{level}: &m{level}\n  <<: [*m{0}, *m{0}]\n  k{level}: v\n", level - 1));
        }
        text
    };
    let chain = {
        let mut text = "c0: &c0 [x]\n".to_owned();
        for level in 1..2000 {
            text.push_str(&format!("c{level}: &c{level} [*c{}]\n", level - 1));
        }
        text
    };
    let stairs: String = (0..2000).rev().map(|indent| format!("{}a: b\n", " ".repeat(indent))).collect();
    let inputs = [
        "[".repeat(n),
        "[".repeat(n) + &"]".repeat(n),
        "{a: ".repeat(n),
        "- ".repeat(n),
        "? ".repeat(n),
        ": ".repeat(2 * n),
        "&a ".repeat(n),
        "a: &a [*a]\n".to_owned(),
        "{{".repeat(n),
        "{{}}".repeat(n),
        "---\n".repeat(n),
        "# c\n".repeat(n),
        "a: *x\n".repeat(n),
        "\"".repeat(n),
        "'".repeat(n),
        "|\n".repeat(n),
        "%YAML 1.2\n".repeat(n),
        "\t".repeat(n),
        "!".repeat(n),
        "a:\n".repeat(n),
        "\u{FEFF}".repeat(n),
        "x".repeat(2_500_000),
        (0..3000).map(|indent| format!("{}a:\n", " ".repeat(indent))).collect(),
        "]".repeat(n),
        "a: [\n---\n".repeat(n),
        bomb,
        merges,
        chain,
        stairs,
    ];
    for text in inputs {
        let start = Instant::now();
        let (file, troubles) = read(&source(&text));
        for root in file.roots() {
            let _ = root.get("nothing");
            let _ = root.get("m59").map(Node::entries);
            let _ = root.get("m59").and_then(|node| node.get("nothing"));
            let _ = show(root).len();
        }
        assert!(troubles.len() <= 5);
        let took = start.elapsed();
        assert!(took.as_secs() < 20, "{took:?} for {:?}", text.chars().take(40).collect::<String>());
    }
    assert_eq!(read(&source(&"[".repeat(n))).1[0].what, TroubleKind::TooDeep { limit: DEEPEST });
    assert_eq!(
        read(&source(
            &"[]
"
            .repeat(1_000_000)
        ))
        .1[0]
            .what,
        TroubleKind::TooLarge { limit: LARGEST as u64 }
    );
}

#[test]
fn cuts_and_noise_never_panic() {
    let mut state = 11_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let noise: Vec<char> = "{}[]:-?|>*&!%#'\"\\\n\r\t ,a글{{}}\u{FEFF}\u{85}\0".chars().collect();
    for text in DOCUMENTS {
        for (at, _) in text.char_indices() {
            let _ = read(&source(&text[..at]));
            let _ = read(&source(&text[at..]));
        }
        for _ in 0..20 {
            let mut characters: Vec<char> = text.chars().collect();
            for _ in 0..4 {
                let at = next(characters.len());
                characters[at] = noise[next(noise.len())];
            }
            let broken: String = characters.into_iter().collect();
            let (file, _) = read(&source(&broken));
            let _ = file.roots().map(show).count();
        }
    }
}
