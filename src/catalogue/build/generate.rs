//! Rust for the cards: statics, and one typed message a card.

use std::fmt::Write as _;
use std::path::Path;

use super::card::{Card, Line, Link, Words};
use super::sentence::{self, CodePart, Piece};

/// `result-backend-amqp` as `ResultBackendAmqp`.
fn type_name(id: &str) -> String {
    id.split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect()
}

fn static_name(id: &str) -> String {
    id.replace('-', "_").to_ascii_uppercase()
}

/// A sentence as the engine holds it: code between backticks, and a hole as a mark and its number among the card's
/// values, as one letter from `0` on.
fn packed(text: &str, names: &[&String]) -> String {
    let hole = |name: &String| {
        let number = names.iter().position(|known| *known == name).unwrap_or_default();
        format!("{HOLE}{}", char::from(b'0' + number as u8))
    };
    let parsed = sentence::parse(text).unwrap_or_default();
    parsed
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Hole(name) => hole(name),
            Piece::Code(parts) => {
                let code = parts.iter().map(|part| match part {
                    CodePart::Text(text) => text.clone(),
                    CodePart::Hole(name) => hole(name),
                });
                format!("`{}`", code.collect::<String>())
            }
        })
        .collect()
}

/// Both languages of a sentence; nothing where there is none.
fn template(words: Option<&Words>, names: &[&String]) -> String {
    words.map(|words| format!("{}{WITHIN}{}", packed(&words.ko, names), packed(&words.en, names))).unwrap_or_default()
}

/// cards.rs: all cards as one text, a number and a message type for every card, and the list of all.
///
/// One text instead of nested statics: their pointers and lengths were as much again as the words themselves, and
/// everybody who opens the page waits for them.
pub fn cards(cards: &[Card], build_id: &str, path: &Path) {
    let mut code = String::from("// Made by src/catalogue/build.rs from the cards in src/rules.\n");
    for (number, card) in cards.iter().enumerate() {
        let _ = writeln!(
            code,
            "/// {}\npub static {}: Card = Card::numbered({number});",
            card.title.en.trim(),
            static_name(&card.id)
        );
        message_of(card, &mut code);
    }
    let all: Vec<String> = cards.iter().map(|card| format!("&{}", static_name(&card.id))).collect();
    let packed: Vec<String> = cards.iter().map(packed_card).collect();
    let _ = writeln!(
        code,
        "/// Every card, in the order of their ids.\npub static ALL: &[&Card] = &[{}];\n\
         pub(super) static PACKED: &str = {:?};",
        all.join(", "),
        packed.join(CARD)
    );
    let _ = writeln!(
        code,
        "/// Names the build: packs of texts of another build are refused.\npub static BUILD: &str = {build_id:?};"
    );
    write(path, &code);
}

/// Between cards, their fields, the items of a list, the languages of a sentence (or a pattern and its versions), the
/// parts of an outcome; and what stands before a hole's number.
/// src/catalogue/packed.rs reads them.
const CARD: &str = "\u{1c}";
const FIELD: &str = "\u{1d}";
const ITEM: &str = "\u{1e}";
const WITHIN: &str = "\u{1f}";
const PART: &str = "\u{19}";
const HOLE: &str = "\u{1a}";

/// The fields of a card in the order in which src/catalogue/packed.rs reads them.
fn packed_card(card: &Card) -> String {
    let names: Vec<&String> = card.values.keys().collect();
    let says: Vec<String> = card
        .outcomes()
        .iter()
        .map(|(name, says)| {
            [
                name.as_str(),
                says.celery.as_deref().unwrap_or_default(),
                &says.severity,
                &template(says.title.as_ref(), &[]),
                &template(Some(&says.message), &names),
            ]
            .join(PART)
        })
        .collect();
    let lines: Vec<String> = card
        .line
        .iter()
        .map(|line| match line {
            Line::Anywhere(pattern) => pattern.clone(),
            Line::OnlyIn { pattern, only_in } => format!("{pattern}{WITHIN}{only_in}"),
        })
        .collect();
    let list = |items: Vec<&str>| items.join(ITEM);
    let flag = |is: bool| if is { "1" } else { "" };
    [
        &card.id,
        &card.area,
        &card.category,
        &template(Some(&card.title), &[]),
        &says.join(ITEM),
        flag(card.picked_by_evidence()),
        &template(card.action.as_ref(), &names),
        flag(card.safe),
        &list(card.docs.iter().map(String::as_str).collect()),
        &list(card.fix_in.keys().map(String::as_str).collect()),
        &list(card.alone_in()),
        &list(names.iter().map(|name| name.as_str()).collect()),
        &list(lines.iter().map(String::as_str).collect()),
        &list(card.leads_to.iter().map(String::as_str).collect()),
        &list(card.only_beside.iter().map(String::as_str).collect()),
    ]
    .join(FIELD)
}

/// The typed message: a struct with a field a value; an enum where the rule picks the outcome.
fn message_of(card: &Card, code: &mut String) {
    if card.id.starts_with("log-") {
        // The log card's values are the named groups of its patterns: no rule builds it by hand.
        return;
    }
    let name = type_name(&card.id);
    let fields: Vec<(String, &'static str)> =
        card.values.iter().map(|(field, kind)| (field.clone(), rust_bound(kind))).collect();
    let generics: Vec<String> = (0..fields.len()).map(|index| format!("V{index}")).collect();
    let bounds: Vec<String> =
        fields.iter().zip(&generics).map(|((_, bound), generic)| format!("{generic}: {bound}")).collect();
    let (open, bounds) = if fields.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("<{}>", generics.join(", ")), format!("<{}>", bounds.join(", ")))
    };
    let values: Vec<String> = fields.iter().map(|(field, bound)| format!("{bound}::shown({field})")).collect();
    let pattern: Vec<&str> = fields.iter().map(|(field, _)| field.as_str()).collect();
    let declared: Vec<String> =
        fields.iter().zip(&generics).map(|((field, _), generic)| format!("{field}: {generic}")).collect();

    if card.picked_by_evidence() {
        let outcomes: Vec<String> = card.outcomes().into_iter().map(|(outcome, _)| outcome).collect();
        let variants: Vec<String> =
            outcomes.iter().map(|outcome| format!("{} {{ {} }}", type_name(outcome), declared.join(", "))).collect();
        let arms: Vec<String> = outcomes
            .iter()
            .map(|outcome| {
                let variant = type_name(outcome);
                format!(
                    "{name}::{variant} {{ {} }} => Message::of(&{}, Some({outcome:?}), [{}])",
                    pattern.join(", "),
                    static_name(&card.id),
                    values.join(", ")
                )
            })
            .collect();
        let _ =
            writeln!(code, "/// Says: {}\npub enum {name}{open} {{ {} }}", card.title.en.trim(), variants.join(", "));
        let _ = writeln!(
            code,
            "impl{bounds} From<{name}{open}> for Message {{ fn from(said: {name}{open}) -> Message {{ match said {{ {} }} }} }}",
            arms.join(", ")
        );
    } else {
        let public: Vec<String> = declared.iter().map(|field| format!("pub {field}")).collect();
        let _ =
            writeln!(code, "/// Says: {}\npub struct {name}{open} {{ {} }}", card.title.en.trim(), public.join(", "));
        let _ = writeln!(
            code,
            "impl{bounds} From<{name}{open}> for Message {{ fn from(said: {name}{open}) -> Message {{ \
             let {name} {{ {} }} = said; Message::of(&{}, None, [{}]) }} }}",
            pattern.join(", "),
            static_name(&card.id),
            values.join(", ")
        );
    }
}

fn rust_bound(kind: &str) -> &'static str {
    match kind {
        "code" => "AsCode",
        "text" => "AsWords",
        "number" => "AsNumber",
        "seconds" => "AsSeconds",
        "bytes" => "AsBytes",
        "version" => "AsVersion",
        "list of code" => "AsCodeList",
        _ => "AsPlace",
    }
}

/// long_texts.rs: why, fix, silent_on and the examples, for faces that carry them.
pub fn long_texts(cards: &[Card], path: &Path) {
    let mut code = String::from(
        "// Made by src/catalogue/build.rs from the cards in src/rules.\npub static LONG_TEXTS: &[LongText] = &[\n",
    );
    // As in the page's packs: a literal brace is written doubled.
    let plain = |text: &str| text.trim_end().replace("{{", "{").replace("}}", "}");
    let pair = |words: &Words| format!("Pair {{ ko: {:?}, en: {:?} }}", plain(&words.ko), plain(&words.en));
    for card in cards {
        let fix_in: Vec<String> =
            card.fix_in.iter().map(|(kind, words)| format!("({kind:?}, {})", pair(words))).collect();
        let mut examples = Vec::new();
        for example in &card.examples {
            let kind = example.kind.as_deref();
            let list = |files: &Option<super::card::Files>| match files {
                Some(files) => format!(
                    "Some(&{:?})",
                    files.list(kind).iter().map(|(n, t)| (n.as_str(), t.as_str())).collect::<Vec<_>>()
                ),
                None => "None".to_owned(),
            };
            let expect: Vec<(&String, &String)> = example.expect.iter().collect();
            examples.push(format!(
                "Example {{ kind: {kind:?}, celery: {:?}, bad: {}, good: {}, silent: {}, expect: &{expect:?} }}",
                example.celery,
                list(&example.bad),
                list(&example.good),
                list(&example.silent)
            ));
        }
        let _ = writeln!(
            code,
            "LongText {{ id: {:?}, why: {}, fix: {}, fix_in: &[{}], silent_on: {}, examples: &[{}] }},",
            card.id,
            pair(&card.why),
            pair(&card.fix),
            fix_in.join(", "),
            pair(&card.silent_on),
            examples.join(", ")
        );
    }
    code.push_str("];\n");
    write(path, &code);
}

/// links.rs: the table of official pages, sorted by key, as lines of fields.
pub fn links(links: &[Link], path: &Path) {
    let mut sorted: Vec<&Link> = links.iter().collect();
    sorted.sort_by(|left, right| left.key.cmp(&right.key));
    let rows: Vec<String> =
        sorted.iter().map(|link| [&*link.key, &link.url, &link.title, &link.lang, &link.korean].join("\t")).collect();
    write(
        path,
        &format!("// Made by src/catalogue/build.rs from links.csv.\nstatic PACKED: &str = {:?};\n", rows.join("\n")),
    );
}

fn write(path: &Path, code: &str) {
    std::fs::write(path, code).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
