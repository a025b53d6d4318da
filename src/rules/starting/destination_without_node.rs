use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::DESTINATION_WITHOUT_NODE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let subcommand = process.command.subcommand.as_ref().map_or("", |name| name.as_str());
        if !["inspect", "control", "status"].contains(&subcommand) {
            continue;
        }
        let Some(destination) = process.option("--destination").and_then(|given| given.text()) else { continue };
        let without_node = destination.as_str().split(',').find(|name| !name.contains('@') && !name.contains('$'));
        let Some(name) = without_node.filter(|name| !name.is_empty()) else { continue };
        let at = name.as_ptr() as usize - destination.as_str().as_ptr() as usize;
        let name = destination.slice(at..at + name.len());
        findings.add(cards::DestinationWithoutNode { name: &name }).at(&name).scope(&process.name);
    }
}
