use super::PACKAGE_KINDS;
use crate::catalogue::version::{Version, VersionRange};
use crate::catalogue::{Message, cards};
use crate::facts::packages::{Requirement, Specifiers};
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::knowledge::packages;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::CELERY_PYTHON_MISMATCH, sees: PACKAGE_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    // With a range, pip takes an older Celery that fits. Only a pin leaves it no choice.
    let Some((requirement, celery)) = facts.packages.celery_pin() else { return };
    let Some(python) = facts.packages.python() else {
        return project(facts, requirement, celery, findings);
    };
    let holds = |range: &str| VersionRange::parse(range);
    let name = python.name();
    let message: Message = match packages::python_of(celery) {
        Some(wanted) if holds(wanted).is_some_and(|range| !range.holds(python.version())) => {
            cards::CeleryPythonMismatch::NotInstallable { celery, python: &name, wanted }.into()
        }
        Some(_) => match starts(facts, celery, python.version()) {
            Starts::Not(failure) => {
                cards::CeleryPythonMismatch::StartsNot { celery, python: &name, wanted: failure }.into()
            }
            Starts::WithOlder(package) => {
                cards::CeleryPythonMismatch::WithOlder { celery, python: &name, wanted: package }.into()
            }
            Starts::Yes => return,
        },
        // `async` became a keyword in 3.7. 4.1 and 4.2 have it as a name in backends/redis.py and backends/rpc.py only.
        None if (python.major, python.minor) < (3, 7) => return,
        None if holds("<4.1").is_some_and(|range| range.holds(celery)) => {
            cards::CeleryPythonMismatch::Keyword { celery, python: &name, wanted: "" }.into()
        }
        None if holds("<4.3").is_some_and(|range| range.holds(celery)) && uses_redis_or_rpc(facts) => {
            cards::CeleryPythonMismatch::KeywordInBackend { celery, python: &name, wanted: "" }.into()
        }
        None => match starts(facts, celery, python.version()) {
            Starts::Not(failure) => {
                cards::CeleryPythonMismatch::StartsNot { celery, python: &name, wanted: failure }.into()
            }
            Starts::WithOlder(package) => {
                cards::CeleryPythonMismatch::WithOlder { celery, python: &name, wanted: package }.into()
            }
            Starts::Yes => return,
        },
    };
    findings.add(message).at(&requirement.at).related(&python.at, Role::Cause);
}

/// A project without an image: `requires-python` beside the pin.
fn project(facts: &Facts, requirement: &Requirement, celery: Version, findings: &mut Findings) {
    let Some(wanted) = packages::python_of(celery) else { return };
    let Some(range) = VersionRange::parse(wanted) else { return };
    for list in &facts.packages.lists {
        let Some((pythons, at)) = &list.requires_python else { continue };
        let holds_pin = list.requirements.iter().any(|it| it.at.span() == requirement.at.span());
        // The Pythons of a project, each by a late patch: `>=3.8.1` is for 3.8 too.
        let allowed: Vec<Version> = (6..=15)
            .map(|minor| Version { major: 3, minor, patch: 20 })
            .filter(|python| pythons.allows_release(*python))
            .collect();
        if holds_pin && !allowed.is_empty() && !allowed.iter().any(|python| range.holds(*python)) {
            findings
                .add(cards::CeleryPythonMismatch::Project { celery, python: at.as_str(), wanted })
                .at(&requirement.at)
                .related(at, Role::Cause);
        }
    }
}

/// Whether a Celery that installs also starts.
enum Starts {
    Yes,
    /// With the words of the failure.
    Not(&'static str),
    /// Only beside an older release of this package, which nobody asks for.
    WithOlder(&'static str),
}

/// What was run: 4.2.2, 4.3.1 and 4.4.7 with 3.11; 4.4.7 with 3.7, 3.10 and 3.12; 5.0.5 with 3.7, 3.11 and 3.12; 5.1.2
/// with 3.12; 5.2.7 with 3.7, 3.12 and 3.13.
fn starts(facts: &Facts, celery: Version, python: Version) -> Starts {
    let is = |range: &str| VersionRange::parse(range).is_some_and(|range| range.holds(celery));
    let on = |range: &str| VersionRange::parse(range).is_some_and(|range| range.holds(python));
    let asks_for =
        |package: &str| facts.packages.lists.iter().any(|list| list.requirements.iter().any(|it| it.name == package));
    // vine 1.3 takes `formatargspec` from inspect, which Python 3.11 dropped.
    if is(">=4.1,<5.0") && on(">=3.11") && !asks_for("vine") {
        return Starts::Not("ImportError: formatargspec");
    }
    // celery/bin/celery.py:78 (5.2.7): entry points have been no dictionary since 3.12.
    if is(">=5.2.5,<5.3") && on(">=3.12") {
        return Starts::Not("AttributeError: EntryPoints");
    }
    // celery/bin/celery.py:11 (5.1.2): `pkg_resources` is setuptools', which 3.12 no longer installs.
    if is(">=5.0,<5.2.5") && on(">=3.12") && !asks_for("setuptools") {
        return Starts::WithOlder("setuptools<81");
    }
    // kombu/utils/compat.py:82 (5.2.4): since importlib-metadata 5, entry points are no dictionary there either.
    let is_too_new = |it: &Requirement| {
        let pin = it.specifiers.as_ref().and_then(Specifiers::exact);
        it.name == "importlib-metadata" && pin.is_some_and(|pin| pin.major >= 5)
    };
    let pinned_too_new = || facts.packages.lists.iter().flat_map(|list| &list.requirements).any(&is_too_new);
    if is(">=4.4,<5.3") && on("<3.8") && (!asks_for("importlib-metadata") || pinned_too_new()) {
        return Starts::WithOlder("importlib-metadata<5");
    }
    Starts::Yes
}

fn uses_redis_or_rpc(facts: &Facts) -> bool {
    facts.scopes().flat_map(|(_, scope)| scope.said("result_backend")).any(|said| {
        let scheme = said.text().map(url::parse).and_then(|url| url.scheme_name());
        scheme.is_some_and(|it| matches!(it.as_str(), "redis" | "rpc"))
    })
}
