//! `pyproject.toml` and `Pipfile`: the tables that name packages, line by line.

use super::without_comment;
use crate::facts::packages::{ListDoes, PackageList, Requirement, Specifiers, normalised};
use crate::intake::Kind;
use crate::text::Text;

pub(super) fn read(text: &Text) -> PackageList {
    let mut list = PackageList::new(Kind::Pyproject, ListDoes::Install, Vec::new());
    let mut table = String::new();
    // Whether the lines stand in a list of PEP 508 strings.
    let mut in_list = false;
    list.overrules = ["override-dependencies", "resolution.overrides"].iter().any(|it| text.as_str().contains(it));
    for line in text.lines() {
        let line = without_comment(&line);
        let written = line.as_str();
        if !in_list && written.starts_with('[') {
            written.trim_matches(['[', ']']).clone_into(&mut table);
            continue;
        }
        if in_list {
            strings(&line, &mut list);
            in_list = !closes(written);
            continue;
        }
        let Some(equals) = written.find('=') else { continue };
        let key = line.slice(0..equals).trim();
        let value = line.slice(equals + 1..line.len()).trim();
        let is_list_of_strings = match table.as_str() {
            "project" | "" => key.as_str() == "dependencies",
            "project.optional-dependencies" | "dependency-groups" => true,
            _ => false,
        };
        if is_list_of_strings && value.as_str().starts_with('[') {
            strings(&value, &mut list);
            in_list = !closes(value.as_str());
        } else if matches!(key.as_str(), "requires-python" | "python_requires") {
            list.requires_python = unquoted(&value).and_then(|value| Some((Specifiers::parse(value.as_str())?, value)));
        } else if names_packages(&table) {
            of_poetry(&key, &value, &mut list);
        } else if let Some(name) = table.rsplit_once(".dependencies.").map(|(_, name)| name.to_owned())
            && key.as_str() == "version"
        {
            // [tool.poetry.dependencies.celery]
            of_poetry(&Text::pointing_at(&key, &name), &value, &mut list);
        }
    }
    list
}

/// `install_requires=[…]` of a `setup.py`.
pub(super) fn of_setup(text: &Text) -> Option<PackageList> {
    let at = text.as_str().find("install_requires")? + "install_requires".len();
    let opens = at + text.as_str()[at..].find('[')?;
    text.as_str()[at..opens].chars().all(|it| it == '=' || it.is_whitespace()).then_some(())?;
    let mut list = PackageList::new(Kind::Pyproject, ListDoes::Install, Vec::new());
    for line in text.slice(opens + 1..text.len()).lines() {
        let line = without_comment(&line);
        strings(&line, &mut list);
        let written = line.as_str().trim_end_matches([',', ' ', ')']);
        if written.ends_with(']') {
            break;
        }
    }
    Some(list)
}

/// Tables of Poetry and of Pipfiles; a fragment without a table may be any.
fn names_packages(table: &str) -> bool {
    matches!(table, "" | "packages" | "dev-packages")
        || table.starts_with("tool.poetry") && (table.ends_with(".dependencies") || table.ends_with("dev-dependencies"))
}

/// Whether a list ends on this line: its last bracket stands outside the strings.
fn closes(line: &str) -> bool {
    line.trim_end_matches([',', ' ']).ends_with(']')
}

/// The strings of a line, each a requirement.
fn strings(line: &Text, list: &mut PackageList) {
    let text = line.as_str();
    let mut at = 0;
    while let Some(start) = text[at..].find(['"', '\'']).map(|it| at + it) {
        let quote = &text[start..=start];
        let Some(end) = text[start + 1..].find(quote).map(|it| start + 1 + it) else { break };
        match Requirement::read(&line.slice(start + 1..end)) {
            Some(requirement) => list.requirements.push(requirement),
            None => list.open = true,
        }
        at = end + 1;
    }
}

fn unquoted(value: &Text) -> Option<Text> {
    let text = value.as_str();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let end = text[1..].find(quote)? + 1;
    Some(value.slice(1..end))
}

/// `celery = "^5.3"`, `celery = { version = "^5.3", extras = ["redis"] }`.
fn of_poetry(key: &Text, value: &Text, list: &mut PackageList) {
    let name = normalised(key.as_str().trim_matches('"'));
    if name == "python" {
        list.requires_python =
            unquoted(value).and_then(|value| Some((Specifiers::parse_poetry(value.as_str())?, value)));
        return;
    }
    let text = value.as_str();
    let behind = |word: &str| -> Option<Text> {
        let at = text.find(word)? + word.len();
        let rest = value.slice(at..text.len()).trim();
        Some(rest.slice(rest.as_str().strip_prefix('=').map(|_| 1)?..rest.len()).trim())
    };
    let is_table = text.starts_with('{');
    let version = if is_table { behind("version").and_then(|it| unquoted(&it)) } else { unquoted(value) };
    if version.is_none() && !is_table {
        return;
    }
    let mut extras = Vec::new();
    if let Some(rest) = behind("extras").filter(|_| is_table) {
        let end = rest.as_str().find(']').unwrap_or(rest.len());
        let mut at = 0;
        while let Some(start) = rest.as_str()[at..end].find('"').map(|it| at + it + 1) {
            let Some(close) = rest.as_str()[start..end].find('"').map(|it| start + it) else { break };
            extras.push(rest.slice(start..close));
            at = close + 1;
        }
    }
    let specifiers = version.as_ref().and_then(|version| Specifiers::parse_poetry(version.as_str()));
    let at = version.unwrap_or_else(|| value.clone());
    list.requirements.push(Requirement { name, written: key.clone(), extras, specifiers, at, marker: None });
}
