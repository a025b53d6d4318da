use crate::catalogue::cards;
use crate::facts::{Facts, Process, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::words::Role as Part;

pub(super) const RULE: Rule = Rule { card: &cards::MULTI_FILE_SHARED, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    together(facts, findings);
    for (_, process) in facts.processes() {
        let command = &process.command;
        let is_multi = command.subcommand.as_ref().is_some_and(|name| name.as_str() == "multi");
        let starts = command.stray.first().is_some_and(|verb| matches!(verb.as_str(), "start" | "restart"));
        if !is_multi || !starts || command.open || command.stray.iter().any(|word| word.expands) {
            continue;
        }
        // `start 3`, or `start mail images`: the first word is the verb.
        let names: Vec<&str> = command.stray.iter().skip(1).map(|word| word.as_str()).collect();
        let count = match &names[..] {
            [only] => only.parse::<u32>().unwrap_or(1),
            names => u32::try_from(names.len()).unwrap_or(2),
        };
        let written = command.options.iter().find(|option| option.written.as_str() == "--pidfile");
        let file = written.and_then(|option| option.value.as_ref());
        let Some(file) = file.filter(|file| !file.expands && !file.as_str().contains('%')) else { continue };
        if count > 1 && !file.as_str().is_empty() {
            findings.add(cards::MultiFileShared::Nodes { found: &file.text }).at(&file.text).scope(&process.name);
        }
    }
}

/// Two commands of one machine that keep running, each with the same file.
fn together(facts: &Facts, findings: &mut Findings) {
    let kinds = [Kind::Shell, Kind::Systemd, Kind::Supervisord];
    for variant in &facts.variants {
        let keeps = |process: &&Process| {
            matches!(process.role, Role::Worker | Role::Beat)
                && kinds.contains(&process.kind)
                && !process.command.is_conditional
                && process.command.of_multi.is_none()
        };
        let file = |process: &Process| process.option("--pidfile").and_then(|given| given.text()).cloned();
        for process in variant.processes.iter().filter(keeps) {
            let Some(found) = file(process).filter(|it| it.as_str().starts_with('/') && !it.as_str().contains('%'))
            else {
                continue;
            };
            let other = variant.processes[..process.number].iter().filter(keeps).find(|other| {
                let is_beside = match process.kind {
                    // One script starts both, and the first does not keep it.
                    Kind::Shell => {
                        other.command.program.span().source == process.command.program.span().source
                            && !super::stays_in_front(other)
                    }
                    _ => other.daemon != process.daemon,
                };
                is_beside && other.kind == process.kind && file(other).is_some_and(|it| it.as_str() == found.as_str())
            });
            if let Some(other) = other {
                let finding = findings.add(cards::MultiFileShared::Together { found: &found });
                finding.at(&found).related(&other.command.program, Part::Conflict).scope(&process.name);
            }
        }
    }
}
