//! Celery as a package: its extras, and the Pythons that it installs on.

use super::packed::Table;
use crate::catalogue::version::{Version, VersionRange};

/// An extra: the word in `celery[redis]`.
#[derive(Debug)]
pub struct Extra {
    pub name: &'static str,
    versions: &'static str,
    /// The Pythons on which it installs something; empty: all of them.
    python: &'static str,
    /// The releases in which that holds.
    since: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/packages.rs"));

static ALL: Table<Extra> = Table::new(EXTRAS, |cells| Extra {
    name: cells.text(),
    versions: cells.text(),
    python: cells.text(),
    since: cells.text(),
});

/// Releases of Celery, and the Pythons that they ask for.
static ASKED: Table<(&str, &str)> = Table::new(PYTHONS, |cells| (cells.text(), cells.text()));

/// Every extra of any release.
pub fn extras() -> &'static [Extra] {
    ALL.rows()
}

/// The extra of a name, in any release.
pub fn extra(name: &str) -> Option<&'static Extra> {
    extras().iter().find(|row| row.name == name)
}

/// The Pythons that a release of Celery asks for; `None` where it asks for none that anybody still has.
pub fn python_of(celery: Version) -> Option<&'static str> {
    ASKED.rows().iter().find(|(releases, _)| holds(releases, celery)).map(|(_, python)| *python)
}

fn holds(range: &str, version: Version) -> bool {
    VersionRange::parse(range).is_some_and(|range| range.holds(version))
}

impl Extra {
    pub fn exists_in(&self, celery: Version) -> bool {
        holds(self.versions, celery)
    }

    /// Whether it installs nothing for a release of Celery on a Python.
    pub fn is_empty_on(&self, celery: Version, python: Version) -> bool {
        !self.python.is_empty() && holds(self.since, celery) && !holds(self.python, python)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_say_what_the_packages_say() {
        let version = |text| Version::parse(text).unwrap();
        assert_eq!(python_of(version("5.7.0")), Some(">=3.10"));
        assert_eq!(python_of(version("5.3.0")), Some(">=3.7"));
        assert_eq!(python_of(version("4.4.7")), None);
        let eventlet = extra("eventlet").unwrap();
        assert!(eventlet.is_empty_on(version("5.7.0"), version("3.12")));
        assert!(!eventlet.is_empty_on(version("5.0.5"), version("3.12")));
        assert!(!extra("lzma").unwrap().exists_in(version("5.3.6")));
    }
}
