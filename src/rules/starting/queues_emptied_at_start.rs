use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Process, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::QUEUES_EMPTIED_AT_START, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        // Typed by hand it is meant; in a container it happens at every start, and in a script that starts a worker.
        let is_in_container = process.container.is_some() || process.image.is_some();
        if process.command.is_conditional || !(is_in_container || process.kind == Kind::Shell) {
            continue;
        }
        let at = match (process.role, process.command.subcommand.as_ref()) {
            (Role::Worker, _) if is_in_container => match process.option("--discard").filter(|given| given.is_on()) {
                Some(given) => &given.written,
                None => continue,
            },
            (_, Some(subcommand)) if subcommand.as_str() == "purge" && process.option("--force").is_some() => {
                let starts_worker = variant.processes.iter().any(|other| {
                    let source = |process: &Process| process.command.program.span().source;
                    // What an init container does happens at every start of its pod.
                    let pod = |process: &Process| Some(variant.container_of(process)?.pod.as_ref()?.span());
                    let is_of_pod = pod(other).is_some() && pod(other) == pod(process);
                    other.role == Role::Worker
                        && (is_of_pod || other.container == process.container && other.image == process.image)
                        && (is_in_container || source(other) == source(process))
                });
                if !starts_worker {
                    continue;
                }
                subcommand
            }
            _ => continue,
        };
        let message: Message = match is_in_container {
            true => cards::QueuesEmptiedAtStart::Container { word: at }.into(),
            false => cards::QueuesEmptiedAtStart::Script { word: at }.into(),
        };
        // A script for development means it.
        let is_meant = !is_in_container && facts.paths.is_not_production(at);
        findings.add(message).at(at).scope(&process.name).at_most_info_if(is_meant);
    }
}
