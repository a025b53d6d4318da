use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_OPTION_BEFORE_COMMAND, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(subcommand) = &process.command.subcommand else { continue };
        for option in &process.command.before {
            let written = option.written.as_str();
            let is_of_program = celery::option("", written).is_some();
            // Options that an app adds are read in both places, so only those of the command itself are certain.
            if is_of_program || celery::option(subcommand.as_str(), written).is_none() || option.known.is_none() {
                continue;
            }
            findings
                .add(cards::WorkerOptionBeforeCommand { option: &option.written, subcommand })
                .at(&option.written)
                .scope(&process.name);
        }
    }
}
