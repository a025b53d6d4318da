//! What can be imported from Celery and kombu, as far as people import it.

use std::sync::OnceLock;

use super::packed::rows_of;

/// A module of Celery or kombu.
#[derive(Debug)]
pub struct Module {
    pub path: &'static str,
    /// The range of Celery's versions that have it; absent if all since 4.0 do.
    pub versions: Option<&'static str>,
    /// What stands in it for others to use; empty if its names are not known.
    names: &'static str,
    /// What can be imported from it too.
    others: &'static str,
    /// Whether it has no name besides these.
    pub is_complete: bool,
}

/// Whether a module has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    Always,
    /// From a version on, as a range of Celery's versions.
    Since(&'static str),
    Not,
}

impl Module {
    /// The names that stand in it for others to use.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.split(' ').map(|name| name.split_once('>').map_or(name, |(name, _)| name))
    }

    pub fn has(&self, name: &str) -> Has {
        if self.names.is_empty() || self.others.split(' ').any(|other| other == name) {
            return Has::Always;
        }
        let rest = self.names.split(' ').find_map(|known| known.strip_prefix(name).filter(|rest| is_range(rest)));
        match rest {
            Some("") => Has::Always,
            Some(range) => Has::Since(range),
            None => Has::Not,
        }
    }
}

fn is_range(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('>')
}

/// Every module of the table.
pub fn modules() -> &'static [Module] {
    static ROWS: OnceLock<Vec<Module>> = OnceLock::new();
    ROWS.get_or_init(|| rows_of(include_str!("importable.csv")).filter_map(row).collect())
}

fn row(line: &'static str) -> Option<Module> {
    let mut cells = line.split(',');
    let mut cell = || cells.next();
    Some(Module {
        path: cell()?,
        versions: cell().filter(|cell| !cell.is_empty()),
        names: cell()?,
        others: cell()?,
        is_complete: cell()? == "yes",
    })
}

/// The module of a dotted path.
pub fn module(path: &str) -> Option<&'static Module> {
    modules().iter().find(|module| module.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::version::VersionRange;

    #[test]
    fn every_range_can_be_read_and_names_are_found() {
        for row in modules() {
            assert!(row.versions.is_none_or(|range| VersionRange::parse(range).is_some()), "{}", row.path);
            for name in row.names() {
                let readable = match row.has(name) {
                    Has::Since(range) => VersionRange::parse(range).is_some(),
                    has => has == Has::Always,
                };
                assert!(readable, "{} {name}", row.path);
            }
        }
        let signals = module("celery.signals").expect("a row");
        assert_eq!(signals.has("worker_before_create_process"), Has::Since(">=5.3"));
        assert_eq!(signals.has("worker_read"), Has::Not);
        assert!(signals.is_complete && module("celery.utils").is_some_and(|it| it.has("anything") == Has::Always));
    }
}
