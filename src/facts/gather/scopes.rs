//! The scopes of a variant: for every process, the settings as it sees them.

use std::collections::HashSet;
use std::rc::Rc;

use super::apps::App;
use super::{code, django};
use crate::facts::command::{self, Given, GivenBy};
use crate::facts::containers::is_a_server;
use crate::facts::environment::Environment;
use crate::facts::scope::{Scope, of_known, of_text};
use crate::facts::settings::{Setting, Source, overruled_by_variable, set_by_option};
use crate::facts::value::{Known, Template, Value};
use crate::facts::{Process, Variant, VersionSet, modules};
use crate::read::python::{Condition, ConditionKind};
use crate::read::shell_words::Word;
use crate::text::{SourceId, Span, Text, order};

/// More pairs of a process and an app than these are not looked at one by one: no deployment has as many.
const MOST_SCOPES: usize = 256;

/// Adds the scopes of every process, of containers that only set variables, and of apps that no process is shown for.
pub(super) fn gather(variant: &mut Variant, apps: &[App<'_>], loose: &Environment, celery: &VersionSet) {
    let mut scopes = Vec::new();
    // Where any process may run any of many apps, the first is held against all of them and the others against some.
    let share = (MOST_SCOPES / variant.processes.len().max(1)).max(1);
    for (number, process) in variant.processes.iter().take(MOST_SCOPES).enumerate() {
        let may_run = apps_of(process, apps);
        let held_against = may_run.into_iter().take(if number == 0 { usize::MAX } else { share });
        scopes.extend(held_against.map(|app| of_process(process, app, celery)));
    }
    let of_celery: HashSet<usize> = variant.processes.iter().filter_map(|process| process.container).collect();
    for (index, container) in variant.containers.iter().enumerate() {
        if !of_celery.contains(&index) {
            let settings = of_environment(&container.environment);
            if !settings.is_empty() {
                let scope = Scope::new(&container.name, None, settings.into_iter().map(Rc::new).collect());
                // A server takes no notice of what a shared env file says of Celery, and another site has its own.
                let image = container.image.as_ref().map_or("", Text::as_str);
                let mut own = container.environment.iter().filter(|(_, variable)| !variable.in_env_file);
                let mut is_told = || of_celery.is_empty() && own.any(|(name, _)| name.starts_with("CELERY_"));
                let is_of_celery = container.built_from.is_some() || image.contains("flower") || is_told();
                scopes.push(Scope { container: (is_of_celery && !is_a_server(image)).then_some(index), ..scope });
            }
        }
    }
    for (name, environment) in &variant.unclaimed {
        let settings = of_environment(environment);
        if !settings.is_empty() {
            scopes.push(Scope::new(name, None, settings.into_iter().map(Rc::new).collect()));
        }
    }
    let no_process_uses_code =
        variant.processes.is_empty() || !scopes.iter().any(|scope| !scope.open_at.is_empty() || has_code(scope));
    if no_process_uses_code {
        for app in with_settings_of(loose, apps.iter().collect()) {
            scopes.push(of_app(&app.name, None, Some(app), loose, Vec::new(), celery));
        }
    }
    let from_loose = of_environment(loose);
    let is_seen = |name: &str| {
        scopes.iter().any(|scope| scope.settings.iter().any(|it| it.source == Source::Environment && it.name == name))
    };
    if from_loose.iter().any(|setting| !is_seen(setting.name)) {
        scopes.push(Scope::new("environment", None, from_loose.into_iter().map(Rc::new).collect()));
    }
    variant.scopes = scopes;
    set_by_code(variant, apps, celery);
    variant.web_scopes = of_web(variant, apps, celery);
}

/// Adds the scopes of blocks of notes that no process of any variant may run.
pub(super) fn add_unread(variant: &mut Variant, apps: &[App<'_>], loose: &Environment, celery: &VersionSet) {
    let unread = apps.iter().filter(|app| app.note.is_some() && !app.is_in_scope.get()).take(MOST_SCOPES);
    variant.scopes.extend(unread.map(|app| of_app(&app.name, None, Some(app), loose, Vec::new(), celery)));
}

/// What the code of its only app sets in the environment of a process, where Celery itself reads it when all of that
/// has run.
fn set_by_code(variant: &mut Variant, apps: &[App<'_>], celery: &VersionSet) {
    for process in variant.processes.iter_mut().take(MOST_SCOPES) {
        let [Some(app)] = apps_of(process, apps)[..] else { continue };
        let code = code::gather(app, &process.environment, celery);
        for (name, value) in &code.variables {
            if ["C_FORCE_ROOT", "FORKED_BY_MULTIPROCESSING"].contains(&name.as_str()) {
                process.environment.set(name.clone(), value.clone());
            }
        }
    }
}

/// The settings in containers that serve the web with the code that a process of Celery runs.
fn of_web(variant: &Variant, apps: &[App<'_>], celery: &VersionSet) -> Vec<Scope> {
    let mut found = Vec::new();
    for (index, container) in variant.containers.iter().enumerate() {
        let image = container.built_from.and_then(|image| variant.images.get(image));
        let runs_celery = variant.processes.iter().any(|process| process.container == Some(index));
        if found.len() >= MOST_SCOPES || runs_celery || !container.serves_the_web(image) {
            continue;
        }
        let runs_same = |process: &&Process| {
            let other = variant.container_of(process);
            other.is_some_and(|other| other.namespace == container.namespace && container.runs_image_of(other))
        };
        let Some(like) = variant.processes.iter().find(runs_same) else { continue };
        let of_image = image.map_or_else(Environment::unknown, |image| image.environment.clone());
        let environment = of_image.overlaid(&container.environment);
        let words = [&container.entrypoint, &container.arguments].into_iter().flatten().flatten();
        // `uvicorn main:app`
        let served =
            words.filter_map(|word| Some(word.as_str().split_once(':')?.0)).find(|it| modules::is_module_name(it));
        let makes = |path: &str| {
            let path = modules::name_of(path);
            served.is_some_and(|it| path.strip_suffix(it).is_some_and(|it| it.is_empty() || it.ends_with('.')))
        };
        let is_served = |app: &&App<'_>| app.configures && app.files.iter().any(|(path, _)| makes(path));
        let mut run = apps_of(like, apps);
        if !run.iter().flatten().any(is_served) {
            run.extend(apps.iter().filter(is_served).map(Some));
        }
        for app in run {
            let mut scope = of_app(&container.name, None, app, &environment, Vec::new(), celery);
            if let Some(app) = app {
                let made = &code::gather(app, &environment, celery).apps;
                let named = like.command.value("--app").map_or("", Word::as_str);
                let named = served.filter(|_| made.iter().any(|(path, _)| makes(path))).unwrap_or(named);
                leave_out_other_apps(&mut scope, made, named);
            }
            found.push(Scope { container: Some(index), ..scope });
        }
    }
    found
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
    let matching = if matching.is_empty() { apps.iter().collect() } else { matching };
    // Beside files, the blocks of a note are no part of what other files start.
    let is_beside_files = matching.iter().any(|app| app.note.is_none() && app.configures);
    let at = process.command.program.span().source;
    let is_read = |app: &&App<'_>| !is_beside_files || app.note.is_none_or(|note| note == at);
    let matching = matching.into_iter().filter(is_read).collect();
    with_settings_of(&process.environment, matching).into_iter().map(Some).collect()
}

/// The apps whose Django settings are those that the environment or the code names; all where that is not known.
fn with_settings_of<'a, 'b>(environment: &Environment, apps: Vec<&'a App<'b>>) -> Vec<&'a App<'b>> {
    let is_named = |app: &&&App<'_>| {
        let named = django::named_in(environment, app.settings_by_code.as_ref());
        named.is_some_and(|named| app.settings_names.iter().any(|name| name == named))
    };
    let named: Vec<&App<'_>> = apps.iter().filter(is_named).copied().collect();
    // Which of the others it takes in is not known, so each may be the one.
    let is_open = |app: &&App<'_>| app.settings.is_some_and(|root| django::takes_in_by_name(app.files[root].1));
    if named.is_empty() || named.iter().any(is_open) { apps } else { named }
}

fn of_process(process: &Process, app: Option<&App<'_>>, celery: &VersionSet) -> Scope {
    let mut outside = Vec::new();
    for given in &process.given {
        let Some(name) = set_by_option(given.row.command, given.row.means) else { continue };
        // CELERY_RESULT_BACKEND is read by the app itself too, and is among the variables already.
        if given.by == GivenBy::Environment && overruled_by_variable(given.written.as_str()) == Some(name) {
            continue;
        }
        outside.extend(of_given(name, given, celery));
    }
    let mut scope = of_app(&process.name, Some(process.number), app, &process.environment, outside, celery);
    if let Some(app) = app {
        let named = process.command.value("--app").map_or("", Word::as_str);
        leave_out_other_apps(&mut scope, &code::gather(app, &process.environment, celery).apps, named);
    }
    scope
}

/// Where it is not known which of several apps runs, what two of them set never holds together.
fn apart(scope: &mut Scope, apps: &[(String, SourceId)]) {
    let number = |setting: &Setting| apps.iter().position(|(_, source)| *source == setting.written.span().source);
    let mut numbers: Vec<usize> = scope.settings.iter().filter_map(|setting| number(setting)).collect();
    order::distinct(&mut numbers);
    if numbers.len() < 2 {
        return;
    }
    for setting in &mut scope.settings {
        let Some(number) = number(setting) else { continue };
        let test = Text::pointing_at(&setting.written, &format!("app {number}"));
        for alternative in &mut Rc::make_mut(setting).alternatives {
            alternative.conditions.push(Condition { test: test.clone(), is: ConditionKind::Class, holds: true });
        }
    }
}

/// Of several files that make an app, the one that `-A` names holds: what the others set is of their apps.
fn leave_out_other_apps(scope: &mut Scope, apps: &[(String, SourceId)], named: &str) {
    let module = named.split(':').next().unwrap_or_default();
    // `-A shop` is `shop.py`, or `shop/celery.py` (celery/app/utils.py, find_app); the last name may be the app.
    let is_named = |path: &str| {
        let path = modules::name_of(path);
        let ends = |wanted: &str| path == wanted || path.ends_with(&format!(".{wanted}"));
        !module.is_empty()
            && (ends(module)
                || ends(&format!("{module}.celery"))
                || module.rsplit_once('.').is_some_and(|(package, _)| ends(package)))
    };
    let mut same = apps.iter().filter(|(path, _)| is_named(path));
    let Some((_, own)) = same.next().filter(|_| same.next().is_none()) else {
        apart(scope, apps);
        return;
    };
    let is_of_another = |at: &Text| at.span().source != *own && apps.iter().any(|(_, it)| *it == at.span().source);
    if scope.settings.iter().any(|setting| is_of_another(&setting.written)) {
        scope.settings.retain(|setting| !is_of_another(&setting.written));
        scope.sort_by_name();
    }
}

/// The setting that an option makes; `None` where the program takes the option for not given.
fn of_given(name: &'static str, given: &Given, celery: &VersionSet) -> Option<Setting> {
    if !given.row.takes_value {
        let known = Known { value: Value::Boolean(true), at: given.written.clone() };
        return given.is_on().then(|| of_known(name, &given.written, Source::CommandLine, known));
    }
    let text = given.value.as_ref().and_then(Template::whole);
    let is_ignored = match (given.row.means, text.map(Text::as_str)) {
        // The default of the option, and then `worker_pool` holds (celery/bin/worker.py, WorkersPool.convert, since 5.1).
        ("--pool", Some(pool)) => pool == "prefork" && celery.any_in(">=5.1"),
        // `value or conf.…` takes 0 for nothing (celery/bin/worker.py, since 5.0).
        ("--concurrency" | "--prefetch-multiplier", Some(number)) => number.trim() == "0" && celery.any_in(">=5.0"),
        _ => false,
    };
    if is_ignored {
        return None;
    }
    let number = match (given.row.kind(), text) {
        ("int" | "concurrency", Some(text)) => command::integer(text.as_str()).map(Value::Integer),
        ("float", Some(text)) => command::float(text.as_str()).map(Value::Float),
        _ => None,
    };
    Some(match (number, text) {
        (Some(value), Some(text)) => {
            of_known(name, &given.written, Source::CommandLine, Known { value, at: text.clone() })
        }
        _ => of_text(name, &given.written, Source::CommandLine, given.value.clone()),
    })
}

fn of_app(
    name: &str,
    process: Option<usize>,
    app: Option<&App<'_>>,
    environment: &Environment,
    outside: Vec<Setting>,
    celery: &VersionSet,
) -> Scope {
    let mut settings: Vec<Rc<Setting>> = outside.into_iter().chain(of_environment(environment)).map(Rc::new).collect();
    let Some(app) = app else { return Scope::new(name, process, settings) };
    app.is_in_scope.set(true);
    let code = code::gather(app, environment, celery);
    // What the code sets overrules what the process was started with.
    let is_set_again = |it: &Setting| {
        it.source == Source::Environment
            && code.variables.iter().any(|(name, _)| overruled_by_variable(name.as_str()) == Some(it.name))
    };
    settings.retain(|it| !is_set_again(it));
    // What code reads from a sample is said once, where it stands.
    let samples: Vec<(&str, Span)> = environment
        .iter()
        .filter(|(_, it)| it.in_sample)
        .filter_map(|(name, it)| Some((overruled_by_variable(name)?, it.name.span())))
        .collect();
    let is_told = |it: &&Rc<Setting>| {
        let mut own = samples.iter().filter(|(name, _)| *name == it.name);
        own.any(|(_, at)| {
            it.alternatives.iter().all(|one| one.known.at.origins().iter().any(|it| at.contains(it.span())))
        })
    };
    settings.extend(code.settings.iter().filter(|it| !is_told(it)).cloned());
    let code_is_closed = code.open_at.is_empty() && code.makes_app;
    Scope {
        closed: code_is_closed && !environment.open,
        code_is_closed,
        periodic_tasks: Rc::clone(&code.periodic_tasks),
        code: Rc::clone(&app.texts),
        open_at: code.open_at.clone(),
        signed_at: code.signed_at.clone(),
        is_for_tests: app.is_for_tests,
        makes_app: code.makes_app,
        written: Rc::clone(&code.written),
        configured: Rc::clone(&code.configured),
        names_read: Rc::clone(&app.names_read),
        ..Scope::new(name, process, settings)
    }
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
