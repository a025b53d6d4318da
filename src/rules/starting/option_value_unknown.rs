use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::command::{Given, Misfit};
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::OPTION_VALUE_UNKNOWN, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        for given in &process.given {
            let Some(found) = given.text() else { continue };
            // The blank of `"-l INFO"` as one word has a card of its own.
            if found.as_str().starts_with(' ') {
                continue;
            }
            let is_none = |version| given.misfit(version) == Some(Misfit::Choice);
            if !facts.celery.possible.iter().all(|version| is_none(*version)) {
                continue;
            }
            let choices: Vec<&str> = given.row.choices().collect();
            let finding = findings
                .add(cards::OptionValueUnknown { option: &given.written, found, choices: &choices })
                .at(found)
                .scope(&process.name)
                .uncertain_if(!process.certainly_has(given));
            if let Some(meant) = meant(given, found.as_str()) {
                finding.replace(found, &meant);
            }
        }
    }
}

/// The choice that was meant, in the case in which it is written.
fn meant(given: &Given, written: &str) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    let choices: Vec<String> = given.row.choices().map(str::to_ascii_lowercase).collect();
    let choice = match lower.as_str() {
        // Celery 4 knew it; two letters are more than a slip of three.
        "warn" if given.row.means == "--loglevel" => Some("warning"),
        _ => nearest(&lower, choices.iter().map(String::as_str))
            .or_else(|| choices.iter().find(|it| **it == lower).map(String::as_str)),
    }?;
    let is_upper = given.row.means == "--loglevel" && written.chars().any(|letter| letter.is_ascii_uppercase());
    Some(if is_upper { choice.to_ascii_uppercase() } else { choice.to_owned() })
}
