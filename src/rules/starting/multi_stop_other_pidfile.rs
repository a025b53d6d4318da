use crate::catalogue::cards;
use crate::facts::{Facts, Process};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::MULTI_STOP_OTHER_PIDFILE, sees: COMMAND_KINDS, check };

/// Where `multi` looks without the option (celery/apps/multi.py:139 of 5.7.0, 143 of 4.4.7).
const UNLESS_SAID: &str = "/var/run/celery/%n.pid";

fn check(facts: &Facts, findings: &mut Findings) {
    let calls: Vec<(&Process, &str, Option<&Text>)> =
        facts.processes().filter_map(|(_, process)| Some((process, verb(process)?, pidfile(process)?))).collect();
    for (stop, verb, file) in &calls {
        if !matches!(*verb, "stop" | "stopwait" | "stop_verify") {
            continue;
        }
        let found = file.map_or(UNLESS_SAID, Text::as_str);
        let mut starts = calls.iter().filter(|(start, verb, _)| {
            matches!(*verb, "start" | "restart") && names(start).any(|name| names(stop).any(|other| other == name))
        });
        let Some((_, _, Some(first))) = starts.clone().next() else { continue };
        if starts.all(|(_, _, other)| other.is_some_and(|other| other.as_str() != found)) {
            let finding = findings.add(cards::MultiStopOtherPidfile { found, other: *first });
            finding.at(file.unwrap_or(&stop.command.stray[0].text)).related(first, Role::Conflict).scope(&stop.name);
        }
    }
}

/// `start` of `celery multi start`; `None` where words are filled in when it runs.
fn verb(process: &Process) -> Option<&str> {
    let command = &process.command;
    let is_multi =
        command.subcommand.as_ref().is_some_and(|name| name.as_str() == "multi") && command.of_multi.is_none();
    let is_known = !command.open && command.stray.iter().all(|word| !word.expands);
    command.stray.first().filter(|_| is_multi && is_known).map(|word| word.as_str())
}

/// The nodes that it names.
fn names(process: &Process) -> impl Iterator<Item = &str> {
    process.command.stray.iter().skip(1).map(|word| word.as_str())
}

/// What it says of the file; `None` where that is not known.
fn pidfile(process: &Process) -> Option<Option<&Text>> {
    let Some(option) = process.command.options.iter().rev().find(|it| it.written.as_str() == "--pidfile") else {
        return Some(None);
    };
    let value = option.value.as_ref().filter(|value| !value.expands && !value.as_str().contains(['$', '{']))?;
    Some(Some(&value.text))
}
