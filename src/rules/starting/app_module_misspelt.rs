use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::APP_MODULE_MISSPELT, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(app) = process.option("--app").and_then(|given| given.text()) else { continue };
        let end = app.as_str().find(':').unwrap_or(app.len());
        let found = app.slice(0..end);
        let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !found.as_str().split('.').all(is_name) {
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
    let folder = if package.is_empty() { String::new() } else { format!("{}/", package.replace('.', "/")) };
    let is_there = |module: &str| {
        let own = [format!("{}.py", module.replace('.', "/")), format!("{}/", module.replace('.', "/"))];
        let is_own = |path: &String| {
            let at = |own: &str| path.find(own).is_some_and(|at| at == 0 || path[..at].ends_with('/'));
            own.iter().any(|own| at(own))
        };
        facts.files.iter().any(is_own)
    };
    // `-A package.name` may mean a name of the package.
    if is_there(found) || (!has_attribute && !package.is_empty() && is_there_as_a_file(facts, package)) {
        return None;
    }
    let beside = facts.python_code.iter().filter(|file| {
        let at_end = file.folder().trim_start_matches("./").strip_suffix(folder.as_str());
        file.part.is_none()
            && !file.wiring.apps.is_empty()
            && at_end.is_some_and(|it| it.is_empty() || it.ends_with('/'))
    });
    let meant = nearest(last, beside.map(|file| file.file_name().trim_end_matches(".py")))?;
    Some(if package.is_empty() { meant.to_owned() } else { format!("{package}.{meant}") })
}

fn is_there_as_a_file(facts: &Facts, module: &str) -> bool {
    let own = format!("{}.py", module.replace('.', "/"));
    facts.files.iter().any(|path| *path == own || path.ends_with(&format!("/{own}")))
}
