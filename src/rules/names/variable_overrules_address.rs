use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::command::GivenBy;
use crate::facts::settings::{Source, set_by_option};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::VARIABLE_OVERRULES_ADDRESS, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        for given in process.given.iter().filter(|given| given.by == GivenBy::Environment) {
            // Only the names that people also use for themselves; CELERY_RESULT_BACKEND says what it does.
            if !["BROKER_URL", "CELERY_BROKER", "RESULT_BACKEND"].contains(&given.written.as_str()) {
                continue;
            }
            let Some(name) = set_by_option(given.row.command, given.row.means) else { continue };
            let Some(value) = given.text() else { continue };
            // Of a broker that is no address another card speaks.
            if name == "broker_url" && !value.as_str().contains("://") {
                continue;
            }
            for scope in variant.scopes_of(process) {
                let other = || scope.settings.iter().filter(|it| it.name == name && it.source < Source::CommandLine);
                // Of several settings files, one that takes the address from outside may be the one that is read.
                let is_open = other().flat_map(|it| &it.alternatives).any(|it| it.known.whole_text().is_none());
                if is_open || scope.is_for_tests {
                    continue;
                }
                for setting in other() {
                    for alternative in &setting.alternatives {
                        // What is made from the variable, or not known, is no other address.
                        let Some(own) = alternative.known.whole_text() else { continue };
                        if own.as_str() == value.as_str() || !alternative.conditions.is_empty() {
                            continue;
                        }
                        findings
                            .add(cards::VariableOverrulesAddress {
                                variable: &given.written,
                                setting: &setting.written,
                            })
                            .at(&given.written)
                            .related(&setting.written, Role::Conflict)
                            .scope(&process.name);
                    }
                }
            }
        }
    }
}
