use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role, flower};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words;

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_OPEN_TO_ALL, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        if process.role != Role::Flower {
            continue;
        }
        // flower/api/__init__.py (2.0): any of strtobool's words for yes.
        let open_api = process.environment.get("FLOWER_UNAUTHENTICATED_API").filter(|variable| {
            let value = variable.value.as_ref().and_then(|value| value.whole());
            value.is_some_and(|text| {
                ["1", "true", "t", "yes", "y", "on"].contains(&text.as_str().to_ascii_lowercase().as_str())
            })
        });
        if let Some(variable) = open_api {
            let message: Message = cards::FlowerOpenToAll::OpenApi { found: &variable.name }.into();
            findings.add(message).at(&variable.name).scope(&process.name);
            continue;
        }
        let is_guarded = ["basic_auth", "auth", "auth_provider", "conf", "read_only"]
            .iter()
            .any(|name| flower::option(process, name).is_some());
        let Some(container) = variant.container_of(process) else { continue };
        // An env file or a Secret that was not pasted may hold the login.
        if is_guarded || container.environment.open || process.command.open {
            continue;
        }
        let Some(port) = &container.published else { continue };
        let message: Message = cards::FlowerOpenToAll::Published { found: port }.into();
        findings.add(message).at(port).related(&container.at, words::Role::Cause).scope(&process.name);
    }
}
