use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::OPTION_RENAMED, sees: COMMAND_KINDS, check };

/// The command, an option that it does not have, and what to write instead; an empty command is any.
const INSTEAD: [(&str, &str, &str); 4] = [
    ("worker", "--maxtasksperchild", "--max-tasks-per-child"),
    ("worker", "--maxmemperchild", "--max-memory-per-child"),
    ("", "-h", "--help"),
    ("beat", "-D", "--detach"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    // Celery 4 still has the first three.
    if facts.celery.any_in("<5.0") {
        return;
    }
    for (_, process) in facts.processes() {
        let Some(subcommand) = &process.command.subcommand else { continue };
        for option in &process.command.options {
            let instead = instead(subcommand.as_str(), option.written.as_str());
            let Some(instead) = instead else { continue };
            findings
                .add(cards::OptionRenamed { option: &option.written, subcommand, instead })
                .at(&option.written)
                .scope(&process.name)
                .replace(&option.written, instead);
        }
    }
}

/// What to write in place of an option that Celery 5 does not have.
pub(super) fn instead(subcommand: &str, option: &str) -> Option<&'static str> {
    // Flower and multi read their options themselves.
    let is_for = |command: &str| match command {
        "" => !["flower", "multi"].contains(&subcommand),
        command => command == subcommand,
    };
    INSTEAD.iter().find(|(command, old, _)| *old == option && is_for(command)).map(|(_, _, new)| *new)
}
