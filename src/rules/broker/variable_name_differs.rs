use super::asked;
use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::environment::{Environment, Variable};
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::VARIABLE_NAME_DIFFERS, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        if variant.container_of(process).is_none_or(|container| container.is_template) {
            continue;
        }
        // Another name of the code's own.
        let is_read = |near: &str| facts.scopes().any(|(_, scope)| scope.mentions(near));
        for variable in asked(scope) {
            let name = variable.name;
            if process.environment.get(name).is_some() {
                continue;
            }
            let near = nearest(name, process.environment.iter().map(|(name, _)| name)).filter(|_| name.len() > 5);
            // Celery's own command line reads some of these names.
            let is_of_celery = |found: &Variable| {
                (variable.has_default || !found.in_env_file)
                    && matches!(found.name.as_str(), "BROKER_URL" | "RESULT_BACKEND" | "CELERY_BROKER")
            };
            let near = near.and_then(|near| process.environment.get(near)).or_else(|| {
                let alike = with_a_word_more(name, &process.environment)?;
                let is_seen = alike.in_env_file || !scope.reads_env_file();
                (is_seen && !is_of_celery(alike)).then_some(alike)
            });
            // Without a default the code stops, whatever else it reads.
            let is_needed = |near: &Variable| !variable.has_default && near.in_env_file;
            let Some(found) = near.filter(|near| is_needed(near) || !is_read(near.name.as_str())) else { continue };
            findings
                .add(cards::VariableNameDiffers { found: &found.name, wanted: name })
                .at(&found.name)
                .related(variable.at, crate::words::Role::Conflict)
                .scope(&process.name);
        }
    }
}

/// The only address under a name that has a word more or less: `BROKER_URL` for `SHOP_BROKER_URL`.
fn with_a_word_more<'a>(name: &str, environment: &'a Environment) -> Option<&'a Variable> {
    let is_alike = |other: &str| {
        let (short, long) = if other.len() < name.len() { (other, name) } else { (name, other) };
        let mut words = long.split('_');
        let common = short.split('_').count();
        let is_told = ["BROKER", "BACKEND", "REDIS", "RABBITMQ", "AMQP"].iter().any(|word| short.contains(word));
        common + 1 == long.split('_').count() && is_told && short.split('_').all(|word| words.any(|it| it == word))
    };
    let is_address = |it: &Variable| it.value.as_ref().is_some_and(|value| value.as_str().contains("://"));
    let mut found = environment.iter().filter(|(other, it)| is_alike(other) && is_address(it)).map(|(_, it)| it);
    found.next().filter(|_| found.next().is_none())
}
