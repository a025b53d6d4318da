//! The page's own words: `src/app/words.yaml` becomes one function for each key.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::card::Words;
use super::check::{STEADY_PARTICLES, UNITS};
use super::sentence::{self, Piece};

/// Holes that are numbers; every other hole is text.
const NUMBERS: &[&str] = &["applied", "count", "errors", "line", "milliseconds", "notes", "total", "warnings"];
/// Counters that may touch a number, beside the units of the cards.
const COUNTERS: &[char] = &['곳'];

/// Writes `words.rs`; panics with file, key and language where the words are not as they should be.
pub fn generate(manifest_dir: &Path, out_dir: &Path) {
    let path = manifest_dir.join("src/app/words.yaml");
    let yaml = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // serde_yaml names the key and the line of a language that is missing or of one too many.
    let words: BTreeMap<String, Words> =
        serde_yaml::from_str(&yaml).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut rust = String::new();
    for (key, words) in &words {
        match function(key, words) {
            // These are for index.html, which is written without Rust.
            Ok(_) if key.starts_with("document_") => {}
            Ok(function) => rust.push_str(&function),
            Err(problem) => panic!("{}: {key}{problem}", path.display()),
        }
    }
    std::fs::write(out_dir.join("words.rs"), rust).expect("OUT_DIR can be written");
}

fn function(key: &str, words: &Words) -> Result<String, String> {
    let mut spoken = Vec::new();
    for (language, text) in [("ko", &words.ko), ("en", &words.en)] {
        if text.trim().is_empty() {
            return Err(format!(".{language} is empty"));
        }
        let pieces = sentence::parse(text).map_err(|error| format!(".{language}: {error}"))?;
        if pieces.iter().any(|piece| matches!(piece, Piece::Code(_))) {
            return Err(format!(".{language}: the page's words have no backticks"));
        }
        spoken.push((text, pieces));
    }
    let (korean, english) = (&spoken[0].1, &spoken[1].1);
    let holes: Vec<String> = sentence::holes(korean).into_iter().map(|(hole, _)| hole).collect();
    let in_english: Vec<String> = sentence::holes(english).into_iter().map(|(hole, _)| hole).collect();
    if holes != in_english {
        return Err(format!(": the holes differ: ko {holes:?}, en {in_english:?}"));
    }
    for (hole, next) in sentence::after_holes(korean) {
        let Some(first) = next.chars().next().filter(|first| ('가'..='힣').contains(first)) else {
            continue;
        };
        let may_touch = NUMBERS.contains(&hole.as_str()) && (UNITS.contains(&first) || COUNTERS.contains(&first));
        if !STEADY_PARTICLES.contains(&first) && !may_touch {
            return Err(format!(".ko: a Korean noun belongs between {{{hole}}} and `{next}`"));
        }
    }

    let (ko, en) = (spoken[0].0.trim_end(), spoken[1].0.trim_end());
    let mut rust = format!("/// {ko}\n");
    if holes.is_empty() {
        let (ko, en) = (plain(korean), plain(english));
        let _ = writeln!(
            rust,
            "pub(crate) fn {key}(language: Language) -> &'static str {{ match language {{ Language::Ko => {ko:?}, Language::En => {en:?} }} }}"
        );
    } else {
        let parameters: String = holes
            .iter()
            .map(|hole| format!(", {hole}: {}", if NUMBERS.contains(&hole.as_str()) { "u32" } else { "&str" }))
            .collect();
        let _ = writeln!(
            rust,
            "pub(crate) fn {key}(language: Language{parameters}) -> String {{ match language {{ Language::Ko => format!({ko:?}), Language::En => format!({en:?}) }} }}"
        );
    }
    Ok(rust)
}

fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| if let Piece::Text(text) = piece { text.as_str() } else { "" }).collect()
}
