use crate::catalogue::cards;
use crate::facts::modules::is_module_name;
use crate::facts::{Facts, Process, Variant};
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::APP_MODULE_MISSPELT, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let Some(app) = process.option("--app").and_then(|given| given.text()) else { continue };
        let end = app.as_str().find(':').unwrap_or(app.len());
        let found = app.slice(0..end);
        if !is_module_name(found.as_str()) {
            continue;
        }
        if let Some((folder, place)) = below(facts, variant, process, found.as_str()) {
            findings
                .add(cards::AppModuleMisspelt::Below { found: &found, meant: &folder })
                .at(&found)
                .related(place, crate::words::Role::Cause)
                .scope(&process.name);
            continue;
        }
        let Some(meant) = meant(facts, found.as_str(), end < app.len()) else { continue };
        findings
            .add(cards::AppModuleMisspelt::Misspelt { found: &found, meant: &meant })
            .at(&found)
            .scope(&process.name)
            .replace(&found, &meant);
    }
}

/// The folder below an image's WORKDIR that holds the module, where the WORKDIR itself does not; and the WORKDIR.
fn below<'a>(facts: &Facts, variant: &'a Variant, process: &Process, found: &str) -> Option<(String, &'a Text)> {
    // What builds or starts the image may say more.
    let image =
        variant.image_of(process).filter(|_| process.container.is_none() && process.option("--workdir").is_none())?;
    let workdir =
        image.holds_context.as_ref().filter(|_| !image.environment.open && image.hidden_entrypoint.is_none())?;
    let is_project = |path: &String| ["pyproject.toml", "setup.py", "setup.cfg"].iter().any(|it| path.ends_with(it));
    if facts.files.iter().any(is_project) {
        return None;
    }
    let root = facts.paths.of(&image.at).rsplit_once('/').map_or("", |(folder, _)| folder);
    let first = found.split('.').next()?;
    let ends = [format!("/{first}.py"), format!("/{first}/__init__.py")];
    let in_root = |path: &'_ str| -> Option<String> {
        let inner = path.strip_prefix(root)?;
        let inner = if inner.starts_with('/') { inner.to_owned() } else { format!("/{inner}") };
        ends.iter().find_map(|end| inner.strip_suffix(end.as_str())).map(str::to_owned)
    };
    let mut folders: Vec<String> = facts.files.iter().filter_map(|path| in_root(path)).collect();
    // A folder without `__init__.py` is a module too.
    let own = if root.is_empty() { format!("{first}/") } else { format!("{root}/{first}/") };
    if facts.files.iter().any(|path| path.starts_with(&own)) {
        return None;
    }
    folders.dedup();
    let [only] = folders.as_slice() else { return None };
    (!only.is_empty()).then(|| (only.trim_start_matches('/').to_owned(), workdir))
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
