use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::QUEUES_EMPTIED_AT_START, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        // Typed by hand it is meant; in a container it happens at every start.
        if process.container.is_none() && process.image.is_none() {
            continue;
        }
        let at = match (process.role, process.command.subcommand.as_ref()) {
            (Role::Worker, _) => match process.option("--discard").filter(|given| given.is_on()) {
                Some(given) => &given.written,
                None => continue,
            },
            (_, Some(subcommand)) if subcommand.as_str() == "purge" && process.option("--force").is_some() => {
                let starts_worker = variant.processes.iter().any(|other| {
                    other.role == Role::Worker && other.container == process.container && other.image == process.image
                });
                if !starts_worker {
                    continue;
                }
                subcommand
            }
            _ => continue,
        };
        findings.add(cards::QueuesEmptiedAtStart { word: at }).at(at).scope(&process.name);
    }
}
