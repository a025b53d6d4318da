use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role, flower};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words;

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_OPEN_TO_ALL, sees: SETTINGS_KINDS, check };

/// With one of these it is not open, or a file that was not pasted says whether it is.
const GUARDS: [&str; 5] = ["basic_auth", "auth", "auth_provider", "conf", "read_only"];

fn check(facts: &Facts, findings: &mut Findings) {
    // Flower's own image, which starts it where the service says nothing else.
    for container in facts.variants.iter().flat_map(|variant| &variant.containers) {
        let is_flower = container.image.as_ref().is_some_and(|image| image.as_str().contains("mher/flower"));
        let own = &container.environment;
        let is_guarded = GUARDS.iter().any(|name| own.get(&format!("FLOWER_{}", name.to_ascii_uppercase())).is_some());
        if is_flower
            && !container.has_words()
            && !own.open
            && !is_guarded
            && container.storage.mounts.is_empty()
            && let Some(port) = &container.published
        {
            let message: Message = cards::FlowerOpenToAll::Published { found: port }.into();
            findings.add(message).at(port).related(&container.at, words::Role::Cause).scope(&container.name);
        }
    }
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
        let is_guarded = GUARDS.iter().any(|name| flower::option(process, name).is_some());
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
