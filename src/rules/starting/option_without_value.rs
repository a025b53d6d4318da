use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::OPTION_WITHOUT_VALUE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let command = &process.command;
        if command.open || command.subcommand.as_ref().is_none_or(|name| name.as_str() == "flower") {
            continue;
        }
        // Only the last word can have nothing behind it.
        let Some(last) = command.options.last() else { continue };
        if last.value.is_none() && last.known.is_some_and(|row| row.takes_value) && command.stray.is_empty() {
            findings.add(cards::OptionWithoutValue { option: &last.written }).at(&last.written).scope(&process.name);
        }
    }
}
