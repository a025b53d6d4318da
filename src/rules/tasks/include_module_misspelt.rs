use crate::catalogue::{Message, cards};
use crate::facts::Facts;
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
                let Some(meant) = path.or_else(|| meant(facts, found)) else { continue };
                let message: Message = match is_path {
                    true => cards::IncludeModuleMisspelt::Path { found, meant: &meant }.into(),
                    false => cards::IncludeModuleMisspelt::Near { found, meant: &meant }.into(),
                };
                findings
                    .add(message)
                    .at(found)
                    .scope(&scope.name)
                    .uncertain_if(said.is_conditional())
                    .at_most_info_if(said.is_for_tests())
                    .replace(found, &meant);
            }
        }
    }
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
    let beside = facts.in_package(package).filter(|file| !file.tasks.is_empty());
    let meant = nearest(last, beside.map(|file| file.stem()))?;
    Some(format!("{package}.{meant}"))
}
