use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::modules::is_module_name;
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::APP_MODULE_MISSPELT, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(app) = process.option("--app").and_then(|given| given.text()) else { continue };
        let end = app.as_str().find(':').unwrap_or(app.len());
        let found = app.slice(0..end);
        if !is_module_name(found.as_str()) {
            continue;
        }
        let Some(meant) = meant(facts, found.as_str(), end < app.len()) else { continue };
        findings
            .add(cards::AppModuleMisspelt { found: &found, meant: &meant })
            .at(&found)
            .scope(&process.name)
            .replace(&found, &meant);
    }
}

/// The module that makes the app beside where this one would stand, if its name is nearly the same.
fn meant(facts: &Facts, found: &str, has_attribute: bool) -> Option<String> {
    let (package, last) = found.rsplit_once('.').unwrap_or(("", found));
    // `-A package.name` may mean a name of the package.
    if facts.shows_module(found) || (!has_attribute && !package.is_empty() && facts.shows_file_of(package)) {
        return None;
    }
    let beside = facts.in_package(package).filter(|file| file.part.is_none() && !file.wiring.apps.is_empty());
    let meant = nearest(last, beside.map(|file| file.stem()))?;
    Some(if package.is_empty() { meant.to_owned() } else { format!("{package}.{meant}") })
}
