//! backends.rs and packages.rs: result backends, words that people take for one, extras, and Pythons.

use std::path::Path;

use serde::Deserialize;

use super::tables::{check, rows};

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
    code.push_str("static BACKENDS: &[Backend] = &[\n");
    for row in &backends {
        check(&row.versions, "backends.csv");
        code.push_str(&format!(
            "Backend {{ alias: {:?}, versions: {:?}, forgets: {}, counts: {}, extra: {:?}, packages: {:?} }},\n",
            row.alias,
            row.versions,
            row.forgets == "yes",
            row.counts == "yes",
            row.extra,
            row.packages
        ));
    }
    let mut mistakes: Vec<MistakeRow> = rows(&knowledge.join("backend_mistakes.csv"));
    mistakes.sort_by(|left, right| left.written.cmp(&right.written));
    code.push_str("];\nstatic MISTAKES: &[(&str, &str)] = &[\n");
    for row in &mistakes {
        code.push_str(&format!("({:?}, {:?}),\n", row.written, row.instead));
    }
    code.push_str("];\n");
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
    code.push_str("static EXTRAS: &[Extra] = &[\n");
    for row in rows::<ExtraRow>(&knowledge.join("extras.csv")) {
        check(&row.versions, "extras.csv");
        check(&row.since, "extras.csv");
        check(&row.python, "extras.csv");
        code.push_str(&format!(
            "Extra {{ name: {:?}, versions: {:?}, python: {:?}, since: {:?} }},\n",
            row.extra, row.versions, row.python, row.since
        ));
    }
    code.push_str("];\nstatic PYTHONS: &[(&str, &str)] = &[\n");
    for row in rows::<PythonRow>(&knowledge.join("pythons.csv")) {
        check(&row.celery, "pythons.csv");
        check(&row.python, "pythons.csv");
        code.push_str(&format!("({:?}, {:?}),\n", row.celery, row.python));
    }
    code.push_str("];\n");
    std::fs::write(out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}
