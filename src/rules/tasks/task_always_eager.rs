use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role as ProcessRole};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::TASK_ALWAYS_EAGER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        for said in scope.said("task_always_eager").filter(|said| said.boolean() == Some(true)) {
            // `= DEBUG` follows another switch.
            let follows_a_switch = said.setting.expression.as_ref().is_some_and(|expression| {
                let written = expression.as_str().to_ascii_uppercase();
                written.contains("DEBUG") || written.contains("TEST")
            });
            let for_tests = said.is_for_tests()
                || is_for_tests(&variant.name)
                || facts.code_file_of(&said.known.at).is_some_and(|file| file.is_for_tests());
            if follows_a_switch || for_tests {
                continue;
            }
            let runs_worker = variant
                .processes
                .iter()
                .any(|process| scope.process == Some(process.number) && process.role == ProcessRole::Worker);
            let setting = &said.setting.written;
            let message: Message = if runs_worker {
                cards::TaskAlwaysEager::WithWorker { setting }.into()
            } else {
                cards::TaskAlwaysEager::Alone { setting }.into()
            };
            findings.add(message).at(&said.known.at).scope(&scope.name).uncertain_if(said.is_conditional());
        }
    }
}

/// Whether the name of a deployment says that it is for tests or for one's own machine.
fn is_for_tests(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(['/', '.', '-', '_']).any(|word| {
        matches!(word, "test" | "tests" | "testing" | "ci" | "dev" | "develop" | "development" | "local" | "debug")
    })
}
