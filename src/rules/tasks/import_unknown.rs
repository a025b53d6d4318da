use crate::catalogue::version::VersionRange;
use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{CodeFile, Import};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::importable::{self, Has, Module};
use crate::knowledge::imports;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::IMPORT_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for import in file.imports.iter().filter(|import| !import.may_fail) {
            let name = import.name.as_ref().map(|name| name.as_str());
            if imports::find(&import.module, name).is_some() {
                continue; // What is gone has a card of its own.
            }
            match importable::module(&import.module) {
                Some(module) => name_of(module, import, facts, file, findings),
                None => module_of(import, findings),
            }
        }
    }
}

/// A module whose name resembles one that Celery has.
fn module_of(import: &Import, findings: &mut Findings) {
    // `import celery.schedules.crontab` takes a name for a module, which is another mistake.
    let Some((package, _)) =
        import.module.rsplit_once('.').filter(|(package, _)| importable::module(package).is_some())
    else {
        return;
    };
    let beside = importable::modules().iter().map(|module| module.path);
    let beside = beside.filter(|path| path.rsplit_once('.').is_some_and(|(it, _)| it == package));
    let Some(meant) = nearest(&import.module, beside) else { return };
    findings
        .add(cards::ImportUnknown::Module { found: &import.module, meant })
        .at(&import.module_at)
        .uncertain_if(!import.conditions.is_empty())
        .replace(&import.module_at, meant);
}

fn name_of(module: &Module, import: &Import, facts: &Facts, file: &CodeFile, findings: &mut Findings) {
    let too_new = |range: &'static str| range.strip_prefix(">=");
    if let Some(since) = module.versions.and_then(too_new) {
        let message = cards::ImportUnknown::TooNew { found: module.path, meant: since };
        return add(message.into(), &import.module_at, import, before(since), findings);
    }
    let Some(name) = import.name.as_ref().filter(|name| !name.as_str().starts_with("__")) else { return };
    let found = format!("{}.{}", module.path, name.as_str());
    match module.has(name.as_str()) {
        Has::Always => {}
        Has::Since(range) => {
            let Some(since) = too_new(range) else { return };
            add(
                cards::ImportUnknown::TooNew { found: &found, meant: since }.into(),
                name,
                import,
                before(since),
                findings,
            );
        }
        Has::Not => {
            let Some(message) = lacking(module, name.as_str(), &found, || is_shadowed(module, facts, file)) else {
                return;
            };
            add(message, name, import, VersionRange::parse(">=4.0"), findings);
        }
    }
}

fn add(message: Message, at: &Text, import: &Import, only_in: Option<VersionRange>, findings: &mut Findings) {
    findings.add(message).at(at).uncertain_if(!import.conditions.is_empty()).only_in = only_in;
}

fn before(since: &str) -> Option<VersionRange> {
    VersionRange::parse(&format!("<{since}"))
}

fn lacking(module: &Module, name: &str, found: &str, is_shadowed: impl Fn() -> bool) -> Option<Message> {
    let holder = importable::modules().iter().find(|other| other.names().any(|each| each == name));
    if let Some(holder) = holder {
        let meant = format!("from {} import {name}", holder.path);
        return Some(cards::ImportUnknown::Elsewhere { found, meant: &meant }.into());
    }
    if let Some(meant) = nearest(name, module.names()) {
        return Some(cards::ImportUnknown::Name { found, meant }.into());
    }
    (module.is_complete && !is_shadowed()).then(|| cards::ImportUnknown::Nothing { found, meant: "" }.into())
}

/// Whether a file of the paste may stand in front of the package: `celery.py` in the folder that the program runs in.
fn is_shadowed(module: &Module, facts: &Facts, file: &CodeFile) -> bool {
    let package = module.path.split('.').next().unwrap_or_default();
    let own = [format!("{package}.py"), format!("{package}/__init__.py")];
    let folders = [file.folder(), ""];
    facts.files.iter().any(|path| folders.iter().any(|folder| own.iter().any(|own| *path == format!("{folder}{own}"))))
}
