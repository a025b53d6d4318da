use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::modules::is_module_name;
use crate::facts::tasks::{CodeFile, Import};
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::INCLUDE_MODULE_MISSPELT, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("task_routes") {
            let alone = said.known.whole_text();
            for found in said.strings().unwrap_or_default().into_iter().chain(alone) {
                let Some(meant) = router(facts, found) else { continue };
                findings
                    .add(cards::IncludeModuleMisspelt::Near { found, meant: &meant })
                    .at(found)
                    .scope(&scope.name)
                    .uncertain_if(said.is_conditional())
                    .replace(found, &meant);
            }
        }
        for said in ["imports", "include"].into_iter().flat_map(|name| scope.said(name)) {
            for found in said.strings().unwrap_or_default() {
                let path = of_path(found.as_str());
                let is_path = path.is_some();
                let meant = path.or_else(|| meant(facts, found)).or_else(|| in_own_package(facts, found));
                let Some(meant) = meant else { continue };
                let message: Message = match is_path {
                    true => cards::IncludeModuleMisspelt::Path { found, meant: &meant }.into(),
                    false => cards::IncludeModuleMisspelt::Near { found, meant: &meant }.into(),
                };
                findings.add(message).at(found).scope(&scope.name).as_said(&said).replace(found, &meant);
            }
        }
    }
    for found in facts.python_code.iter().flat_map(|file| &file.wiring.configured_from) {
        let Some(meant) = in_own_package(facts, found) else { continue };
        findings.add(cards::IncludeModuleMisspelt::Near { found, meant: &meant }).at(found).replace(found, &meant);
    }
}

/// The whole name of a module that was pasted only beside the file that names it, in a package that is imported
/// from outside: the folder that the program runs in does not hold it.
fn in_own_package(facts: &Facts, found: &Text) -> Option<String> {
    let file = facts.code_file_of(found).filter(|file| file.part.is_none() && !file.folder().is_empty())?;
    let inner = format!("{}.py", found.as_str().replace('.', "/"));
    let first = found.as_str().split('.').next().unwrap_or_default();
    let mut shown = facts.files.iter().filter(|path| path.split(['/', '.']).any(|part| part == first));
    let is_only =
        shown.next().is_some_and(|path| *path == format!("{}{inner}", file.folder())) && shown.next().is_none();
    let changes_path = |file: &CodeFile| file.imports.iter().any(|it| matches!(it.module.as_str(), "sys" | "site"));
    if !is_module_name(found.as_str()) || !is_only || facts.python_code.iter().any(changes_path) {
        return None;
    }
    let is_in = |package: &str| facts.in_package(package).any(|it| it.source == file.source);
    let mut package = None;
    for (_, process) in facts.processes() {
        if process.option("--workdir").is_some() || process.environment.get("PYTHONPATH").is_some() {
            return None;
        }
        let Some(app) = process.option("--app") else { continue };
        let module = app.text()?.as_str().split(':').next()?;
        let outer = module.rsplit_once('.').map(|(outer, _)| outer);
        package = Some([Some(module), outer].into_iter().flatten().find(|it| is_in(it))?.to_owned());
    }
    // No command shows where it runs. A `celery.py` cannot be run from its own folder, nor can relative imports.
    let folder = file.folder().trim_end_matches('/');
    let has_init = |folder: &str| facts.files.iter().any(|path| *path == format!("{folder}/__init__.py"));
    let is_package = || {
        let imports_beside = |it: &CodeFile| it.imports.iter().any(|import| import.module.starts_with('.'));
        let beside = || facts.python_code.iter().filter(|it| it.folder() == file.folder());
        has_init(folder)
            && !folder.rsplit_once('/').is_some_and(|(outer, _)| has_init(outer))
            && (file.file_name() == "celery.py" || beside().any(imports_beside))
    };
    // It imports its own package by its whole name, so it runs from the folder above.
    let last = folder.rsplit('/').next()?;
    let is_outer = |it: &CodeFile| {
        let begins = |import: &Import| import.module.strip_prefix(last).is_some_and(|rest| rest.starts_with('.'));
        it.part.is_none() && it.imports.iter().any(|import| !import.may_fail && begins(import))
    };
    let package = package.or_else(|| Some(last.to_owned()).filter(|_| is_package() || is_outer(file)))?;
    Some(format!("{package}.{}", found.as_str()))
}

/// The module of `shop/tasks.py`: no module has a slash in its name, and none is called `py` within a folder.
fn of_path(found: &str) -> Option<String> {
    let is_path = found.contains('/') || found.ends_with(".py");
    let module = found.trim_start_matches("./").trim_end_matches(".py").trim_end_matches('/').replace('/', ".");
    let is_module = !module.is_empty() && !module.split('.').any(str::is_empty);
    (is_path && is_module).then_some(module)
}

/// The path of a router whose module stands beside where this one would be, with nearly the same name.
fn router(facts: &Facts, found: &Text) -> Option<String> {
    let (module, class) = found.as_str().rsplit_once('.')?;
    let (package, last) = module.rsplit_once('.')?;
    if package.is_empty() || facts.module(module).is_some() || facts.shows_file_of(module) {
        return None;
    }
    let beside = facts.in_package(package).filter(|file| file.top.get(class).is_some());
    let meant = nearest(last, beside.map(|file| file.stem()))?;
    Some(format!("{package}.{meant}.{class}"))
}

/// The module with tasks that was pasted beside where this one would stand, if its name is nearly the same.
fn meant(facts: &Facts, found: &Text) -> Option<String> {
    let (package, last) = found.as_str().rsplit_once('.')?;
    if package.is_empty() || facts.shows_module(found.as_str()) {
        return None;
    }
    let beside = || facts.in_package(package).filter(|file| !file.tasks.is_empty()).map(|file| file.stem());
    // `celery_tasks` for `tasks`, where no other module of the package has tasks.
    let only = || {
        let mut all = beside();
        all.next().filter(|stem| all.next().is_none() && stem.split('_').any(|word| word == last))
    };
    let meant = nearest(last, beside()).or_else(only)?;
    Some(format!("{package}.{meant}"))
}
