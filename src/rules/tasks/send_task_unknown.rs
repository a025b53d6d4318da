use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{Rule, task_name};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SEND_TASK_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // What any worker of the paste loads by name.
    let mut includes: Vec<&Text> = Vec::new();
    for include in facts.scopes().flat_map(|(_, scope)| task_name::includes(scope)) {
        if !includes.iter().any(|it| it.as_str() == include.as_str()) {
            includes.push(include);
        }
    }
    for found in facts.python_code.iter().flat_map(|file| &file.sent_by_name) {
        let Some((defined, meant)) = task_name::meant(facts, &includes, found.as_str()) else { continue };
        let finding = findings.add(cards::SendTaskUnknown { found, meant: &meant }).at(found);
        finding.replace(found, &meant).related(defined, Role::Conflict);
    }
}
