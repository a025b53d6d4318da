use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::PREFORK_ON_WINDOWS, sees: COMMAND_KINDS, check };

/// With this variable billiard hands its state to a child that it did not fork.
const WORKAROUND: &str = "FORKED_BY_MULTIPROCESSING";

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let command = &process.command;
        if process.role != Role::Worker || !command.is_on_windows || command.open {
            continue;
        }
        // `--pool=prefork` says no more than nothing does; one process runs no pool of its own under `-P solo`.
        let is_other = process
            .option("--pool")
            .is_some_and(|given| !given.text().is_some_and(|pool| matches!(pool.as_str(), "prefork" | "processes")));
        let is_told = variant.scopes_of(process).any(|scope| {
            scope.said("worker_pool").next().is_some() || scope.mentions(WORKAROUND) || scope.mentions("worker_pool")
        });
        let asks_for_help = command.options.iter().any(|option| option.written.as_str() == "--help");
        if is_other || is_told || asks_for_help || process.environment.get(WORKAROUND).is_some() {
            continue;
        }
        if let Some(subcommand) = &command.subcommand {
            findings.add(cards::PreforkOnWindows { subcommand }).at(subcommand).scope(&process.name);
        }
    }
}
