use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::task_name::{self, TaskNames};
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
    let names = TaskNames::of(facts);
    for found in facts.python_code.iter().flat_map(|file| &file.sent_by_name) {
        let Some((defined, meant)) = names.meant(&includes, found.as_str()) else { continue };
        let finding = findings.add(cards::SendTaskUnknown::Name { found, meant: &*meant }).at(found);
        finding.replace(found, &meant).related(defined, Role::Conflict);
    }
    // Redis and RabbitMQ refuse the message; in memory, no worker knows the task (tried with 4.4.7 to 5.7.0).
    for file in &facts.python_code {
        for found in file.slips.iter().filter(|it| it.is == SlipKind::SendTaskObject).map(|it| &it.at) {
            let meant = format!("{}.name", found.as_str());
            let finding = findings.add(cards::SendTaskUnknown::Object { found, meant: &*meant }).at(found);
            finding.replace(found, &meant).at_most_info_if(file.is_test_code());
        }
    }
}
