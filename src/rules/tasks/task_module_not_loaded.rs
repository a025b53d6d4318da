use std::collections::{HashMap, HashSet};

use crate::catalogue::cards;
use crate::facts::tasks::{CodeFile, Packages};
use crate::facts::{Facts, schedule};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_MODULE_NOT_LOADED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let has_tasks = |file: &CodeFile| !file.tasks.is_empty() && file.part.is_none() && !file.is_for_tests();
    if !facts.python_code.iter().any(has_tasks) {
        return;
    }
    let elsewhere = not_installed(facts, findings);
    let Some(loading) = facts.loading() else { return };
    for (number, file) in facts.python_code.iter().enumerate() {
        if !has_tasks(file) || loading.has(number) || elsewhere.contains(&number) {
            continue;
        }
        // Without a worker's command, only what nearly has the name that the app looks for.
        let is_sure = loading.shows_worker || file.stem() == "task";
        if !match is_named_alike(facts, file) {
            true => is_sure || is_used(facts, number),
            false => loading.shows_worker && is_used(facts, number),
        } {
            continue;
        }
        let task = &file.tasks[0].name;
        findings
            .add(cards::TaskModuleNotLoaded { file: file.file_name(), task })
            .at(loading.told_at)
            .related(task, Role::Conflict);
    }
}

/// Whether it stands where Django's apps have their `tasks.py`, under a name that nobody looks for.
fn is_named_alike(facts: &Facts, file: &CodeFile) -> bool {
    let discoveries = facts.python_code.iter().flat_map(|file| &file.wiring.autodiscovers);
    let listed = discoveries.filter_map(|it| match &it.packages {
        Packages::Listed(packages) => Some(packages),
        _ => None,
    });
    let mut apps = facts.installed_apps.iter().flat_map(|list| &list.names).chain(listed.flatten());
    // `mail.apps.MailConfig` is the app `mail`.
    let package = |app: &str| app.split(".apps.").next().unwrap_or_default().to_owned();
    let is_in = |package: &str| facts.in_package(package).any(|it| it.source == file.source);
    // A file of the package `tasks`, whose `__init__.py` would have to import it.
    let is_inner = |package: &str| {
        let init = facts.module(package).map(|number| facts.python_code[number].file_name());
        init == Some("__init__.py") && is_in(package)
    };
    let is_alike = file.stem().contains("task") || matches!(file.stem(), "job" | "jobs");
    apps.any(|app| {
        let package = package(app.as_str());
        (is_alike && is_in(&package)) || is_inner(&format!("{package}.tasks"))
    })
}

/// Whether something else of the paste imports the file, or sends its tasks by their names.
fn is_used(facts: &Facts, number: usize) -> bool {
    let others = || facts.python_code.iter().filter(|file| !file.is_for_tests());
    let is_imported = others().any(|other| facts.imports_of(other).any(|it| it == number));
    let is_of_it = |name: &str| name.rsplit_once('.').is_some_and(|(module, _)| facts.module(module) == Some(number));
    is_imported
        || others().flat_map(|other| &other.sent_by_name).any(|name| is_of_it(name.as_str()))
        || facts.scopes().any(|(_, scope)| {
            let entries = |schedule: schedule::Schedule<'_>| {
                schedule.entries.iter().flatten().any(|entry| entry.task().is_some_and(|task| is_of_it(task.as_str())))
            };
            schedule::schedules(scope).any(entries)
        })
}

/// The `tasks.py` of an app that `INSTALLED_APPS` does not list, where the schedule names a task of it and nothing
/// imports it; their numbers.
fn not_installed(facts: &Facts, findings: &mut Findings) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(installed) = &facts.installed_apps else { return found };
    let mut discoveries = facts.python_code.iter().flat_map(|file| &file.wiring.autodiscovers);
    let (Some(only), None) = (discoveries.next(), discoveries.next()) else { return found };
    let finds_tasks = matches!(only.packages, Packages::OfDjango) && only.related.as_deref() == Some("tasks");
    let imports =
        |name: &str| facts.python_code.iter().flat_map(|it| &it.imports).any(|it| it.module.starts_with(name));
    if !finds_tasks || ["importlib", "pkgutil", "django.utils.module_loading"].into_iter().any(imports) {
        return found;
    }
    // What imports them, wherever it stands.
    let imported: HashSet<usize> = facts.python_code.iter().flat_map(|file| facts.imports_of(file)).collect();
    // Each module is looked up once.
    let mut numbers: HashMap<&str, Option<usize>> = HashMap::new();
    for (_, scope) in facts.scopes() {
        if ["imports", "include"].iter().any(|name| scope.said(name).next().is_some()) {
            continue;
        }
        for entry in schedule::schedules(scope).flat_map(|it| it.entries.unwrap_or_default()) {
            let Some(task) = entry.task() else { continue };
            let Some((module, function)) = task.as_str().rsplit_once('.') else { continue };
            let Some(package) = module.strip_suffix(".tasks") else { continue };
            let number = *numbers.entry(module).or_insert_with(|| facts.module(module));
            let Some(number) = number.filter(|number| !imported.contains(number)) else { continue };
            let file = &facts.python_code[number];
            // `apps.mail` may be in the list as `mail`, or by its configuration.
            let is_it = |app: &Text| {
                let app = app.as_str().split(".apps.").next().unwrap_or_default();
                let ends = |one: &str, other: &str| one == other || one.ends_with(&format!(".{other}"));
                ends(package, app) || ends(app, package)
            };
            let is_shown = file.tasks.iter().any(|it| it.name.as_str() == function && it.option("name").is_none());
            if is_shown && !found.contains(&number) && !installed.names.iter().any(is_it) {
                found.push(number);
                findings
                    .add(cards::TaskModuleNotLoaded { file: file.file_name(), task })
                    .at(task)
                    .scope(&scope.name)
                    .related(&installed.at, Role::Cause);
            }
        }
    }
    found
}
