//! What cards and tables claim, tried with real Celerys: `make test-celery`.
//!
//! The environment variable `CELERY_CHECKUP_VENVS` names a folder with virtual environments, `5.7.0` and the like.
//! Which versions a card calls an error is asked of the checker itself; `tests/celery/claims.yaml` says at which
//! stage the real thing has to fail, and `tests/celery/not_run.yaml` why a card's claim cannot be tried here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use celery_checkup::catalogue::version::Version;

#[path = "celery/claims.rs"]
mod claims;
#[path = "celery/running.rs"]
mod running;
#[path = "celery/tables.rs"]
mod tables;

/// The versions that the set-up installs, oldest first.
const VERSIONS: [&str; 3] = ["4.4.7", "5.3.6", "5.7.0"];

/// The virtual environments that are there.
fn celerys() -> Vec<(&'static str, PathBuf)> {
    let folder = std::env::var_os("CELERY_CHECKUP_VENVS")
        .map(PathBuf::from)
        .expect("CELERY_CHECKUP_VENVS names the folder of the virtual environments: run `make test-celery`");
    let found: Vec<_> = VERSIONS
        .into_iter()
        .map(|version| (version, folder.join(version)))
        .filter(|(_, home)| home.join("bin/celery").is_file())
        .collect();
    for version in VERSIONS {
        if !found.iter().any(|(found, _)| *found == version) {
            println!("Celery {version} is not installed here, so nothing is tried with it.");
        }
    }
    assert!(!found.is_empty(), "no Celery is installed in {}", folder.display());
    found
}

fn version_of(text: &str) -> Version {
    Version::parse(text).expect("a version")
}

#[test]
#[ignore = "needs real Celerys: make test-celery"]
fn tables_are_what_the_packages_say() {
    let mut differences = Vec::new();
    for (version, home) in celerys() {
        let derived = tables::derive(&home);
        differences.extend(
            tables::differences(version_of(version), &derived).into_iter().map(|it| format!("{version}: {it}")),
        );
    }
    println!("tables: {} differences", differences.len());
    assert!(differences.is_empty(), "the tables differ from the packages:\n{}", differences.join("\n"));
}

#[test]
fn every_card_at_error_level_says_how_it_is_tried() {
    let undecided = claims::read().undecided();
    assert!(undecided.is_empty(), "neither in claims.yaml nor in not_run.yaml: {undecided:?}");
}

#[test]
#[ignore = "needs real Celerys: make test-celery"]
fn every_error_is_one() {
    let celerys = celerys();
    let claims = claims::read();
    let outcomes: Vec<claims::Outcome> = std::thread::scope(|scope| {
        // A version has a thread of its own; each mostly waits for timeouts.
        let threads: Vec<_> =
            celerys.iter().map(|(version, home)| scope.spawn(|| claims.try_all(version, home))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no claim panics")).collect()
    });
    claims::print_summary(&outcomes, &claims);
    let wrong: Vec<String> = outcomes.iter().filter_map(claims::Outcome::complaint).collect();
    assert!(wrong.is_empty(), "not as claimed:\n{}", wrong.join("\n"));
}
