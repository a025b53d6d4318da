use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::modules::is_module_name;
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::CONFIG_IS_A_FILE, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let by_option = facts.processes().filter_map(|(_, process)| process.option("--config")?.text());
    // The loader of an app without settings of its own (celery/loaders/default.py).
    let by_variable = facts
        .processes()
        .filter_map(|(_, process)| process.environment.get("CELERY_CONFIG_MODULE")?.value.as_ref()?.whole());
    let in_code = facts.python_code.iter().flat_map(|file| &file.wiring.configured_from);
    for found in in_code.chain(by_option).chain(by_variable) {
        let written = found.as_str();
        let Some(path) = written.strip_suffix(".py") else {
            not_there(facts, found, findings);
            continue;
        };
        let module = path.trim_start_matches("./").replace('/', ".");
        let finding = findings.add(cards::ConfigIsAFile::File { found, module: &module }).at(found);
        if is_module_name(&module) {
            finding.replace(found, &module);
        }
    }
}

/// A module beside which one with nearly the same name was pasted: `celery_config` and `celeryconfig.py`.
fn not_there(facts: &Facts, found: &Text, findings: &mut Findings) {
    // What nearly everybody with Django writes.
    const OF_DJANGO: &str = "django.conf:settings";
    let written = found.as_str().replace("django.conf.", "django.conf:");
    if let Some(meant) = nearest(&written, [OF_DJANGO]) {
        match written.strip_prefix("django.conf:") {
            Some(name) => {
                let at = found.slice(found.len() - name.len()..found.len());
                let finding = findings.add(cards::ConfigIsAFile::NoName { found: &at, module: "django.conf" });
                finding.at(&at).replace(&at, "settings");
            }
            None => {
                findings.add(cards::ConfigIsAFile::Near { found, module: meant }).at(found).replace(found, meant);
            }
        }
        return;
    }
    if let Some((at, meant)) = missing_name(facts, found) {
        let file = found.as_str()[..found.len() - at.len() - 1].to_owned();
        let finding = findings.add(cards::ConfigIsAFile::NoName { found: &at, module: &file }).at(&at);
        if let Some(meant) = meant {
            finding.replace(&at, &meant);
        }
        return;
    }
    let (module, object) = found.as_str().split_once(':').map_or((found.as_str(), ""), |(module, it)| (module, it));
    let (package, last) = module.rsplit_once('.').map_or(("", module), |(package, last)| (package, last));
    let folder = if package.is_empty() { String::new() } else { format!("{}/", package.replace('.', "/")) };
    let names = || {
        facts.files.iter().filter_map(|path| {
            let (before, name) = path.rsplit_once('/').map_or(("", path.as_str()), |(before, name)| (before, name));
            let is_there = folder.is_empty() || format!("{before}/").ends_with(&folder);
            is_there.then(|| name.strip_suffix(".py")).flatten()
        })
    };
    // The last part may also be a class or a name within the module.
    let is_there = |part: &str| facts.files.iter().any(|path| path.split(['/', '.']).any(|it| it == part));
    if is_there(last) || (!package.is_empty() && is_there(package.rsplit('.').next().unwrap_or(package))) {
        return;
    }
    if let Some(near) = nearest(last, names()) {
        let end = if object.is_empty() { String::new() } else { format!(":{object}") };
        let meant = if package.is_empty() { format!("{near}{end}") } else { format!("{package}.{near}{end}") };
        findings.add(cards::ConfigIsAFile::Near { found, module: &meant }).at(found).replace(found, &meant);
    }
}

/// What a pasted module does not have: the name behind it, and the one that was most likely meant.
fn missing_name(facts: &Facts, found: &Text) -> Option<(Text, Option<String>)> {
    let written = found.as_str();
    let end = written.find(':').or_else(|| written.rfind('.').filter(|_| !facts.shows_module(written)))?;
    let name = found.slice(end + 1..written.len());
    let file = facts.python_code.get(facts.module(&written[..end])?)?;
    let may_be_module = file.file_name() == "__init__.py";
    if may_be_module || file.top.is_open || !is_module_name(name.as_str()) || name.as_str().contains('.') {
        return None;
    }
    let names = || file.top.iter().map(|(name, _)| name);
    if names().next().is_none() || names().any(|it| it == name.as_str()) {
        return None;
    }
    let meant = nearest(name.as_str(), names()).map(str::to_owned);
    // Behind a dot it may be a module of a package that has the same name as the file.
    (meant.is_some() || written.contains(':')).then_some((name, meant))
}
