use crate::catalogue::cards;
use crate::facts::{Facts, Process, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::{Text, order};
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
        let mut written: Vec<(&Process, Text)> = variant
            .processes
            .iter()
            .filter(keeps)
            .filter_map(|process| Some((process, process.option("--pidfile")?.text()?.clone())))
            .filter(|(_, file)| file.as_str().starts_with('/') && !file.as_str().contains('%'))
            .collect();
        // Side by side by the file's name, and in their order: a script may start thousands.
        order::sort_by(&mut written, |(_, left), (_, right)| left.as_str().cmp(right.as_str()));
        for same in written.chunk_by(|(_, left), (_, right)| left.as_str() == right.as_str()) {
            for (number, (process, found)) in same.iter().enumerate() {
                let is_beside = |other: &Process| match process.kind {
                    // One script starts both, and the first does not keep it.
                    Kind::Shell => {
                        other.command.program.span().source == process.command.program.span().source
                            && !super::stays_in_front(other)
                    }
                    _ => other.daemon != process.daemon,
                };
                let other = same[..number].iter().find(|(other, _)| other.kind == process.kind && is_beside(other));
                if let Some((other, _)) = other {
                    let finding = findings.add(cards::MultiFileShared::Together { found });
                    finding.at(found).related(&other.command.program, Part::Conflict).scope(&process.name);
                }
            }
        }
    }
}
