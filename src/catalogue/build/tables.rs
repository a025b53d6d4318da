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
    kind: String,
    choices: String,
    variables: String,
}

#[derive(Deserialize)]
struct SubcommandRow {
    name: String,
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
struct SettingRow {
    name: String,
    kind: String,
    old_name: String,
    versions: String,
}

#[derive(Deserialize)]
struct DeadSettingRow {
    name: String,
    means: String,
    option: String,
}

#[derive(Deserialize)]
struct FlowerRow {
    option: String,
    kind: String,
    versions: String,
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
            "OptionRow {{ command: {:?}, option: {:?}, means: {:?}, takes_value: {}, versions: {:?}, kind: {:?}, \
             choices: {:?}, variables: {:?} }},\n",
            row.command,
            row.option,
            row.means,
            row.takes_value == "yes",
            row.versions,
            row.kind,
            row.choices,
            row.variables
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
    code.push_str("];\npub(super) static DEAD_SETTINGS: &[(&str, &str, &str)] = &[\n");
    for row in rows::<DeadSettingRow>(&knowledge.join("dead_settings.csv")) {
        code.push_str(&format!("({:?}, {:?}, {:?}),\n", row.name, row.means, row.option));
    }
    code.push_str("];\npub(super) static FLOWER: &[FlowerRow] = &[\n");
    for row in rows::<FlowerRow>(&knowledge.join("flower.csv")) {
        check(&row.versions, "flower.csv");
        code.push_str(&format!(
            "FlowerRow {{ option: {:?}, kind: {:?}, versions: {:?} }},\n",
            row.option, row.kind, row.versions
        ));
    }
    code.push_str("];\npub(super) static RELEASES: &[&str] = &[");
    for row in rows::<ReleaseRow>(&knowledge.join("releases.csv")) {
        code.push_str(&format!("{:?}, ", row.version));
    }
    code.push_str("];\n");
    std::fs::write(out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

pub(super) fn check(versions: &str, file: &str) {
    for range in versions.split(';') {
        assert!(VersionRange::parse(range).is_some(), "{file}: {range} is no range of versions");
    }
}
