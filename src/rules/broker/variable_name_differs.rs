use super::asked;
use crate::catalogue::cards;
use crate::facts::broker::{self, Inside};
use crate::facts::containers::Container;
use crate::facts::environment::{Environment, Variable};
use crate::facts::python::Alternative;
use crate::facts::value::{Value, Why};
use crate::facts::{Facts, Process, Scope, Variant, url};
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::VARIABLE_NAME_DIFFERS, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    facts.variants.iter().for_each(|variant| filled_in_by_compose(variant, findings));
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        if variant.container_of(process).is_none_or(|container| container.is_template) {
            continue;
        }
        let built_from = |container: &Container| container.built_from;
        let here = variant.container_of(process).and_then(built_from);
        // Another name of the code's own.
        let is_read = |near: &str| facts.scopes().any(|(_, scope)| scope.mentions(near));
        for variable in asked(scope) {
            let name = variable.name;
            if process.environment.get(name).is_some() {
                continue;
            }
            let near = nearest(name, process.environment.iter().map(|(name, _)| name)).filter(|_| name.len() > 5);
            // Celery's own command line reads some of these names.
            // But nobody reads them for what else runs the same code, such as the web server that sends the tasks.
            let is_for_others = |found: &Variable| {
                let is_same = |other: &Container| {
                    let own = &other.environment;
                    let is_it = own.get(found.name.as_str()).is_some_and(|it| it.name.span() == found.name.span());
                    let runs_other = other.commands.as_ref().is_none_or(Vec::is_empty);
                    is_it && runs_other && !own.open && own.get(name).is_none() && built_from(other) == here
                };
                found.in_env_file && here.is_some() && variant.containers.iter().any(is_same)
            };
            let is_of_celery = |found: &Variable| {
                (variable.has_default || !found.in_env_file)
                    && matches!(found.name.as_str(), "BROKER_URL" | "RESULT_BACKEND" | "CELERY_BROKER")
                    && !is_for_others(found)
            };
            let near = near.and_then(|near| process.environment.get(near)).or_else(|| {
                let alike = with_a_word_more(name, &process.environment)?;
                let is_seen = alike.in_env_file || !scope.reads_env_file();
                (is_seen && !is_of_celery(alike)).then_some(alike)
            });
            let near = near.or_else(|| unread_address(scope, name, variant, process));
            // Without a default the code stops, whatever else it reads.
            let is_needed = |near: &Variable| !variable.has_default && near.in_env_file;
            let Some(found) = near.filter(|near| is_needed(near) || !is_read(near.name.as_str())) else { continue };
            findings
                .add(cards::VariableNameDiffers::InCode { found: &found.name, wanted: name })
                .at(&found.name)
                .related(variable.at, crate::words::Role::Conflict)
                .scope(&process.name);
        }
    }
}

/// `${NAME}` of a Compose file beside a `.env` that has an address under nearly the same name.
fn filled_in_by_compose(variant: &Variant, findings: &mut Findings) {
    let file = &variant.filled_in;
    let is_address = |it: &Variable| it.value.as_ref().is_some_and(|value| value.as_str().contains("://"));
    let addresses: Vec<&str> = file.iter().filter(|(_, it)| is_address(it)).map(|(name, _)| name).collect();
    for container in variant.containers.iter().filter(|_| !addresses.is_empty()) {
        for value in container.environment.iter().filter_map(|(_, variable)| variable.value.as_ref()) {
            let [hole] = &value.holes[..] else { continue };
            let Why::Environment { name: wanted, .. } = &hole.why else { continue };
            if value.as_str().chars().count() > 1 || file.get(wanted).is_some() {
                continue;
            }
            let near = nearest(wanted, addresses.iter().copied()).and_then(|near| file.get(near));
            let Some(found) = near.or_else(|| with_a_word_more(wanted, file)) else { continue };
            findings
                .add(cards::VariableNameDiffers::InCompose { found: &found.name, wanted })
                .at(&found.name)
                .related(&hole.site, crate::words::Role::Conflict)
                .scope(&container.name);
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

/// The broker's address under a name that nothing reads, where the code falls back to its own machine.
fn unread_address<'a>(scope: &Scope, name: &str, variant: &'a Variant, process: &'a Process) -> Option<&'a Variable> {
    let container = variant.container_of(process)?;
    if container.environment.open
        || scope.reads_env_file()
        || broker::has_no_broker_inside(variant, container) != Inside::Nothing
    {
        return None;
    }
    let mut settings = scope.settings.iter().filter(|it| matches!(it.name, "broker_url" | "result_backend"));
    // The default of this very variable.
    let scheme = settings.find_map(|setting| {
        let asks = |it: &Alternative| matches!(&it.known.value, Value::Unknown(Why::Environment { name: asked, .. }) if asked == name);
        let [one, other] = &setting.alternatives[..] else { return None };
        let default = if asks(one) { other } else { Some(one).filter(|_| asks(other))? };
        let url = url::parse(default.known.text()?);
        (url.is_local() == Some(true)).then(|| url.scheme.text.as_str().to_owned())
    })?;
    let is_told = |it: &Variable| {
        let value = it.value.as_ref().map_or("", |value| value.as_str());
        let is_host = variant
            .containers
            .iter()
            .any(|it| it.name == value && it.image.as_ref().is_some_and(|image| image.as_str().contains(&scheme)));
        // Celery itself reads these (celery/bin/celery.py, celery/app/utils.py).
        let is_of_celery = matches!(it.name.as_str(), "BROKER_URL" | "RESULT_BACKEND" | "CELERY_RESULT_BACKEND")
            || it.name.as_str().starts_with("CELERY_BROKER");
        let has_word =
            ["BROKER", "BACKEND", "REDIS", "RABBIT", "AMQP"].iter().any(|word| it.name.as_str().contains(word));
        has_word
            && !is_of_celery
            && !value.contains("localhost")
            && (is_host || value.starts_with(&format!("{scheme}://")))
    };
    process.environment.iter().map(|(_, it)| it).find(|it| is_told(it))
}
