//! `poetry.lock`, `uv.lock`, `pdm.lock`, `Pipfile.lock`.

use crate::facts::packages::{ListDoes, PackageList, Requirement, Specifiers, normalised};
use crate::intake::Kind;
use crate::text::Text;

/// The packages of a lock; `None` if it has none that we can read.
pub(super) fn read(text: &Text) -> Option<PackageList> {
    let requirements = if text.trim().as_str().starts_with('{') { of_pipfile(text) } else { of_tables(text) };
    (!requirements.is_empty()).then_some(PackageList::new(Kind::Lock, ListDoes::Lock, requirements))
}

fn locked(name: &Text, version: Text) -> Option<Requirement> {
    let specifier = format!("=={}", version.as_str().trim_start_matches('='));
    Some(Requirement {
        name: normalised(name.as_str()),
        written: name.clone(),
        extras: Vec::new(),
        specifiers: Some(Specifiers::parse(&specifier)?),
        at: version,
        marker: None,
    })
}

/// The text between the quotes behind `key` at the start of a line.
fn quoted_behind(line: &Text, key: &str) -> Option<Text> {
    let text = line.as_str();
    let rest = text.trim_start().strip_prefix(key)?.trim_start();
    rest.starts_with(['=', ':']).then_some(())?;
    let start = text.len() - rest.len() + rest.find('"')? + 1;
    let end = start + text[start..].find('"')?;
    Some(line.slice(start..end))
}

/// `[[package]]` with `name` and `version`.
fn of_tables(text: &Text) -> Vec<Requirement> {
    let mut found = Vec::new();
    let mut name: Option<Text> = None;
    let mut in_package = false;
    for line in text.lines() {
        let trimmed = line.as_str().trim();
        if trimmed.starts_with('[') {
            in_package = trimmed == "[[package]]";
            name = None;
        } else if in_package && name.is_none() {
            name = quoted_behind(&line, "name");
        } else if let (true, Some(version)) = (in_package, quoted_behind(&line, "version")) {
            found.extend(name.take().and_then(|name| locked(&name, version)));
        }
    }
    found
}

/// `"celery": { …, "version": "==5.4.0" }`
fn of_pipfile(text: &Text) -> Vec<Requirement> {
    let mut found = Vec::new();
    let mut name: Option<Text> = None;
    for line in text.lines() {
        let trimmed = line.as_str().trim();
        if trimmed.starts_with('"') && trimmed.ends_with('{') {
            let start = line.as_str().find('"').unwrap_or(0) + 1;
            let end = line.as_str()[start..].find('"').map_or(start, |at| start + at);
            name = Some(line.slice(start..end));
        } else if let Some(version) = quoted_behind(&line, "\"version\"") {
            found.extend(name.take().and_then(|name| locked(&name, version)));
        }
    }
    found
}
