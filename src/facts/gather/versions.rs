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

/// What a requirements file, a project file or a lock says; a lock before what it was made from.
fn pinned(pieces: &[Piece]) -> Option<VersionSet> {
    let of = |kind: Kind, read: fn(&Text) -> Option<VersionSet>| {
        pieces.iter().filter(move |piece| piece.kind == kind).find_map(move |piece| read(&piece.text))
    };
    of(Kind::Lock, locked).or_else(|| of(Kind::Requirements, required)).or_else(|| of(Kind::Pyproject, of_project))
}

/// `celery==5.3.6`, `celery[redis]>=5.2,<6`.
fn required(text: &Text) -> Option<VersionSet> {
    text.lines().find_map(|line| {
        let requirement = line.slice(0..line.as_str().find(['#', ';']).unwrap_or(line.len())).trim();
        of_requirement(&requirement)
    })
}

/// The set that one requirement leaves.
fn of_requirement(requirement: &Text) -> Option<VersionSet> {
    let text = requirement.as_str();
    let rest = text.strip_prefix("celery").or_else(|| text.strip_prefix("Celery"))?;
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map_or("", |(_, rest)| rest),
        None => rest,
    };
    let range = rest.replace(' ', "").replace("===", "==");
    if !range.starts_with(['=', '<', '>', '!', '~']) {
        return None;
    }
    requirement_range(&range).map(|(range, because)| VersionSet::celery_in(&range, because, Some(requirement.clone())))
}

/// `"celery[redis]>=5.2"` in a list of dependencies, `celery = "^4.4"` and `celery = { version = "^4.4" }` of Poetry.
fn of_project(text: &Text) -> Option<VersionSet> {
    text.lines().find_map(|line| {
        let line = line.trim();
        let written = line.as_str();
        if let Some(quote) = written.chars().next().filter(|first| matches!(first, '"' | '\'')) {
            let end = written[1..].find(quote)? + 1;
            return of_requirement(&line.slice(1..end));
        }
        let value = written.strip_prefix("celery")?.trim_start().strip_prefix('=')?;
        let value = value.find("version").map_or(value, |at| &value[at..]);
        let start = written.len() - value.len() + value.find('"')? + 1;
        let version = line.slice(start..start + written[start..].find('"')?);
        let range = match version.as_str().strip_prefix('^') {
            Some(from) => format!(">={from},<{}", from.split('.').next()?.parse::<u32>().ok()? + 1),
            None if version.as_str().starts_with(|c: char| c.is_ascii_digit()) => format!("=={}", version.as_str()),
            None => version.as_str().replace(' ', ""),
        };
        requirement_range(&range).map(|(range, because)| VersionSet::celery_in(&range, because, Some(version.clone())))
    })
}

/// The version behind the name in `poetry.lock`, `uv.lock` and `Pipfile.lock`.
fn locked(text: &Text) -> Option<VersionSet> {
    let source = text.as_str();
    let at = source.find("name = \"celery\"\n").or_else(|| source.find("\"celery\": {"))?;
    let version = at + source[at..].find("version")?;
    // The version stands within the entry of the name.
    let digits = version + source[version..].find(|c: char| c.is_ascii_digit()).filter(|&after| after < 20)?;
    let end = digits + source[digits..].find('"')?;
    let found = text.slice(digits..end);
    let version = Version::parse(found.as_str())?;
    Some(VersionSet { possible: vec![version], because: VersionReason::Pinned, evidence: Some(found) })
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
    fn projects_and_locks_tell_the_version() {
        let text = |text: &str| Text::of_source(crate::text::SourceId(0), text.into());
        let minors = |set: Option<VersionSet>| set.map(|set| set.minors().join(" ")).unwrap_or_default();
        assert_eq!(minors(of_project(&text("dependencies = [\n  \"celery[redis]>=5.6\",\n]"))), "5.6 5.7");
        assert_eq!(minors(of_project(&text("celery = \"^4.4.2\"\n"))), "4.4");
        assert_eq!(minors(of_project(&text("celery = { version = \"5.3.6\", extras = [\"redis\"] }\n"))), "5.3");
        assert_eq!(minors(locked(&text("[[package]]\nname = \"celery\"\nversion = \"5.2.7\"\n"))), "5.2");
        assert_eq!(minors(locked(&text("\"celery\": {\n \"version\": \"==5.4.0\"\n"))), "5.4");
        assert_eq!(minors(required(&text("celery-redbeat==2.0\ndjango\n"))), "");
    }

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
