//! The versions of a product that are still possible, and what tells us so.

use crate::catalogue::version::{Version, VersionRange};
use crate::knowledge::celery;
use crate::text::Text;

/// Versions that are possible, oldest first; never empty.
#[derive(Clone, Debug)]
pub struct VersionSet {
    pub possible: Vec<Version>,
    pub because: VersionReason,
    /// Where the paste says it.
    pub evidence: Option<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionReason {
    /// Nothing says it: the releases that are in use today.
    NothingSaysIt,
    /// The reader said it.
    Chosen,
    /// A pin or lock.
    Pinned,
    /// A range of a requirement.
    Range,
    /// A line of a log.
    Log,
}

/// Without any word on it, Celery is one of these: older ones run on no Python that is still maintained.
const ASSUMED: &str = ">=5.3";

impl VersionSet {
    pub fn celery_assumed() -> Self {
        Self::celery_in(ASSUMED, VersionReason::NothingSaysIt, None)
    }

    /// The version that the reader named, also one that we do not know yet.
    pub fn chosen(version: Version) -> Self {
        VersionSet { possible: vec![version], because: VersionReason::Chosen, evidence: None }
    }

    /// The releases of Celery in a range; all that are assumed if no release is in it.
    pub fn celery_in(range: &str, because: VersionReason, evidence: Option<Text>) -> Self {
        let within = |range: &str| -> Vec<Version> {
            VersionRange::parse(range)
                .map(|range| celery::releases().iter().copied().filter(|version| range.holds(*version)).collect())
                .unwrap_or_default()
        };
        let possible = within(range);
        if possible.is_empty() {
            return VersionSet { possible: within(ASSUMED), because: VersionReason::NothingSaysIt, evidence: None };
        }
        VersionSet { possible, because, evidence }
    }

    pub fn is_known(&self) -> bool {
        self.because != VersionReason::NothingSaysIt
    }

    /// Whether every possible version lies in the range.
    pub fn all_in(&self, range: &str) -> bool {
        VersionRange::parse(range).is_some_and(|range| self.possible.iter().all(|version| range.holds(*version)))
    }

    /// Whether some possible version lies in the range.
    pub fn any_in(&self, range: &str) -> bool {
        VersionRange::parse(range).is_some_and(|range| self.possible.iter().any(|version| range.holds(*version)))
    }

    pub fn newest(&self) -> Version {
        *self.possible.last().unwrap_or(&Version { major: 0, minor: 0, patch: 0 })
    }

    /// The possible minor versions, oldest first: `5.3`, `5.4` …
    pub fn minors(&self) -> Vec<String> {
        let mut minors: Vec<String> = self.possible.iter().map(|version| version.minor_name()).collect();
        minors.dedup();
        minors
    }
}
