use super::PACKAGE_KINDS;
use crate::catalogue::version::VersionRange;
use crate::catalogue::{Message, cards};
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::knowledge::packages;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::CELERY_PYTHON_MISMATCH, sees: PACKAGE_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    // With a range, pip takes an older Celery that fits. Only a pin leaves it no choice.
    let Some((requirement, celery)) = facts.packages.celery_pin() else { return };
    let Some(python) = facts.packages.python() else { return };
    let holds = |range: &str| VersionRange::parse(range);
    let name = python.name();
    let message: Message = match packages::python_of(celery) {
        Some(wanted) if holds(wanted).is_some_and(|range| !range.holds(python.version())) => {
            cards::CeleryPythonMismatch::NotInstallable { celery, python: &name, wanted }.into()
        }
        Some(_) => return,
        // `async` became a keyword in 3.7. 4.1 and 4.2 have it as a name in backends/redis.py and backends/rpc.py only.
        None if (python.major, python.minor) < (3, 7) => return,
        None if holds("<4.1").is_some_and(|range| range.holds(celery)) => {
            cards::CeleryPythonMismatch::Keyword { celery, python: &name, wanted: "" }.into()
        }
        None if holds("<4.3").is_some_and(|range| range.holds(celery)) && uses_redis_or_rpc(facts) => {
            cards::CeleryPythonMismatch::KeywordInBackend { celery, python: &name, wanted: "" }.into()
        }
        None => return,
    };
    findings.add(message).at(&requirement.at).related(&python.at, Role::Cause);
}

fn uses_redis_or_rpc(facts: &Facts) -> bool {
    facts.scopes().flat_map(|(_, scope)| scope.said("result_backend")).any(|said| {
        let scheme = said.text().map(url::parse).and_then(|url| url.scheme_name());
        scheme.is_some_and(|it| matches!(it.as_str(), "redis" | "rpc"))
    })
}
