//! Versions, ranges of them, and the set of versions that is still possible.
//!
//! This file is also compiled into the build script, which checks the ranges that cards name.

use std::fmt;

/// A released version: three numbers. Post-releases count as their release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

impl Version {
    /// Reads `5`, `5.3`, `5.3.6`, `v5.3.6` or `3.1.26.post2`; missing numbers are 0.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim().trim_start_matches(['v', 'V']);
        let mut numbers = [0; 3];
        let mut count = 0;
        for part in text.split('.') {
            let digits: &str = &part[..part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len()];
            if digits.is_empty() {
                // `post2`, `dev1` and the like end the number; anything else is no version.
                if count == 0 || !part.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    return None;
                }
                break;
            }
            if count < 3 {
                numbers[count] = digits.parse().ok()?;
            }
            count += 1;
            if digits.len() < part.len() {
                break;
            }
        }
        (count > 0).then_some(Version { major: numbers[0], minor: numbers[1], patch: numbers[2] })
    }

    /// `5.3`: what people call a version.
    pub fn minor_name(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

/// A range as cards write it: `>=5.0,<5.3`. An empty range holds every version.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionRange(Vec<(Comparison, Version)>);

impl VersionRange {
    /// `None` if a part is no comparison followed by a version.
    pub fn parse(text: &str) -> Option<VersionRange> {
        let mut parts = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let comparisons = [
                (">=", Comparison::GreaterOrEqual),
                ("<=", Comparison::LessOrEqual),
                ("==", Comparison::Equal),
                ("!=", Comparison::NotEqual),
                (">", Comparison::Greater),
                ("<", Comparison::Less),
            ];
            let (comparison, version) =
                comparisons.iter().find_map(|(sign, c)| Some((*c, part.strip_prefix(sign)?)))?;
            parts.push((comparison, Version::parse(version)?));
        }
        Some(VersionRange(parts))
    }

    pub fn holds(&self, version: Version) -> bool {
        self.0.iter().all(|&(comparison, limit)| match comparison {
            Comparison::Less => version < limit,
            Comparison::LessOrEqual => version <= limit,
            Comparison::Equal => version == limit,
            Comparison::NotEqual => version != limit,
            Comparison::GreaterOrEqual => version >= limit,
            Comparison::Greater => version > limit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_people_write_them() {
        let version = |text| Version::parse(text).map(|v| (v.major, v.minor, v.patch));
        assert_eq!(version("5.7.0"), Some((5, 7, 0)));
        assert_eq!(version("v5.3"), Some((5, 3, 0)));
        assert_eq!(version("3.1.26.post2"), Some((3, 1, 26)));
        assert_eq!(version("5.0.0rc1"), Some((5, 0, 0)));
        assert_eq!(version("latest"), None);
        assert_eq!(version(""), None);
    }

    #[test]
    fn ranges_hold_what_they_name() {
        let range = VersionRange::parse(">=5.0,<5.3").unwrap();
        let holds = |text| range.holds(Version::parse(text).unwrap());
        assert!(holds("5.0.0") && holds("5.2.7"));
        assert!(!holds("4.4.7") && !holds("5.3.0"));
        assert_eq!(VersionRange::parse("5.0"), None);
    }
}
