use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::UID_OPTION_NOBODY, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(given) = process.option("--uid").filter(|_| matches!(process.role, Role::Worker | Role::Beat)) else {
            continue;
        };
        let Some(user) = given.text().filter(|user| ["nobody", "65534"].contains(&user.as_str())) else { continue };
        findings.add(cards::UidOptionNobody { user }).at(user).scope(&process.name);
    }
}
