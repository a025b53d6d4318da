use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::WORD_LEFT_OVER, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let command = &process.command;
        let Some(subcommand) = command.subcommand.as_ref() else { continue };
        // Other commands take words of their own.
        if !["worker", "beat"].contains(&subcommand.as_str()) {
            continue;
        }
        // An option that no version knows may have taken the word as its value.
        if command.open || command.before.iter().chain(&command.options).any(|option| option.known.is_none()) {
            continue;
        }
        // `worker.concurrency=8` is configuration.
        let Some(word) = command.stray.iter().find(|word| !word.expands && !word.as_str().contains('=')) else {
            continue;
        };
        findings.add(cards::WordLeftOver { word: &word.text, subcommand }).at(&word.text).scope(&process.name);
    }
}
