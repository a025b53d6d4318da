use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::PROGRAM_NAMED_TWICE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(found) = process.command.program_again() else { continue };
        // An option that no version knows may have taken this word as its value.
        if process.command.before.iter().all(|option| option.known.is_some()) {
            let finding = findings.add(cards::ProgramNamedTwice { found });
            finding.at(found).related(&process.command.program, Role::Conflict).scope(&process.name);
        }
    }
}
