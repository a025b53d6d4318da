//! Celery's releases, settings, sub-commands and options, as tables derived from its published packages.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::packed::Table;
use crate::catalogue::version::{Version, VersionRange};

/// An option of a command.
#[derive(Debug)]
pub struct OptionRow {
    /// The sub-command; empty for the `celery` program itself.
    pub command: &'static str,
    /// As it is written: `--uid`, `-A`.
    pub option: &'static str,
    /// The long name that it stands for.
    pub means: &'static str,
    pub takes_value: bool,
    /// Ranges separated by `;`, any of which may hold; empty: every version.
    versions: &'static str,
    /// What sort of value: `int`, `float`, `choice`, `list` …; empty: any text. Known of the long name alone.
    kind: &'static str,
    /// The choices of the newest version, separated by a blank.
    choices: &'static str,
    /// The environment variables that give it since 5.0, the first before the second, separated by a blank.
    variables: &'static str,
}

/// A setting.
#[derive(Debug)]
pub struct SettingRow {
    /// The present name: `result_backend`.
    pub name: &'static str,
    /// What sort of value: `string`, `int`, `bool`, `list` …; empty where the sources do not say.
    pub kind: &'static str,
    /// The name before 4.0: `CELERY_RESULT_BACKEND`. Several are separated by a blank.
    pub old_name: &'static str,
    versions: &'static str,
}

/// What stands before `://` in addresses of brokers, or is taken for that.
#[derive(Debug)]
pub struct BrokerRow {
    /// In small letters, as kombu looks it up.
    pub scheme: &'static str,
    /// `broker`; `backend`, which only result backends have; `misnomer`, which nobody has.
    pub kind: &'static str,
    versions: &'static str,
    /// What people mean by a misnomer.
    pub meant: &'static str,
}

/// An option of Flower.
#[derive(Debug)]
pub struct FlowerRow {
    /// With underscores: `basic_auth`. Flower takes dashes as well.
    pub option: &'static str,
    /// `bool`, `int`, `float`; empty: any text.
    pub kind: &'static str,
    versions: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

static OPTION_ROWS: Table<OptionRow> = Table::new(OPTIONS, |cells| OptionRow {
    command: cells.text(),
    option: cells.text(),
    means: cells.text(),
    takes_value: cells.flag(),
    versions: cells.text(),
    kind: cells.text(),
    choices: cells.text(),
    variables: cells.text(),
});

static SETTING_ROWS: Table<SettingRow> = Table::new(SETTINGS, |cells| SettingRow {
    name: cells.text(),
    kind: cells.text(),
    old_name: cells.text(),
    versions: cells.text(),
});

static BROKER_ROWS: Table<BrokerRow> = Table::new(BROKERS, |cells| BrokerRow {
    scheme: cells.text(),
    kind: cells.text(),
    versions: cells.text(),
    meant: cells.text(),
});

static FLOWER_ROWS: Table<FlowerRow> =
    Table::new(FLOWER, |cells| FlowerRow { option: cells.text(), kind: cells.text(), versions: cells.text() });

/// A name, the setting that it means, and the option that took its place.
static DEAD: Table<[&str; 3]> = Table::new(DEAD_SETTINGS, |cells| [cells.text(), cells.text(), cells.text()]);

/// A sub-command, and the versions that have it.
static COMMANDS: Table<(&str, &str)> = Table::new(SUBCOMMANDS, |cells| (cells.text(), cells.text()));

/// Every release since 3.1, oldest first.
pub fn releases() -> &'static [Version] {
    static PARSED: OnceLock<Vec<Version>> = OnceLock::new();
    PARSED.get_or_init(|| RELEASES.split('\n').filter_map(Version::parse).collect())
}

/// Every setting, in the order of the names.
pub fn settings() -> &'static [SettingRow] {
    SETTING_ROWS.rows()
}

/// The setting of a present name.
pub fn setting(name: &str) -> Option<&'static SettingRow> {
    let rows = settings();
    rows.binary_search_by(|row| row.name.cmp(name)).ok().map(|index| &rows[index])
}

/// The setting that had this name before 4.0.
pub fn setting_by_old_name(old: &str) -> Option<&'static SettingRow> {
    // Asked for every name of every file.
    static BY_OLD_NAME: OnceLock<HashMap<&str, &SettingRow>> = OnceLock::new();
    let names = |row: &'static SettingRow| row.old_name.split_whitespace().map(move |name| (name, row));
    // Of two rows with one name, the first counts.
    BY_OLD_NAME.get_or_init(|| settings().iter().rev().flat_map(names).collect()).get(old).copied()
}

/// Every scheme that some version takes for a broker, and what is mistaken for one.
pub fn broker_schemes() -> &'static [BrokerRow] {
    BROKER_ROWS.rows()
}

/// What is known of a scheme.
pub fn broker_scheme(scheme: &str) -> Option<&'static BrokerRow> {
    let rows = broker_schemes();
    rows.binary_search_by(|row| row.scheme.cmp(scheme)).ok().map(|index| &rows[index])
}

/// A name in upper case that Celery does not read, though people write it.
#[derive(Clone, Copy, Debug)]
pub struct DeadSetting {
    /// The setting for which the documentation wrongly lists the name.
    pub means: Option<&'static SettingRow>,
    /// The option that took the place of a setting of 3.1.
    pub option: Option<&'static str>,
}

/// What is known of a name that Celery does not read.
pub fn dead_setting(name: &str) -> Option<DeadSetting> {
    let [_, means, option] = DEAD.rows().iter().find(|[known, ..]| *known == name)?;
    Some(DeadSetting { means: setting(means), option: Some(*option).filter(|option| !option.is_empty()) })
}

/// Every sub-command of any version.
pub fn subcommands() -> impl Iterator<Item = &'static str> {
    COMMANDS.rows().iter().map(|(name, _)| *name)
}

/// Whether a version has a sub-command.
pub fn has_subcommand(name: &str, version: Version) -> bool {
    COMMANDS.rows().iter().any(|(known, versions)| *known == name && in_any(versions, version))
}

/// What workers answer to without an app adding anything (celery/worker/control.py, 5.7.0).
const INSPECT: &[&str] = &[
    "active",
    "active_queues",
    "clock",
    "conf",
    "dump_active",
    "dump_conf",
    "dump_reserved",
    "dump_revoked",
    "dump_schedule",
    "dump_tasks",
    "hello",
    "memdump",
    "memsample",
    "objgraph",
    "ping",
    "query_task",
    "query_tasks",
    "registered",
    "registered_tasks",
    "report",
    "reserved",
    "revoked",
    "scheduled",
    "stats",
];

/// What changes workers (celery/worker/control.py, 5.7.0); `autoscale` to `revoke` since 3.1.
const CONTROL: &[&str] = &[
    "add_consumer",
    "autoscale",
    "cancel_consumer",
    "disable_events",
    "election",
    "enable_events",
    "heartbeat",
    "pool_grow",
    "pool_restart",
    "pool_shrink",
    "rate_limit",
    "revoke",
    "revoke_by_stamped_headers",
    "shutdown",
    "terminate",
    "time_limit",
];

/// The commands of `inspect` or `control`; `None` for another sub-command.
pub fn remote_commands(subcommand: &str) -> Option<&'static [&'static str]> {
    match subcommand {
        "inspect" => Some(INSPECT),
        "control" => Some(CONTROL),
        _ => None,
    }
}

/// The words that a sub-command takes first, where they are certain ones (celery/bin/{logtool,graph,list,upgrade}.py).
pub fn topics(subcommand: &str) -> &'static [&'static str] {
    match subcommand {
        "logtool" => &["stats", "traces", "errors", "incomplete", "debug"],
        "graph" => &["bootsteps", "workers"],
        "list" => &["bindings"],
        "upgrade" => &["settings"],
        _ => &[],
    }
}

/// The options of a command in any version.
pub fn options(command: &str) -> &'static [OptionRow] {
    let rows = OPTION_ROWS.rows();
    let start = rows.partition_point(|row| row.command < command);
    let end = rows.partition_point(|row| row.command <= command);
    &rows[start..end]
}

/// An option of a command, as it is written, in any version.
pub fn option(command: &str, written: &str) -> Option<&'static OptionRow> {
    options(command).iter().find(|row| row.option == written)
}

impl OptionRow {
    pub fn exists_in(&self, version: Version) -> bool {
        in_any(self.versions, version)
    }

    /// The row of the long name.
    pub fn long(&'static self) -> &'static OptionRow {
        // Asked for every option of every process.
        if self.option == self.means {
            return self;
        }
        option(self.command, self.means).unwrap_or(self)
    }

    /// What sort of value it takes: `int`, `float`, `choice`, `list` …; empty: any text.
    pub fn kind(&'static self) -> &'static str {
        self.long().kind
    }

    /// The values that it may have, in the newest version; empty where any value of its kind will do.
    pub fn choices(&'static self) -> impl Iterator<Item = &'static str> {
        self.long().choices.split_whitespace()
    }

    /// The environment variables that give it since Celery 5.0, the one that is looked at first before the other.
    pub fn variables(&'static self) -> impl Iterator<Item = &'static str> {
        self.long().variables.split_whitespace()
    }
}

impl BrokerRow {
    pub fn is_broker(&self) -> bool {
        self.kind == "broker"
    }

    pub fn exists_in(&self, version: Version) -> bool {
        in_any(self.versions, version)
    }
}

/// Every option of Flower in any version.
pub fn flower_options() -> &'static [FlowerRow] {
    FLOWER_ROWS.rows()
}

impl FlowerRow {
    /// Whether a version of Flower has it.
    pub fn exists_in(&self, flower: Version) -> bool {
        in_any(self.versions, flower)
    }
}

impl SettingRow {
    pub fn exists_in(&self, version: Version) -> bool {
        in_any(self.versions, version)
    }
}

fn in_any(ranges: &str, version: Version) -> bool {
    ranges.split(';').any(|range| VersionRange::parse(range).is_some_and(|range| range.holds(version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_say_what_is_known() {
        assert!(broker_schemes().windows(2).all(|pair| pair[0].scheme < pair[1].scheme));
        assert!(settings().windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(releases().windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(setting_by_old_name("CELERY_RESULT_BACKEND").map(|row| row.name), Some("result_backend"));
        let version = |text| Version::parse(text).unwrap();
        let app = option("worker", "-A").unwrap();
        assert!(app.exists_in(version("4.4.7")) && !app.exists_in(version("5.0.5")));
        assert!(OPTION_ROWS.rows().iter().all(|row| option(row.command, row.means).is_some()));
        assert_eq!(option("worker", "-c").unwrap().variables().collect::<Vec<_>>(), ["CELERY_WORKER_CONCURRENCY"]);
        assert_eq!(option("beat", "-l").unwrap().choices().count(), 6);
        assert!(has_subcommand("worker", version("5.7.0")) && !has_subcommand("worked", version("5.7.0")));
    }
}
