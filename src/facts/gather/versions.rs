//! Which versions of Celery are possible: pins, then banners, then log lines that only some versions print.

use std::sync::OnceLock;

use regex_lite::Regex;

use crate::catalogue::version::Version;
use crate::facts::packages::{ListDoes, PackageList, Packages, Requirement, Specifiers};
use crate::facts::{Piece, VersionReason, VersionSet, events::Event};
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::text::Text;

/// The versions that the paste leaves possible.
pub(super) fn celery(pieces: &[Piece], packages: &Packages, events: &[Event]) -> VersionSet {
    pinned(packages).or_else(|| banner(pieces)).or_else(|| printed(events)).unwrap_or_else(VersionSet::celery_assumed)
}

/// What a lock, a requirements file, an image or a project says of Celery; a lock before what it was made from.
fn pinned(packages: &Packages) -> Option<VersionSet> {
    let rank = |list: &PackageList| match (list.does, list.kind) {
        (ListDoes::Constrain, _) => None,
        (ListDoes::Lock, _) => Some(0),
        (_, Kind::Requirements) => Some(1),
        (_, Kind::Dockerfile) => Some(2),
        _ => Some(3),
    };
    let mut lists: Vec<(u8, &PackageList)> =
        packages.lists.iter().filter_map(|list| Some((rank(list)?, list))).collect();
    crate::text::order::sort_by_key(&mut lists, |(rank, _)| *rank);
    let of = |list: &'_ PackageList| -> Option<(Specifiers, Text)> {
        let said = |it: &Requirement| {
            let specifiers = it.specifiers.as_ref().filter(|it| !it.is_empty())?;
            (it.name == "celery").then(|| (specifiers.clone(), it.at.clone()))
        };
        list.requirements.iter().find_map(said)
    };
    let wanted = lists.iter().find_map(|(_, list)| of(list));
    let narrowed = packages.lists.iter().filter(|list| list.does == ListDoes::Constrain).find_map(of);
    // Several locks and lists may be those of several images.
    let mut pins: Vec<Version> = lists.iter().filter_map(|(_, list)| of(list)?.0.exact()).collect();
    crate::text::order::distinct(&mut pins);
    if let (true, Some((_, evidence))) = (pins.len() > 1, &wanted) {
        let evidence = Some(evidence.clone());
        return Some(VersionSet { possible: pins, because: VersionReason::Range, evidence });
    }
    let (specifiers, evidence) = match (wanted, narrowed) {
        (Some((wanted, at)), Some((narrowed, narrowed_at))) => {
            let at = if wanted.exact().is_some() { at } else { narrowed_at };
            (wanted.and(&narrowed), at)
        }
        (Some(one), None) | (None, Some(one)) => one,
        // Every django-celery asks for a Celery before 4 (its requirements/default.txt), and works with no other.
        (None, None) => {
            let old = lists.iter().flat_map(|(_, list)| &list.requirements).find(|it| it.name == "django-celery")?;
            (Specifiers::parse("<4")?, old.at.clone())
        }
    };
    if let Some(version) = specifiers.exact() {
        return Some(VersionSet { possible: vec![version], because: VersionReason::Pinned, evidence: Some(evidence) });
    }
    let possible: Vec<Version> =
        celery::releases().iter().copied().filter(|version| specifiers.allows_release(*version)).collect();
    (!possible.is_empty()).then_some(VersionSet { possible, because: VersionReason::Range, evidence: Some(evidence) })
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
    use crate::text::SourceId;

    fn minors(files: &[(&str, Kind, &str)]) -> String {
        let pieces: Vec<Piece> = files
            .iter()
            .enumerate()
            .map(|(index, (path, kind, text))| {
                let text = Text::of_source(SourceId(index as u32), (*text).into());
                let (document, troubles) = crate::read::read(*kind, &text);
                let path = (*path).to_owned();
                Piece { path, part: None, kind: *kind, text, document, troubles, in_parts: false }
            })
            .collect();
        let packages = super::super::packages::gather(&pieces);
        pinned(&packages).map(|set| set.minors().join(" ")).unwrap_or_default()
    }

    #[test]
    fn every_kind_of_list_tells_the_version() {
        use Kind::{Dockerfile, Lock, Pyproject, Requirements};
        let one = |kind, text| minors(&[("file", kind, text)]);
        assert_eq!(one(Pyproject, "dependencies = [\n  \"celery[redis]>=5.6\",\n]"), "5.6 5.7");
        assert_eq!(one(Pyproject, "[project]\ndependencies = [\"django\", 'celery~=5.2.1']\n"), "5.2");
        assert_eq!(one(Pyproject, "celery = \"^4.4.2\"\n"), "4.4");
        assert_eq!(one(Pyproject, "[tool.poetry.dependencies]\ncelery = \"~5.3\" # x\n"), "5.3");
        assert_eq!(one(Pyproject, "[tool.poetry.dependencies.celery]\nversion = \"5.4.0\"\n"), "5.4");
        assert_eq!(one(Pyproject, "celery = { version = \"5.3.6\", extras = [\"redis\"] }\n"), "5.3");
        assert_eq!(one(Pyproject, "[packages]\ncelery = {extras = [\"redis\"], version = \"==5.3.6\"}\n"), "5.3");
        assert_eq!(one(Requirements, "django==1.6\ndjango-celery\n"), "3.1");
        let setup =
            "setup(\n    install_requires=[\n        'kombu==4.6.11',\n        'celery[redis]==4.4.7',\n    ],\n)\n";
        assert_eq!(minors(&[("shop/setup.py", Kind::Python, setup)]), "4.4");
        assert_eq!(one(Lock, "[[package]]\nname = \"celery\"\nversion = \"5.2.7\"\n"), "5.2");
        assert_eq!(one(Lock, "{\n \"default\": {\n\"celery\": {\n \"version\": \"==5.4.0\"\n"), "5.4");
        assert_eq!(one(Requirements, "celery-redbeat==2.0\ndjango\n"), "");
        assert_eq!(one(Requirements, "Celery [redis] >= 5.6 ; python_version > '3'  # why\n"), "5.6 5.7");
        assert_eq!(one(Requirements, "celery==5.6.0 \\\n    --hash=sha256:abc\n"), "5.6");
        assert_eq!(one(Requirements, "celery!=5.7.0,>5.5.3\n"), "5.6");
        assert_eq!(one(Requirements, "celery==5.3.*\n"), "5.3");
        assert_eq!(
            one(Dockerfile, "FROM python:3.12\nRUN pip install --no-cache-dir 'celery[redis]==5.4.0' gevent\n"),
            "5.4"
        );
        assert_eq!(
            one(Dockerfile, "FROM python:3.12\nRUN python -m pip install -U -i https://x celery~=5.5.0\n"),
            "5.5"
        );
        let files =
            [("requirements.txt", Requirements, "celery\n"), ("constraints.txt", Requirements, "celery==5.5.3\n")];
        assert_eq!(minors(&files), "5.5");
        let files = [
            ("requirements.txt", Requirements, "celery>=5\n"),
            ("poetry.lock", Lock, "[[package]]\nname = \"celery\"\nversion = \"5.4.0\"\n"),
        ];
        assert_eq!(minors(&files), "5.4");
        let files = [
            ("poetry.lock", Lock, "[[package]]\nname = \"celery\"\nversion = \"3.1.25\"\n"),
            ("requirements.txt", Requirements, "celery==4.4.7\n"),
        ];
        assert_eq!(minors(&files), "3.1 4.4");
    }
}
