//! Result backends: which names exist in which releases, and what each needs and does.

use super::packed::Table;
use crate::catalogue::version::{Version, VersionRange};

/// A result backend by the name that stands before `://`.
#[derive(Debug)]
pub struct Backend {
    pub alias: &'static str,
    /// A range; empty: every version.
    pub versions: &'static str,
    /// Whether results go away by themselves after `result_expires`.
    pub forgets: bool,
    /// Whether it counts the tasks of a chord itself, so that nobody has to ask again and again.
    pub counts: bool,
    /// The extra of Celery that brings its client; empty if none does.
    pub extra: &'static str,
    packages: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/backends.rs"));

static ALL: Table<Backend> = Table::new(BACKENDS, |cells| Backend {
    alias: cells.text(),
    versions: cells.text(),
    forgets: cells.flag(),
    counts: cells.flag(),
    extra: cells.text(),
    packages: cells.text(),
});

/// What people write, and what they mean.
static MEANT: Table<(&str, &str)> = Table::new(MISTAKES, |cells| (cells.text(), cells.text()));

/// Every backend, in the order of the names.
pub fn all() -> &'static [Backend] {
    ALL.rows()
}

/// The backend of a name, as Celery looks it up: letter for letter.
pub fn find(alias: &str) -> Option<&'static Backend> {
    let rows = all();
    rows.binary_search_by(|row| row.alias.cmp(alias)).ok().map(|index| &rows[index])
}

/// What somebody who writes this word means; empty if Celery has nothing of the kind. `None`: the word is not known.
pub fn mistaken(word: &str) -> Option<&'static str> {
    MEANT.rows().iter().find(|(written, _)| *written == word).map(|(_, instead)| *instead)
}

impl Backend {
    pub fn exists_in(&self, version: Version) -> bool {
        VersionRange::parse(self.versions).is_none_or(|range| range.holds(version))
    }

    /// The packages any one of which brings its client; empty if it needs none.
    pub fn packages(&self) -> impl Iterator<Item = &'static str> {
        self.packages.split(' ').filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_advice_names_a_backend() {
        for (written, instead) in MEANT.rows() {
            assert!(find(written).is_none(), "{written} is a backend");
            let alias = instead.split('+').next().unwrap_or_default();
            assert!(instead.is_empty() || find(alias).is_some(), "{instead} is none");
        }
        assert_eq!(mistaken("postgresql"), Some("db+postgresql"));
        assert_eq!(mistaken("sqs"), Some(""));
        assert_eq!(mistaken("redis"), None);
    }
}
