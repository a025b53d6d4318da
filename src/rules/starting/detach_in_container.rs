use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::DETACH_IN_CONTAINER, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        // A script that goes on may keep the container alive.
        if (process.container.is_none() && process.image.is_none()) || process.command.is_followed {
            continue;
        }
        let stray = || process.command.stray.first().map(|word| word.as_str());
        let is_multi = process.command.subcommand.as_ref().is_some_and(|name| name.as_str() == "multi");
        let at = match process.command.uses("--detach").next() {
            Some(option) if matches!(process.role, Role::Worker | Role::Beat) => &option.written,
            _ if is_multi && matches!(stray(), Some("start" | "restart")) => &process.command.stray[0].text,
            _ => continue,
        };
        findings.add(cards::DetachInContainer { word: at }).at(at).scope(&process.name);
    }
}
