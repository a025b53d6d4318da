//! Text packs: the long texts of one language as JSON, for the page to fetch after the first findings.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::card::{Card, Files, Words};

/// Names the set of cards: it changes whenever a card does.
pub fn build_id(cards: &[Card]) -> String {
    // DefaultHasher::new() has fixed keys, so the same cards give the same id on every machine of one Rust version.
    let mut hasher = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    for card in cards {
        card.id.hash(&mut hasher);
        std::fs::read(&card.path).unwrap_or_default().hash(&mut hasher);
    }
    format!("{}-{:016x}", env!("CARGO_PKG_VERSION"), hasher.finish())
}

/// Writes `pack.ko.json`, `pack.en.json` and `pack.id`.
pub fn write(cards: &[Card], build_id: &str, out_dir: &Path) {
    for language in ["ko", "en"] {
        let rules: Map<String, Value> = cards.iter().map(|card| (card.id.clone(), texts(card, language))).collect();
        let pack = json!({ "build": build_id, "rules": rules });
        std::fs::write(out_dir.join(format!("pack.{language}.json")), pack.to_string())
            .expect("OUT_DIR can be written");
    }
    std::fs::write(out_dir.join("pack.id"), build_id).expect("OUT_DIR can be written");
}

fn texts(card: &Card, language: &str) -> Value {
    let of = |words: &Words| html(if language == "ko" { &words.ko } else { &words.en });
    let mut fix = Map::new();
    fix.insert(String::new(), Value::String(of(&card.fix)));
    for (kind, words) in &card.fix_in {
        fix.insert(kind.clone(), Value::String(of(words)));
    }
    let mut examples = Vec::new();
    for example in &card.examples {
        let kind = example.kind.as_deref();
        for (role, files) in [("bad", &example.bad), ("good", &example.good), ("silent", &example.silent)] {
            let Some(files) = files else { continue };
            examples
                .push(json!({ "kind": kind, "role": role, "celery": example.celery, "files": listed(files, kind) }));
        }
    }
    json!({ "why": of(&card.why), "fix": fix, "silent_on": of(&card.silent_on), "examples": examples })
}

fn listed(files: &Files, kind: Option<&str>) -> Vec<Value> {
    files.list(kind).into_iter().map(|(name, text)| json!({ "name": name, "text": without_marks(&text) })).collect()
}

/// The example without the brackets that mark its evidence.
fn without_marks(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('⟦') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + '⟦'.len_utf8()..];
        // `⟦1 …` marks a related place.
        if rest.starts_with(|c: char| c.is_ascii_digit()) && rest[1..].starts_with(' ') {
            rest = &rest[2..];
        }
    }
    plain.push_str(rest);
    plain.replace('⟧', "")
}

/// Each line of a text is a sentence of its own; they flow together in one paragraph.
fn html(markdown: &str) -> String {
    let markdown = markdown.replace("{{", "{").replace("}}", "}");
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&markdown));
    html
}
