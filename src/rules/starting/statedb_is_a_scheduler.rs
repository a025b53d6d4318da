use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::STATEDB_IS_A_SCHEDULER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(given) = process.option("--statedb").filter(|_| process.role == Role::Worker) else { continue };
        let Some(text) = given.text() else { continue };
        let written = text.as_str();
        let is_scheduler = written == "django"
            || written.ends_with("Scheduler")
            || (written.contains(':') && written.to_ascii_lowercase().contains("scheduler"));
        if !is_scheduler {
            continue;
        }
        let finding = findings
            .add(cards::StatedbIsAScheduler { found: text, option: &given.written })
            .at(&given.written)
            .scope(&process.name);
        finding.replace(&given.written, "--scheduler");
    }
}
