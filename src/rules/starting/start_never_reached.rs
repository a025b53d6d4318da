use super::stays_in_front;
use crate::catalogue::cards;
use crate::facts::containers::Container;
use crate::facts::{Facts, Process, Role, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::{SourceId, order};
use crate::words::Role as Part;

pub(super) const RULE: Rule = Rule {
    card: &cards::START_NEVER_REACHED,
    sees: &[Kind::Shell, Kind::Dockerfile, Kind::Compose, Kind::Kubernetes],
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        swallowed(variant, findings);
        unheard(variant, findings);
        beside_servers(variant, findings);
        let can_be_first = |first: &&Process| first.command.is_followed && starts(first) && stays_in_front(first);
        let mut firsts: Vec<&Process> = variant.processes.iter().filter(can_be_first).collect();
        order::sort_by_key(&mut firsts, |first| script(first));
        for process in variant.processes.iter().filter(|process| starts(process)) {
            // A paste may hold thousands of containers: only those that the same script starts are looked at.
            let from = firsts.partition_point(|first| script(first) < script(process));
            let of_script = firsts[from..].iter().take_while(|first| script(first) == script(process));
            let Some(first) = of_script.copied().find(|first| is_before(first, process)) else { continue };
            let (Some(earlier), Some(later)) = (&first.command.subcommand, &process.command.subcommand) else {
                continue;
            };
            findings
                .add(cards::StartNeverReached::Behind { first: earlier.as_str(), second: later })
                .at(later)
                .related(earlier, Part::Cause)
                .scope(&process.name);
        }
    }
}

/// A server of the web and a process of Celery, one after the other.
fn beside_servers(variant: &Variant, findings: &mut Findings) {
    for process in variant.processes.iter().filter(|process| starts(process)) {
        let Some(own) = &process.command.subcommand else { continue };
        let before = process.command.before_server.as_ref().filter(|_| stays_in_front(process));
        let (first, second) = match (&process.command.behind_server, before) {
            (Some(server), _) => (server, own),
            (None, Some(server)) => (own, server),
            _ => continue,
        };
        let message = cards::StartNeverReached::Behind { first: first.as_str(), second };
        findings.add(message).at(second).related(first, Part::Cause).scope(&process.name);
    }
}

/// What an entry script is given and does not run.
fn swallowed(variant: &Variant, findings: &mut Findings) {
    for process in variant.processes.iter().filter(|process| starts(process)) {
        let script = match (variant.container_of(process), variant.image_of(process)) {
            (Some(container), _) => container.swallowed_by.as_ref(),
            (None, image) => image.and_then(|image| image.swallowed_by.as_ref()),
        };
        let (Some(script), Some(given)) = (script, &process.command.subcommand) else { continue };
        findings
            .add(cards::StartNeverReached::Swallowed { first: "exec \"$@\"", second: given })
            .at(given)
            .related(script, Part::Cause)
            .scope(&process.name);
    }
}

/// What CMD says behind an ENTRYPOINT in shell form (Dockerfile reference, "Shell form ENTRYPOINT example").
fn unheard(variant: &Variant, findings: &mut Findings) {
    for (number, image) in variant.images.iter().enumerate() {
        let mut containers = variant.containers.iter().filter(|it| it.built_from == Some(number));
        if containers.any(Container::has_words) {
            continue;
        }
        if let Some(given) = &image.unheard {
            let message = cards::StartNeverReached::Unheard { first: "ENTRYPOINT", second: given };
            findings.add(message).at(given);
        }
        if let Some(given) = &image.overruled {
            findings.add(cards::StartNeverReached::Overruled { first: "CMD", second: given }).at(given);
        }
    }
}

fn starts(process: &Process) -> bool {
    matches!(process.role, Role::Worker | Role::Beat | Role::Flower)
        && RULE.sees.contains(&process.kind)
        && !process.command.is_conditional
        && process.command.of_multi.is_none()
}

/// What starts a process: `sh -c` of one container, or a file.
fn script(process: &Process) -> (Kind, Option<usize>, Option<usize>, SourceId) {
    (process.kind, process.container, process.image, process.command.program.span().source)
}

fn is_before(first: &Process, second: &Process) -> bool {
    first.command.program.span().start < second.command.program.span().start
}
