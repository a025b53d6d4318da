//! The tables of `src/knowledge`, derived again from an installed Celery.

use std::io::Write;

use super::*;
use celery_checkup::catalogue::version::VersionRange;
use celery_checkup::checkup::{self, Input, Options};
use celery_checkup::knowledge::importable::{self, Has};
use celery_checkup::knowledge::{backends, celery, imports, reference};
use celery_checkup::present;

#[derive(serde::Deserialize)]
pub(super) struct Derived {
    settings: BTreeMap<String, Setting>,
    options: BTreeMap<String, BTreeMap<String, bool>>,
    backends: BTreeSet<String>,
    transports: BTreeSet<String>,
    imports: Vec<bool>,
    /// The names of each module of our table; absent where it cannot be imported.
    modules: BTreeMap<String, Option<Vec<String>>>,
}

#[derive(serde::Deserialize)]
struct Setting {
    kind: String,
    old: BTreeSet<String>,
    default: String,
    same_default: bool,
}

/// What an installed Celery says of itself.
pub(super) fn derive(home: &Path) -> Derived {
    let imports: Vec<_> = imports::removed().iter().map(|row| (row.module, row.name)).collect();
    let defaults: BTreeMap<_, _> =
        celery::settings().iter().filter_map(|row| Some((row.name, reference::default_of(row.name)?))).collect();
    let modules: Vec<_> = importable::modules().iter().map(|row| row.path).collect();
    let asked = serde_json::json!({ "imports": imports, "defaults": defaults, "modules": modules });
    let mut program = Command::new(home.join("bin/python"))
        .arg("tests/celery/derive.py")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the virtual environment has a Python");
    let mut input = program.stdin.take().expect("a pipe");
    input.write_all(asked.to_string().as_bytes()).expect("Python reads");
    drop(input);
    let output = program.wait_with_output().expect("Python ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    serde_json::from_str(text.trim().lines().last().unwrap_or_default()).expect("derive.py prints JSON")
}

/// Every difference between our tables and an installed Celery, by its name.
pub(super) fn differences(version: Version, derived: &Derived) -> Vec<String> {
    let mut found = Vec::new();
    settings(version, derived, &mut found);
    options(version, derived, &mut found);
    let ours = backends::all().iter().filter(|row| row.exists_in(version)).map(|row| row.alias);
    compare("result backend", ours, &derived.backends, &NOT_ALIASES, &mut found);
    let mut transports = derived.transports.clone();
    if version != version_of("4.4.7") && version != newest() {
        // The table names what the newest kombu that a release allows knows; kombu 5.7.0 suits every Celery since 5.3.
        let ours = celery::broker_schemes().iter().filter(|row| row.is_broker() && row.exists_in(newest()));
        transports.extend(ours.map(|row| row.scheme.to_owned()));
    }
    let ours = celery::broker_schemes().iter().filter(|row| row.is_broker() && row.exists_in(version));
    compare("broker", ours.map(|row| row.scheme), &transports, &[], &mut found);
    for (row, is_there) in imports::removed().iter().zip(&derived.imports) {
        let gone = row.gone_in.is_none_or(|range| VersionRange::parse(range).is_some_and(|range| range.holds(version)));
        if gone == *is_there {
            let word = if gone { "can be imported, though the table says it is gone" } else { "cannot be imported" };
            found.push(format!("import {} {}: {word}", row.module, row.name.unwrap_or_default()));
        }
    }
    importable_names(version, derived, &mut found);
    found
}

/// Holds the names that we know against those that are there, and every name that is there against the checker.
fn importable_names(version: Version, derived: &Derived, found: &mut Vec<String>) {
    let holds = |range: &str| VersionRange::parse(range).is_some_and(|range| range.holds(version));
    let mut takes_everything = String::new();
    for row in importable::modules() {
        let Some(Some(theirs)) = derived.modules.get(row.path) else { continue };
        if row.versions.is_some_and(|range| !holds(range)) {
            found.push(format!("module {}: it is there, though the table says it is not", row.path));
        }
        for name in row.names().filter(|name| !name.is_empty()) {
            let ours = match row.has(name) {
                Has::Since(range) => holds(range),
                has => has == Has::Always,
            };
            if ours != theirs.iter().any(|each| each == name) {
                found.push(format!("{} of {}: ours {ours}", name, row.path));
            }
        }
        for name in theirs.iter().filter(|name| name.starts_with(|first: char| first.is_alphabetic() || first == '_')) {
            takes_everything.push_str(&format!("from {} import {name}\n", row.path));
        }
    }
    let options = Options { celery: Some(version), ..Options::default() };
    let answer = present::answer(&checkup::check(vec![Input::new("everything.py", &takes_everything)], &options));
    for finding in answer.findings.iter().filter(|finding| finding.rule == "import-unknown") {
        let line = takes_everything.lines().nth(finding.place.start.line as usize - 1).unwrap_or_default();
        found.push(format!("can be imported: {line}"));
    }
}

fn newest() -> Version {
    version_of(VERSIONS[VERSIONS.len() - 1])
}

/// Entry points of django-celery-results, which is another package.
const NOT_ALIASES: [&str; 2] = ["django-cache", "django-db"];

fn compare<'a>(
    what: &str,
    ours: impl Iterator<Item = &'a str>,
    theirs: &BTreeSet<String>,
    elsewhere: &[&str],
    found: &mut Vec<String>,
) {
    let ours: BTreeSet<&str> = ours.collect();
    for name in ours.iter().filter(|name| !theirs.contains(**name) && !elsewhere.contains(*name)) {
        found.push(format!("{what} {name}: only in our table"));
    }
    for name in theirs.iter().filter(|name| !ours.contains(name.as_str())) {
        found.push(format!("{what} {name}: not in our table"));
    }
}

fn settings(version: Version, derived: &Derived, found: &mut Vec<String>) {
    // A setting without a kind is read by code alone; the package's own table does not have it.
    let ours = celery::settings().iter().filter(|row| row.exists_in(version) && !row.kind.is_empty());
    let names: BTreeSet<String> = derived.settings.keys().cloned().collect();
    compare("setting", ours.map(|row| row.name), &names, &[], found);
    for (name, theirs) in &derived.settings {
        let Some(ours) = celery::setting(name) else { continue };
        let newest = version == newest();
        // The table has one kind a setting, that of the newest version.
        if newest && ours.kind != theirs.kind {
            found.push(format!("setting {name}: its kind is {:?}, ours {:?}", theirs.kind, ours.kind));
        }
        let old: BTreeSet<&str> = ours.old_name.split_whitespace().collect();
        for missing in theirs.old.iter().filter(|each| !old.contains(each.as_str())) {
            found.push(format!("setting {name}: its old name {missing} is not ours"));
        }
        if newest && !theirs.same_default {
            found.push(format!(
                "setting {name}: its default is {}, ours {:?}",
                theirs.default,
                reference::default_of(name)
            ));
        }
    }
}

fn options(version: Version, derived: &Derived, found: &mut Vec<String>) {
    let names: BTreeSet<String> = derived.options.keys().filter(|name| !name.is_empty()).cloned().collect();
    let ours = celery::subcommands().filter(|name| celery::has_subcommand(name, version));
    compare("sub-command", ours, &names, &["flower"], found);
    for (command, theirs) in &derived.options {
        let rows = celery::options(command).iter().filter(|row| row.exists_in(version) && row.option.starts_with('-'));
        let options = theirs.keys().cloned().collect();
        compare(&format!("option of celery {command}:"), rows.map(|row| row.option), &options, &[], found);
        for (option, takes_value) in theirs {
            let ours = celery::option(command, option).filter(|row| row.takes_value != *takes_value);
            if ours.is_some() {
                found.push(format!("option {option} of celery {command}: takes a value: {takes_value}, ours not"));
            }
        }
    }
}
