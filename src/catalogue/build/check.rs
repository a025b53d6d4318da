//! What is held against every card at build time.

use super::card::{Card, Link, Words};
use super::sentence;
use super::version::VersionRange;

const VALUE_TYPES: &[&str] = &["code", "text", "number", "seconds", "bytes", "version", "list of code", "place"];

/// Particles that do not change with the sound before them, so they may touch a value.
pub const STEADY_PARTICLES: &[char] = &['에', '도', '만', '의'];
/// Units may touch a number.
pub const UNITS: &[char] = &['개', '건', '번', '분', '시', '일', '자', '초', '행', '회'];

/// Everything that is wrong with a card, each with the card's path.
pub fn problems(card: &Card, all: &[Card], links: &[Link]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut say = |problem: String| problems.push(format!("{}: {problem}", card.path.display()));

    for key in &card.docs {
        if !links.iter().any(|link| &link.key == key) {
            say(format!("docs: there is no link `{key}` in src/knowledge/links.csv"));
        }
    }
    // What we could not read has no page of Celery's.
    if card.docs.is_empty() && card.area != "reading" {
        say("docs: at least one official page".into());
    }
    if !["defect", "risk", "practice"].contains(&card.category.as_str()) {
        say(format!("category: `{}` is none of defect, risk, practice", card.category));
    }
    for name in card.values.values() {
        if !VALUE_TYPES.contains(&name.as_str()) {
            say(format!("values: `{name}` is none of {}", VALUE_TYPES.join(", ")));
        }
    }
    if card.says.is_empty() == card.message.is_none() || card.message.is_some() != card.severity.is_some() {
        say("either `severity` with `message`, or `says`".into());
    }
    let mut used = Vec::new();
    for (name, says) in card.outcomes() {
        let at = if name.is_empty() { "message".to_owned() } else { format!("says.{name}") };
        if !["error", "warning", "info"].contains(&says.severity.as_str()) {
            say(format!("{at}: severity `{}` is none of error, warning, info", says.severity));
        }
        if card.category == "practice" && says.severity != "info" {
            say(format!("{at}: practice is always info"));
        }
        if says.celery.as_deref().is_some_and(|range| VersionRange::parse(range).is_none()) {
            say(format!("{at}: `{}` is no version range", says.celery.unwrap_or_default()));
        }
        if let Some(title) = &says.title {
            languages_fit(&format!("{at}.title"), title, &mut say);
        }
        used.extend(sentence_problems(card, &at, &says.message, &mut say));
    }
    if let Some(action) = &card.action {
        used.extend(sentence_problems(card, "action", action, &mut say));
    }
    for name in card.values.keys().filter(|name| !used.contains(name)) {
        say(format!("values: no sentence uses `{name}`"));
    }
    let mut without_holes =
        vec![("title", &card.title), ("why", &card.why), ("fix", &card.fix), ("silent_on", &card.silent_on)];
    without_holes.extend(card.fix_in.values().map(|words| ("fix_in", words)));
    for (at, words) in without_holes {
        languages_fit(at, words, &mut say);
        for (language, text) in [("ko", &words.ko), ("en", &words.en)] {
            match sentence::parse(text) {
                Ok(pieces) if sentence::holes(&pieces).is_empty() => {}
                Ok(_) => say(format!("{at}.{language}: no holes here; a literal brace is written doubled")),
                Err(error) => say(format!("{at}.{language}: {error}")),
            }
        }
    }
    if card.id.starts_with("log-") == card.line.is_empty() {
        say("`line` belongs to cards whose name begins with log_, and only to them".into());
    }
    for name in card.examples.iter().flat_map(|example| example.expect.keys()) {
        if !card.values.contains_key(name) {
            say(format!("examples: expect: there is no value `{name}`"));
        }
    }
    for line in &card.line {
        if let super::card::Line::OnlyIn { only_in, .. } = line
            && VersionRange::parse(only_in).is_none()
        {
            say(format!("line: `{only_in}` is no version range"));
        }
    }
    for rule in &card.leads_to {
        if !all.iter().any(|other| &other.id == rule) {
            say(format!("leads_to: there is no rule `{rule}`"));
        }
    }
    if let Some(test) = &card.tested_by {
        if !std::path::Path::new(test).exists() {
            problems.push(format!("{}: tested_by: there is no `{test}`", card.path.display()));
        }
        return problems;
    }
    if !card.examples.iter().any(|example| example.bad.is_some()) {
        say("examples: at least one `bad`".into());
    }
    if !card.examples.iter().any(|example| example.silent.is_some()) {
        say("examples: at least one `silent`, a near miss that a naive trigger would hit".into());
    }
    problems
}

/// Neither text is empty, and each is in its own language: Hangul there, and only there.
fn languages_fit(at: &str, words: &Words, say: &mut impl FnMut(String)) {
    let has_hangul = |text: &str| {
        // What stands in code may be of either language.
        text.split('`').step_by(2).any(|words| words.chars().any(|c| ('가'..='힣').contains(&c)))
    };
    if !has_hangul(&words.ko) {
        say(format!("{at}.ko has no Korean words"));
    }
    if words.en.trim().is_empty() {
        say(format!("{at}.en is empty"));
    }
    if has_hangul(&words.en) {
        say(format!("{at}.en has Korean words"));
    }
}

/// Holds both languages of a sentence against the declared values and each other; gives the holes used.
fn sentence_problems(card: &Card, at: &str, words: &Words, say: &mut impl FnMut(String)) -> Vec<String> {
    let mut parsed = Vec::new();
    for (language, text) in [("ko", &words.ko), ("en", &words.en)] {
        match sentence::parse(text) {
            Ok(pieces) => parsed.push((language, pieces)),
            Err(error) => say(format!("{at}.{language}: {error}")),
        }
    }
    languages_fit(at, words, say);
    let [(_, korean), (_, english)] = &parsed[..] else { return Vec::new() };
    let (in_korean, in_english) = (sentence::holes(korean), sentence::holes(english));
    let names = |holes: &[(String, bool)]| {
        let mut names: Vec<String> = holes.iter().map(|(name, _)| name.clone()).collect();
        names.dedup();
        names
    };
    if names(&in_korean) != names(&in_english) {
        say(format!("{at}: the holes differ: ko {:?}, en {:?}", names(&in_korean), names(&in_english)));
    }
    for (name, in_code) in in_korean.iter().chain(&in_english) {
        match card.values.get(name).map(String::as_str) {
            None => say(format!("{at}: the hole {{{name}}} is not in `values`")),
            Some("code") if !in_code => say(format!("{at}: {{{name}}} is code and belongs in backticks")),
            Some("code") => {}
            Some(kind) if *in_code => say(format!("{at}: {{{name}}} is {kind} and does not belong in backticks")),
            Some(_) => {}
        }
    }
    for (hole, next) in sentence::after_holes(korean) {
        let Some(first) = next.chars().next() else { continue };
        let is_hangul = ('가'..='힣').contains(&first);
        let is_number = matches!(card.values.get(&hole).map(String::as_str), Some("number"));
        if is_hangul && !STEADY_PARTICLES.contains(&first) && !(is_number && UNITS.contains(&first)) {
            say(format!("{at}.ko: a Korean noun belongs between {{{hole}}} and `{}`", next.trim_end()));
        }
    }
    names(&in_korean)
}
