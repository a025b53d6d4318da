use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::SHELL_TAKES_ONE_WORD, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        if let Some(lost) = &process.command.lost {
            findings.add(cards::ShellTakesOneWord { lost }).at(lost).scope(&process.name);
        }
    }
}
