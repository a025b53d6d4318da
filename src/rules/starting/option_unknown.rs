use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::nearest::nearest;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::OPTION_UNKNOWN, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let command = &process.command;
        let Some(subcommand) = command.subcommand.as_ref().map(|name| name.as_str()) else { continue };
        // Flower, multi and commands of other packages read their options themselves.
        let reads_its_own = ["flower", "multi", "amqp", "control", "inspect", "shell"].contains(&subcommand);
        if reads_its_own || !celery::subcommands().any(|known| known == subcommand) {
            continue;
        }
        for option in &command.options {
            let written = option.written.as_str();
            if option.known.is_some() || matches!(written, "--help" | "-h" | "--version") {
                continue;
            }
            let known = celery::options(subcommand)
                .iter()
                .filter(|row| facts.celery.possible.iter().any(|version| row.exists_in(*version)))
                .map(|row| row.option);
            // Celery 4 takes `--concur` for `--concurrency`.
            let is_abbreviation = facts.celery.any_in("<5.0")
                && celery::options(subcommand).iter().any(|row| row.option.starts_with(written));
            // The user options of an app may be anything: only a near miss is certain.
            let Some(meant) = nearest(written, known.filter(|name| name.starts_with("--"))) else { continue };
            if !is_abbreviation {
                findings
                    .add(cards::OptionUnknown { found: &option.written, meant, subcommand })
                    .at(&option.written)
                    .scope(&process.name)
                    .replace(&option.written, meant);
            }
        }
    }
}
