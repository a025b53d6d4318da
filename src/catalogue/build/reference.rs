//! What only the command line's `explain` needs of settings and variables.

use std::path::Path;

use serde::Deserialize;

use super::tables::rows;

#[derive(Deserialize)]
struct ReferenceRow {
    name: String,
    default: String,
    section: String,
}

#[derive(Deserialize)]
struct VariableRow {
    name: String,
    /// Where Celery reads it: for whoever checks the row.
    source: String,
    sets: String,
    #[serde(default)]
    option: String,
    ko: String,
    en: String,
}

/// reference.rs: what only the command line's `explain` needs of settings and variables.
pub(crate) fn generate(knowledge: &Path, out: &Path) {
    let mut code = String::from("// Made by src/catalogue/build.rs from the tables in src/knowledge.\n");
    code.push_str("static REFERENCE: &[(&str, &str, &str)] = &[\n");
    for row in rows::<ReferenceRow>(&knowledge.join("reference.csv")) {
        code.push_str(&format!("({:?}, {:?}, {:?}),\n", row.name, row.default, row.section));
    }
    code.push_str("];\npub static VARIABLES: &[Variable] = &[\n");
    let path = knowledge.join("variables.yaml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let variables: Vec<VariableRow> =
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for row in &variables {
        assert!(!row.source.is_empty(), "{}: `{}` says no source", path.display(), row.name);
        code.push_str(&format!(
            "Variable {{ name: {:?}, sets: {:?}, option: {:?}, ko: {:?}, en: {:?} }},\n",
            row.name, row.sets, row.option, row.ko, row.en
        ));
    }
    code.push_str("];\n");
    std::fs::write(out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}
