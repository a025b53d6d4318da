//! backends.rs and packages.rs: result backends, words that people take for one, extras, and Pythons.

use std::path::Path;

use serde::Deserialize;

use super::tables::{check, flag, packed, rows};

#[derive(Deserialize)]
struct BackendRow {
    alias: String,
    versions: String,
    forgets: String,
    counts: String,
    extra: String,
    packages: String,
}

#[derive(Deserialize)]
struct MistakeRow {
    written: String,
    instead: String,
}

/// Writes both tables, each in the order of its first column.
pub(crate) fn generate(knowledge: &Path, out: &Path) {
    let mut code = String::from("// Made by src/catalogue/build.rs from the tables in src/knowledge.\n");
    let mut backends: Vec<BackendRow> = rows(&knowledge.join("backends.csv"));
    backends.sort_by(|left, right| left.alias.cmp(&right.alias));
    code.push_str(&packed(
        "BACKENDS",
        backends.iter().map(|row| {
            check(&row.versions, "backends.csv");
            [&row.alias, &row.versions, flag(&row.forgets), flag(&row.counts), &row.extra, row.packages.as_str()]
        }),
    ));
    let mut mistakes: Vec<MistakeRow> = rows(&knowledge.join("backend_mistakes.csv"));
    mistakes.sort_by(|left, right| left.written.cmp(&right.written));
    code.push_str(&packed("MISTAKES", mistakes.iter().map(|row| [&row.written, row.instead.as_str()])));
    std::fs::write(out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

#[derive(Deserialize)]
struct ExtraRow {
    extra: String,
    versions: String,
    python: String,
    since: String,
}

#[derive(Deserialize)]
struct PythonRow {
    celery: String,
    python: String,
}

/// Writes the tables of extras and of Pythons.
pub(crate) fn generate_packages(knowledge: &Path, out: &Path) {
    let mut code = String::from("// Made by src/catalogue/build.rs from the tables in src/knowledge.\n");
    let extras: Vec<ExtraRow> = rows(&knowledge.join("extras.csv"));
    code.push_str(&packed(
        "EXTRAS",
        extras.iter().map(|row| {
            check(&row.versions, "extras.csv");
            check(&row.since, "extras.csv");
            check(&row.python, "extras.csv");
            [&row.extra, &row.versions, &row.python, row.since.as_str()]
        }),
    ));
    let pythons: Vec<PythonRow> = rows(&knowledge.join("pythons.csv"));
    code.push_str(&packed(
        "PYTHONS",
        pythons.iter().map(|row| {
            check(&row.celery, "pythons.csv");
            check(&row.python, "pythons.csv");
            [&row.celery, row.python.as_str()]
        }),
    ));
    std::fs::write(out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}
