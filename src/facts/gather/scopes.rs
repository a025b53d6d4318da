//! The scopes of a variant: for every process, the settings as it sees them.

use super::apps::App;
use crate::facts::environment::Environment;
use crate::facts::python::settings;
use crate::facts::scope::{Scope, of_text};
use crate::facts::settings::{Setting, Source, overruled_by_variable, set_by_option};
use crate::facts::value::Template;
use crate::facts::{Process, Variant};
use crate::text::Text;

/// More processes than these see the same settings again.
const MOST_SCOPES: usize = 64;

/// Adds the scopes of every process, of containers that only set variables, and of apps that no process is shown for.
pub(super) fn gather(variant: &mut Variant, apps: &[App<'_>], loose: &Environment) {
    let mut scopes = Vec::new();
    for process in variant.processes.iter().take(MOST_SCOPES) {
        for app in apps_of(process, apps) {
            scopes.push(of_process(process, app));
        }
    }
    for (index, container) in variant.containers.iter().enumerate() {
        let is_celery = variant.processes.iter().any(|process| process.container == Some(index));
        if !is_celery {
            let settings = of_environment(&container.environment);
            if !settings.is_empty() {
                scopes.push(scope(&container.name, None, settings, Vec::new()));
            }
        }
    }
    let no_process_uses_code =
        variant.processes.is_empty() || !scopes.iter().any(|scope| !scope.open_at.is_empty() || has_code(scope));
    if no_process_uses_code {
        for app in apps {
            scopes.push(of_app(&app.name, None, Some(app), loose, Vec::new()));
        }
    }
    let from_loose = of_environment(loose);
    let is_seen = |name: &str| {
        scopes.iter().any(|scope| scope.settings.iter().any(|it| it.source == Source::Environment && it.name == name))
    };
    if from_loose.iter().any(|setting| !is_seen(setting.name)) {
        scopes.push(scope("environment", None, from_loose, Vec::new()));
    }
    variant.scopes = scopes;
}

fn has_code(scope: &Scope) -> bool {
    scope.settings.iter().any(|setting| setting.source <= Source::Python)
}

/// The apps that a process may run: the one that `-A` names, else every one; none is an app of nothing.
fn apps_of<'a, 'b>(process: &Process, apps: &'a [App<'b>]) -> Vec<Option<&'a App<'b>>> {
    if apps.is_empty() {
        return vec![None];
    }
    let named = process
        .command
        .value("--app")
        .map(|name| name.as_str().split(['.', ':']).next().unwrap_or_default().to_owned());
    let matching: Vec<&App<'_>> = match &named {
        Some(named) => apps.iter().filter(|app| app.modules.iter().any(|module| module == named)).collect(),
        None => Vec::new(),
    };
    if matching.is_empty() { apps.iter().map(Some).collect() } else { matching.into_iter().map(Some).collect() }
}

fn of_process(process: &Process, app: Option<&App<'_>>) -> Scope {
    let mut outside = Vec::new();
    for option in process.command.before.iter().chain(&process.command.options) {
        let Some(name) = option.known.and_then(|row| set_by_option(row.means)) else { continue };
        let Some(value) = &option.value else { continue };
        let template = (!value.expands).then(|| Template::plain(value.text.clone()));
        outside.push(of_text(name, &option.written, Source::CommandLine, template));
    }
    of_app(&process.name, Some(process.number), app, &process.environment, outside)
}

fn of_app(
    name: &str,
    process: Option<usize>,
    app: Option<&App<'_>>,
    environment: &Environment,
    outside: Vec<Setting>,
) -> Scope {
    let mut settings = outside;
    settings.extend(of_environment(environment));
    let Some(app) = app else { return scope(name, process, settings, Vec::new()) };
    let mut open_at = Vec::new();
    let mut makes_app = false;
    for document in &app.documents {
        let found = settings::gather(document, environment);
        makes_app |= !found.apps.is_empty();
        settings.extend(found.settings);
        open_at.extend(found.open_at);
        open_at.extend(document.broken.iter().cloned());
        // A module that was not pasted may set anything.
        open_at.extend(found.configured_from.into_iter().filter(|module| !app.has_module(module.as_str())));
    }
    let closed = open_at.is_empty() && makes_app && !environment.open;
    Scope { closed, ..scope(name, process, settings, open_at) }
}

/// A scope that something outside may still set.
fn scope(name: &str, process: Option<usize>, settings: Vec<Setting>, open_at: Vec<Text>) -> Scope {
    Scope { name: name.to_owned(), process, settings, open_at, closed: false }
}

/// The settings that Celery itself reads from the environment.
fn of_environment(environment: &Environment) -> Vec<Setting> {
    environment
        .iter()
        .filter_map(|(name, variable)| {
            let setting = overruled_by_variable(name)?;
            Some(of_text(setting, &variable.name, Source::Environment, variable.value.clone()))
        })
        .collect()
}
