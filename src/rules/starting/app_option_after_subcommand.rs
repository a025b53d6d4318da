use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::APP_OPTION_AFTER_SUBCOMMAND, sees: COMMAND_KINDS, check };

/// What click reads only before the sub-command since 5.0, and what Celery says about `-A` there
/// (celery/bin/celery.py, UNABLE_TO_LOAD_APP…; the others end as unknown options).
const GLOBAL: [&str; 7] = ["--app", "--broker", "--result-backend", "--loader", "--config", "--workdir", "--no-color"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let command = &process.command;
        let Some(subcommand) = &command.subcommand else { continue };
        // `multi` hands every option on; Flower only warns and ignores it.
        if ["multi", "flower"].contains(&subcommand.as_str()) || command.program_again().is_some() {
            continue;
        }
        for option in &command.options {
            let Some(row) = option.known.filter(|row| GLOBAL.contains(&row.means)) else { continue };
            let still_there = facts
                .celery
                .possible
                .iter()
                .filter(|version| version.major >= 5)
                .any(|version| row.command == subcommand.as_str() && row.exists_in(*version));
            if !still_there {
                findings
                    .add(cards::AppOptionAfterSubcommand { option: &option.written, subcommand })
                    .at(&option.written)
                    .scope(&process.name);
            }
        }
    }
}
