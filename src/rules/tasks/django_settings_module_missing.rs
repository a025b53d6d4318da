use crate::catalogue::{Message, cards};
use crate::facts::modules::is_module_name;
use crate::facts::tasks::top_level::Bound;
use crate::facts::{Facts, Role as ProcessRole};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DJANGO_SETTINGS_MODULE_MISSING, sees: &[Kind::Python], check };

const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";

fn check(facts: &Facts, findings: &mut Findings) {
    not_there(facts, findings);
    not_there_by_variable(facts, findings);
    let is_named =
        facts.python_code.iter().any(|file| file.wiring.names_settings_module || file.wiring.configures_django);
    let is_set = facts.variants.iter().any(|variant| {
        variant.loose.get(VARIABLE).is_some()
            || variant.processes.iter().any(|process| process.environment.get(VARIABLE).is_some())
            || variant.containers.iter().any(|container| container.environment.get(VARIABLE).is_some())
            || variant.images.iter().any(|image| image.environment.get(VARIABLE).is_some())
    });
    if !is_set {
        empty(facts, findings);
        late(facts, findings);
    }
    if is_named || is_set {
        return;
    }
    let mut workers = facts.processes().filter(|(_, process)| process.role == ProcessRole::Worker).peekable();
    let is_known = workers.peek().is_some() && workers.all(|(_, process)| !process.environment.open);
    for file in facts.python_code.iter().filter(|file| file.is_whole && !file.wiring.apps.is_empty()) {
        let Some(source) = &file.wiring.configured_from_django else { continue };
        let message: Message = if is_known {
            cards::DjangoSettingsModuleMissing::Missing { source, meant: "" }.into()
        } else {
            cards::DjangoSettingsModuleMissing::UnlessSet { source, meant: "" }.into()
        };
        findings.add(message).at(source);
    }
}

/// A package of settings whose `__init__.py` holds nothing, named instead of one of its modules.
fn empty(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| file.is_whole && !file.wiring.apps.is_empty()) {
        let package_of = |source: &Text| facts.module(source.as_str()).map(|number| &facts.python_code[number]);
        let named = file.wiring.settings_modules.iter().find_map(|source| Some((source, package_of(source)?)));
        let Some((source, package)) = named else { continue };
        let is_empty = package.top.iter().next().is_none() && package.imports.is_empty() && !package.top.is_open;
        let beside =
            || facts.python_code.iter().filter(|it| it.folder() == package.folder() && it.path != package.path);
        let sets = |it: &crate::facts::tasks::CodeFile| it.top.get("INSTALLED_APPS").is_some();
        if package.file_name() == "__init__.py" && is_empty && beside().any(sets) {
            findings.add(cards::DjangoSettingsModuleMissing::Empty { source, meant: "" }).at(source);
        }
    }
}

/// The same of a module that the environment names; `prod` beside `production.py` too.
fn not_there_by_variable(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let value = process.environment.get(VARIABLE).and_then(|it| it.value.as_ref()?.whole());
        let Some(found) = value.filter(|it| is_module_name(it.as_str()) && !facts.shows_module(it.as_str())) else {
            continue;
        };
        let Some((package, last)) = found.as_str().rsplit_once('.') else { continue };
        // A module of one's own machine is often kept out of the repository, and a sample of it is there.
        let is_sample = |stem: &str| ["example", "sample", "template", "dist"].iter().any(|it| stem.contains(it));
        let beside = || facts.in_package(package).map(|file| file.stem()).filter(|stem| !is_sample(stem));
        let is_short_for =
            |stem: &&str| last.len() >= 3 && stem.len() >= 3 && (stem.starts_with(last) || last.starts_with(stem));
        let Some(meant) = nearest(last, beside()).or_else(|| beside().find(is_short_for)) else { continue };
        let meant = format!("{package}.{meant}");
        findings
            .add(cards::DjangoSettingsModuleMissing::Near { source: found, meant: &meant })
            .at(found)
            .scope(&process.name)
            .replace(found, &meant);
    }
}

/// A module of settings that is not where the pasted files say it would be.
fn not_there(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| !file.wiring.apps.is_empty()) {
        for found in &file.wiring.settings_modules {
            let Some((package, last)) = found.as_str().rsplit_once('.') else { continue };
            if facts.shows_module(found.as_str()) {
                continue;
            }
            // The tutorial's project is still named, and this file lies beside settings of another.
            let own = file.folder().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let root = found.as_str().split('.').next().unwrap_or_default();
            let is_shown = |name: &str| facts.shows_module(name) || facts.files.iter().any(|it| has_folder(it, name));
            if package == root
                && !own.is_empty()
                && !is_shown(root)
                && facts.python_code.iter().any(|it| it.folder() == file.folder() && it.stem() == last)
            {
                let meant = format!("{own}.{last}");
                let finding = findings.add(cards::DjangoSettingsModuleMissing::Near { source: found, meant: &meant });
                finding.at(found).replace(found, &meant);
                continue;
            }
            let beside = facts.in_package(package).map(|file| file.stem());
            let message: Message = match nearest(last, beside) {
                // `shop.settings.prod` beside `shop/settings.py`.
                _ if facts.shows_file_of(package) && !facts.shows_file_of(&format!("{package}.__init__")) => {
                    cards::DjangoSettingsModuleMissing::NoPackage { source: found, meant: package }.into()
                }
                Some(meant) => {
                    let meant = format!("{package}.{meant}");
                    findings
                        .add(cards::DjangoSettingsModuleMissing::Near { source: found, meant: &meant })
                        .at(found)
                        .replace(found, &meant);
                    continue;
                }
                None => continue,
            };
            findings.add(message).at(found);
        }
    }
}

/// An app that is made before the same file sets the variable: celery/app/base.py looks for it in `__init__`.
fn late(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        let is_of_module = || file.top.iter().any(|(_, bound)| matches!(bound, Bound::App));
        if let ([app], [source]) = (&file.wiring.apps[..], &file.wiring.settings_modules[..])
            && app.span().start < source.span().start
            && is_of_module()
        {
            let message = cards::DjangoSettingsModuleMissing::Late { source, meant: "" };
            findings.add(message).at(app).related(source, Role::Conflict);
        }
    }
}

fn has_folder(path: &str, name: &str) -> bool {
    path.split('/').rev().skip(1).any(|folder| folder == name)
}
