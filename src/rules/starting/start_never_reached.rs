use super::stays_in_front;
use crate::catalogue::cards;
use crate::facts::{Facts, Process, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role as Part;

pub(super) const RULE: Rule = Rule {
    card: &cards::START_NEVER_REACHED,
    sees: &[Kind::Shell, Kind::Dockerfile, Kind::Compose, Kind::Kubernetes],
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        for process in &variant.processes {
            let first = variant.processes.iter().find(|first| is_before(first, process) && stays_in_front(first));
            let Some(first) = first.filter(|_| starts(process)) else { continue };
            let (Some(earlier), Some(later)) = (&first.command.subcommand, &process.command.subcommand) else {
                continue;
            };
            findings
                .add(cards::StartNeverReached { first: earlier, second: later })
                .at(later)
                .related(earlier, Part::Cause)
                .scope(&process.name);
        }
    }
}

fn starts(process: &Process) -> bool {
    matches!(process.role, Role::Worker | Role::Beat | Role::Flower)
        && RULE.sees.contains(&process.kind)
        && !process.command.is_conditional
        && process.command.of_multi.is_none()
}

/// Whether one stands before the other in one script: `sh -c` of one container, or a file.
fn is_before(first: &Process, second: &Process) -> bool {
    let (a, b) = (first.command.program.span(), second.command.program.span());
    starts(first)
        && first.kind == second.kind
        && (first.container, first.image) == (second.container, second.image)
        && a.source == b.source
        && a.start < b.start
        && first.command.is_followed
}
