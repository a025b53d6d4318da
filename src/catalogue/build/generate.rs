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

/// The sentence as a slice of pieces; holes are indices into the card's values.
fn pieces(text: &str, names: &[&String]) -> String {
    let hole = |name: &String| names.iter().position(|known| *known == name).unwrap_or_default();
    let parsed = sentence::parse(text).unwrap_or_default();
    let written: Vec<String> = parsed
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => format!("Piece::Text({text:?})"),
            Piece::Hole(name) => format!("Piece::Hole({})", hole(name)),
            Piece::Code(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| match part {
                        CodePart::Text(text) => format!("CodePart::Text({text:?})"),
                        CodePart::Hole(name) => format!("CodePart::Hole({})", hole(name)),
                    })
                    .collect();
                format!("Piece::Code(&[{}])", parts.join(", "))
            }
        })
        .collect();
    format!("&[{}]", written.join(", "))
}

fn template(words: &Words, names: &[&String]) -> String {
    format!("Template {{ ko: {}, en: {} }}", pieces(&words.ko, names), pieces(&words.en, names))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// cards.rs: a static and a message type for every card, and the list of all.
pub fn cards(cards: &[Card], build_id: &str, path: &Path) {
    let mut code = String::from("// Made by src/catalogue/build.rs from the cards in src/rules.\n");
    for card in cards {
        static_of(card, &mut code);
        message_of(card, &mut code);
    }
    let all: Vec<String> = cards.iter().map(|card| format!("&{}", static_name(&card.id))).collect();
    let _ =
        writeln!(code, "/// Every card, in the order of their ids.\npub static ALL: &[&Card] = &[{}];", all.join(", "));
    let _ = writeln!(
        code,
        "/// Names the build: packs of texts of another build are refused.\npub static BUILD: &str = {build_id:?};"
    );
    write(path, &code);
}

fn static_of(card: &Card, code: &mut String) {
    let names: Vec<&String> = card.values.keys().collect();
    let outcomes: Vec<String> = card
        .outcomes()
        .iter()
        .map(|(name, says)| {
            format!(
                "Says {{ name: {name:?}, celery: {:?}, severity: Severity::{}, title: {}, message: {} }}",
                says.celery,
                capitalised(&says.severity),
                says.title.as_ref().map_or("None".to_owned(), |title| format!("Some({})", template(title, &[]))),
                template(&says.message, &names)
            )
        })
        .collect();
    let action = card.action.as_ref().map_or("None".to_owned(), |action| format!("Some({})", template(action, &names)));
    let kinds: Vec<&String> = card.fix_in.keys().collect();
    let lines: Vec<String> = card
        .line
        .iter()
        .map(|line| match line {
            Line::Anywhere(pattern) => format!("LinePattern {{ pattern: {pattern:?}, only_in: None }}"),
            Line::OnlyIn { pattern, only_in } => {
                format!("LinePattern {{ pattern: {pattern:?}, only_in: Some({only_in:?}) }}")
            }
        })
        .collect();
    let _ = writeln!(
        code,
        "/// {title}\npub static {name}: Card = Card {{ id: {id:?}, area: {area:?}, category: Category::{category}, \
         title: {title_template}, says: &[{says}], picked_by_evidence: {picked}, action: {action}, safe: {safe}, \
         docs: &{docs:?}, fix_in: &{kinds:?}, alone_in: &{alone:?}, values: &{values:?}, line: &[{line}], leads_to: &{leads_to:?}, only_beside: &{beside:?} }};",
        title = card.title.en.trim(),
        name = static_name(&card.id),
        id = card.id,
        area = card.area,
        category = capitalised(&card.category),
        title_template = template(&card.title, &[]),
        says = outcomes.join(", "),
        picked = card.picked_by_evidence(),
        safe = card.safe,
        docs = card.docs,
        line = lines.join(", "),
        alone = card.alone_in(),
        values = names,
        leads_to = card.leads_to,
        beside = card.only_beside,
    );
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
                    "{name}::{variant} {{ {} }} => Message {{ card: &{}, outcome: Some({outcome:?}), values: vec![{}] }}",
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
             let {name} {{ {} }} = said; Message {{ card: &{}, outcome: None, values: vec![{}] }} }} }}",
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
    let pair = |words: &Words| format!("Pair {{ ko: {:?}, en: {:?} }}", words.ko.trim_end(), words.en.trim_end());
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

/// links.rs: the table of official pages, sorted by key.
pub fn links(links: &[Link], path: &Path) {
    let mut sorted: Vec<&Link> = links.iter().collect();
    sorted.sort_by(|left, right| left.key.cmp(&right.key));
    let rows: Vec<String> = sorted
        .iter()
        .map(|link| {
            format!(
                "Link {{ key: {:?}, url: {:?}, title: {:?}, lang: {:?}, korean: {:?} }}",
                link.key, link.url, link.title, link.lang, link.korean
            )
        })
        .collect();
    write(
        path,
        &format!(
            "// Made by src/catalogue/build.rs from links.csv.\npub static LINKS: &[Link] = &[{}];\n",
            rows.join(",\n")
        ),
    );
}

fn write(path: &Path, code: &str) {
    std::fs::write(path, code).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
