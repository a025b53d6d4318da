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
    let options = options.iter().map(|row| {
        check(&row.versions, "options.csv");
        let takes_value = flag(&row.takes_value);
        [&row.command, &row.option, &row.means, takes_value, &row.versions, &row.kind, &row.choices, &row.variables]
    });
    code.push_str(&packed("OPTIONS", options));
    let subcommands: Vec<SubcommandRow> = rows(&knowledge.join("subcommands.csv"));
    let subcommands = subcommands.iter().map(|row| {
        check(&row.versions, "subcommands.csv");
        [&row.name, row.versions.as_str()]
    });
    code.push_str(&packed("SUBCOMMANDS", subcommands));
    let mut settings: Vec<SettingRow> = rows(&knowledge.join("settings.csv"));
    settings.sort_by(|left, right| left.name.cmp(&right.name));
    let settings = settings.iter().map(|row| {
        check(&row.versions, "settings.csv");
        [&row.name, &row.kind, &row.old_name, row.versions.as_str()]
    });
    code.push_str(&packed("SETTINGS", settings));
    let mut brokers: Vec<BrokerRow> = rows(&knowledge.join("brokers.csv"));
    brokers.sort_by(|left, right| left.scheme.cmp(&right.scheme));
    let brokers = brokers.iter().map(|row| {
        check(&row.versions, "brokers.csv");
        [&row.scheme, &row.kind, &row.versions, row.meant.as_str()]
    });
    code.push_str(&packed("BROKERS", brokers));
    let dead: Vec<DeadSettingRow> = rows(&knowledge.join("dead_settings.csv"));
    code.push_str(&packed("DEAD_SETTINGS", dead.iter().map(|row| [&row.name, &row.means, row.option.as_str()])));
    let flower: Vec<FlowerRow> = rows(&knowledge.join("flower.csv"));
    let flower = flower.iter().map(|row| {
        check(&row.versions, "flower.csv");
        [&row.option, &row.kind, row.versions.as_str()]
    });
    code.push_str(&packed("FLOWER", flower));
    let releases: Vec<ReleaseRow> = rows(&knowledge.join("releases.csv"));
    code.push_str(&packed("RELEASES", releases.iter().map(|row| [row.version.as_str()])));
    std::fs::write(out, code).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

/// What src/knowledge/packed.rs takes for `true`.
pub(super) fn flag(written: &str) -> &'static str {
    if written == "yes" { "1" } else { "" }
}

/// A table as one text: a line a row, a tab between its cells. A static of structures is three quarters pointers and
/// lengths, which everybody who opens the page would wait for.
pub(super) fn packed<'row, const CELLS: usize>(name: &str, rows: impl Iterator<Item = [&'row str; CELLS]>) -> String {
    let lines: Vec<String> = rows.map(|cells| cells.join("\t")).collect();
    for line in &lines {
        assert!(!line.contains(['\n', '\r']) && line.matches('\t').count() + 1 == CELLS, "{name}: {line}");
    }
    format!("static {name}: &str = {:?};\n", lines.join("\n"))
}

pub(super) fn check(versions: &str, file: &str) {
    for range in versions.split(';') {
        assert!(VersionRange::parse(range).is_some(), "{file}: {range} is no range of versions");
    }
}
