use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{Rule, task_name};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SEND_TASK_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for found in facts.python_code.iter().flat_map(|file| &file.sent_by_name) {
        let Some((defined, meant)) = task_name::meant(facts, &[], found.as_str()) else { continue };
        let finding = findings.add(cards::SendTaskUnknown { found, meant: &meant }).at(found);
        finding.replace(found, &meant).related(defined, Role::Conflict);
    }
}
