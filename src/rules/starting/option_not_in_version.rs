use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::OPTION_NOT_IN_VERSION, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(subcommand) = &process.command.subcommand else { continue };
        let command = subcommand.as_str();
        for option in &process.command.options {
            let Some(row) = option.known.filter(|row| row.command == command) else { continue };
            // The program's own options behind the command are another rule's, and so are new names of old options.
            // From Celery 5.0 on, `upgrade` has commands of its own, and its options are theirs (celery/bin/upgrade.py:22).
            if command == "upgrade" {
                continue;
            }
            let is_another = celery::option("", row.means).is_some()
                || ["--help", "--version"].contains(&row.means)
                || super::option_renamed::instead(command, row.option).is_some();
            if is_another || facts.celery.possible.iter().any(|version| row.exists_in(*version)) {
                continue;
            }
            findings
                .add(cards::OptionNotInVersion { option: &option.written, subcommand })
                .at(&option.written)
                .scope(&process.name);
        }
    }
}
