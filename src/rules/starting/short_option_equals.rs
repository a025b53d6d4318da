use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::SHORT_OPTION_EQUALS, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let command = &process.command;
        // `multi` and Flower take their options apart themselves.
        if command.subcommand.as_ref().is_none_or(|it| matches!(it.as_str(), "multi" | "flower"))
            || command.of_multi.is_some()
        {
            continue;
        }
        for option in command.before.iter().chain(&command.options) {
            let (Some(row), Some(value)) = (option.known, &option.value) else { continue };
            let written = &option.written;
            // `-l=info` is one word: the value begins behind the sign.
            let is_glued = written.len() == 2 && value.text.before().ends_with(&format!("{}=", written.as_str()));
            if !is_glued || row.means.len() == 2 {
                continue;
            }
            // click keeps the sign (click/parser.py, _process_args_for_options), and these take any text.
            let message: Message = match row.kind() {
                "" if row.means != "--app" => {
                    cards::ShortOptionEquals::Kept { option: written, found: &value.text }.into()
                }
                _ => cards::ShortOptionEquals::Refused { option: written, found: &value.text }.into(),
            };
            findings.add(message).at(written).scope(&process.name).replace(written, row.means);
        }
    }
}
