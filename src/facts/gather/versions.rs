//! Which versions of Celery are possible: pins, then banners, then log lines that only some versions print.

use std::sync::OnceLock;

use regex_lite::Regex;

use crate::catalogue::version::{Version, VersionRange};
use crate::facts::{Piece, VersionReason, VersionSet, events::Event};
use crate::intake::Kind;
use crate::text::Text;

/// The versions that the paste leaves possible.
pub(super) fn celery(pieces: &[Piece], events: &[Event]) -> VersionSet {
    pinned(pieces).or_else(|| banner(pieces)).or_else(|| printed(events)).unwrap_or_else(VersionSet::celery_assumed)
}

/// `celery==5.3.6`, `celery[redis]>=5.2,<6` in a requirements file.
fn pinned(pieces: &[Piece]) -> Option<VersionSet> {
    pieces.iter().filter(|piece| piece.kind == Kind::Requirements).find_map(|piece| {
        piece.text.lines().find_map(|line| {
            let requirement = line.slice(0..line.as_str().find(['#', ';']).unwrap_or(line.len())).trim();
            let rest = requirement.as_str().strip_prefix("celery").or_else(|| requirement.as_str().strip_prefix("Celery"))?;
            let rest = match rest.strip_prefix('[') {
                Some(extras) => extras.split_once(']').map_or("", |(_, rest)| rest),
                None => rest,
            };
            let range = rest.replace(' ', "").replace("===", "==");
            if !range.starts_with(['=', '<', '>', '!', '~']) {
                return None;
            }
            requirement_range(&range).map(|(range, because)| VersionSet::celery_in(&range, because, Some(requirement.clone())))
        })
    })
}

/// A PEP 440 specifier as one of our ranges.
fn requirement_range(specifier: &str) -> Option<(String, VersionReason)> {
    let mut parts = Vec::new();
    let mut exact = false;
    for part in specifier.split(',') {
        if let Some(version) = part.strip_prefix("~=") {
            // ~=5.3.1 is >=5.3.1,<5.4; ~=5.3 is >=5.3,<6.
            let numbers: Vec<u32> = version.split('.').map_while(|number| number.parse().ok()).collect();
            let upper = match numbers[..] {
                [major, minor, _, ..] => format!("<{major}.{}", minor + 1),
                [major, _] => format!("<{}", major + 1),
                _ => return None,
            };
            parts.extend([format!(">={version}"), upper]);
        } else if let Some(prefix) = part.strip_prefix("==").and_then(|version| version.strip_suffix(".*")) {
            let numbers: Vec<u32> = prefix.split('.').map_while(|number| number.parse().ok()).collect();
            let upper = match numbers[..] {
                [major] => format!("<{}", major + 1),
                [major, minor, ..] => format!("<{major}.{}", minor + 1),
                _ => return None,
            };
            parts.extend([format!(">={prefix}"), upper]);
        } else {
            exact |= part.starts_with("==");
            parts.push(part.to_owned());
        }
    }
    let range = parts.join(",");
    VersionRange::parse(&range)?;
    Some((range, if exact { VersionReason::Pinned } else { VersionReason::Range }))
}

/// ` -------------- celery@host v5.3.6 (emerald-rush)` of a worker's banner.
fn banner(pieces: &[Piece]) -> Option<VersionSet> {
    static BANNER: OnceLock<Option<Regex>> = OnceLock::new();
    let banner = BANNER.get_or_init(|| Regex::new(r"-{5,} \S+@\S+ v(\d+\.\d+\.\d+)").ok()).as_ref()?;
    pieces.iter().filter(|piece| piece.kind == Kind::Log).find_map(|piece| {
        // The banner stands at the start of a log; a long one is not searched to its end for it.
        let mut end = piece.text.len().min(256 * 1024);
        while !piece.text.as_str().is_char_boundary(end) {
            end -= 1;
        }
        let version = banner.captures(&piece.text.as_str()[..end])?.get(1)?;
        let at = piece.text.slice(version.start()..version.end());
        let version = Version::parse(version.as_str())?;
        Some(VersionSet { possible: vec![version], because: VersionReason::Log, evidence: Some(at) })
    })
}

/// Log lines that only some versions print.
fn printed(events: &[Event]) -> Option<VersionSet> {
    let mut ranges: Vec<&str> = Vec::new();
    let mut evidence: Option<Text> = None;
    for event in events {
        let Some(range) = event.only_in else { continue };
        if !ranges.contains(&range) {
            ranges.push(range);
            // The line that leaves the fewest versions is the one to show.
            evidence = Some(event.at.clone());
        }
    }
    evidence.as_ref()?;
    let set = VersionSet::celery_in(&ranges.join(","), VersionReason::Log, evidence);
    // Lines of two versions in one paste are logs of two deployments: they tell nothing together.
    set.is_known().then_some(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_become_ranges() {
        let range = |text| requirement_range(text).map(|(range, _)| range);
        assert_eq!(range("==5.3.6").as_deref(), Some("==5.3.6"));
        assert_eq!(range("~=5.3.1").as_deref(), Some(">=5.3.1,<5.4"));
        assert_eq!(range("~=5.3").as_deref(), Some(">=5.3,<6"));
        assert_eq!(range("==5.2.*").as_deref(), Some(">=5.2,<5.3"));
        assert_eq!(range(">=5,<6").as_deref(), Some(">=5,<6"));
    }
}
