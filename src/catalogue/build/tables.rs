//! Knowledge tables: CSV files with a birth certificate become statics.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::version::VersionRange;

/// The rows of a CSV file below `#` comments.
pub(crate) fn rows<Row: DeserializeOwned>(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: String = text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .map(|row| row.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        .collect()
}

#[derive(Deserialize)]
struct OptionRow {
    command: String,
    option: String,
    means: String,
    takes_value: String,
    versions: String,
}

#[derive(Deserialize)]
struct SubcommandRow {
    name: String,
    versions: String,
}

#[derive(Deserialize)]
struct SettingRow {
    name: String,
    kind: String,
    old_name: String,
    versions: String,
}

#[derive(Deserialize)]
struct BrokerRow {
    scheme: String,
    kind: String,
    versions: String,
    meant: String,
}

#[derive(Deserialize)]
struct ReleaseRow {
    version: String,
}

/// tables.rs: options, sub-commands, settings and releases.
pub(crate) fn generate(knowledge: &Path, out: &Path) {
    let mut code = String::from("// Made by src/catalogue/build.rs from the tables in src/knowledge.\n");
    let mut options: Vec<OptionRow> = rows(&knowledge.join("options.csv"));
    options.sort_by(|left, right| (&left.command, &left.option).cmp(&(&right.command, &right.option)));
    code.push_str("pub(super) static OPTIONS: &[OptionRow] = &[\n");
    for row in &options {
        check(&row.versions, "options.csv");
        code.push_str(&format!(
            "OptionRow {{ command: {:?}, option: {:?}, means: {:?}, takes_value: {}, versions: {:?} }},\n",
            row.command,
            row.option,
            row.means,
            row.takes_value == "yes",
            row.versions
        ));
    }
    code.push_str("];\npub(super) static SUBCOMMANDS: &[(&str, &str)] = &[\n");
    for row in rows::<SubcommandRow>(&knowledge.join("subcommands.csv")) {
        check(&row.versions, "subcommands.csv");
        code.push_str(&format!("({:?}, {:?}),\n", row.name, row.versions));
    }
    code.push_str("];\npub(super) static SETTINGS: &[SettingRow] = &[\n");
    let mut settings: Vec<SettingRow> = rows(&knowledge.join("settings.csv"));
    settings.sort_by(|left, right| left.name.cmp(&right.name));
    for row in &settings {
        check(&row.versions, "settings.csv");
        code.push_str(&format!(
            "SettingRow {{ name: {:?}, kind: {:?}, old_name: {:?}, versions: {:?} }},\n",
            row.name, row.kind, row.old_name, row.versions
        ));
    }
    code.push_str("];\npub(super) static BROKERS: &[BrokerRow] = &[\n");
    let mut brokers: Vec<BrokerRow> = rows(&knowledge.join("brokers.csv"));
    brokers.sort_by(|left, right| left.scheme.cmp(&right.scheme));
    for row in &brokers {
        check(&row.versions, "brokers.csv");
        code.push_str(&format!(
            "BrokerRow {{ scheme: {:?}, kind: {:?}, versions: {:?}, meant: {:?} }},\n",
            row.scheme, row.kind, row.versions, row.meant
        ));
    }
    code.push_str("];\npub(super) static RELEASES: &[&str] = &[");
    for row in rows::<ReleaseRow>(&knowledge.join("releases.csv")) {
        code.push_str(&format!("{:?}, ", row.version));
    }
    code.push_str("];\n");
    std::fs::write(out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

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
    #[allow(dead_code)]
    source: String,
    sets: String,
    #[serde(default)]
    option: String,
    ko: String,
    en: String,
}

/// reference.rs: what only the command line's `explain` needs of settings and variables.
pub(crate) fn generate_reference(knowledge: &Path, out: &Path) {
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
        code.push_str(&format!(
            "Variable {{ name: {:?}, sets: {:?}, option: {:?}, ko: {:?}, en: {:?} }},\n",
            row.name, row.sets, row.option, row.ko, row.en
        ));
    }
    code.push_str("];\n");
    std::fs::write(out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

fn check(versions: &str, file: &str) {
    for range in versions.split(';') {
        assert!(VersionRange::parse(range).is_some(), "{file}: {range} is no range of versions");
    }
}
