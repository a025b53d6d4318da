use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::OPTION_OF_ANOTHER_COMMAND, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(subcommand) = process.command.subcommand.as_ref().map(|name| name.as_str()) else { continue };
        for option in process.command.options.iter().filter(|option| option.known.is_none()) {
            if let Some(owner) = owner(option.written.as_str(), subcommand) {
                findings
                    .add(cards::OptionOfAnotherCommand { found: &option.written, owner, subcommand })
                    .at(&option.written)
                    .scope(&process.name);
            }
        }
    }
}

/// The other sub-command whose option it is; nobody gives one of their own such a name.
fn owner(written: &str, subcommand: &str) -> Option<&'static str> {
    let has = |name: &str| celery::options(name).iter().any(|row| row.option == written);
    // Celery 4 took `--conc` for `--concurrency`.
    let is_short_for = celery::options(subcommand).iter().any(|row| row.option.starts_with(written));
    let is_asked = matches!(subcommand, "worker" | "beat") && !has("") && !is_short_for;
    ["worker", "beat"].into_iter().find(|name| is_asked && *name != subcommand && has(name))
}
