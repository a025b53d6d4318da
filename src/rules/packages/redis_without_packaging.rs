use super::PACKAGE_KINDS;
use crate::catalogue::cards;
use crate::catalogue::version::{Version, VersionRange};
use crate::facts::packages::{Installed, Specifiers};
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_WITHOUT_PACKAGING, sees: PACKAGE_KINDS, check };

/// kombu 5.7.0 is the first whose Redis transport imports `packaging` without asking for it (kombu/transport/redis.py:119).
const FIRST: Version = Version { major: 5, minor: 7, patch: 0 };

/// The redis that kombu's transport refuses to be without: that of 5.7.0 (kombu/transport/redis.py:2071), and that of
/// every one since 4.6 (kombu/transport/redis.py:977 of 4.6.11).
const OLDEST: Version = Version { major: 6, minor: 1, patch: 0 };
const OLDEST_OF_ALL: Version = Version { major: 3, minor: 2, patch: 0 };

/// Packages that bring `packaging` along.
const BRINGS: [&str; 30] = [
    "apache-airflow",
    "apispec",
    "black",
    "bokeh",
    "build",
    "dask",
    "drf-yasg",
    "flask-limiter",
    "google-cloud-bigquery",
    "gunicorn",
    "huggingface-hub",
    "ipykernel",
    "keras",
    "langchain-core",
    "limits",
    "marshmallow",
    "matplotlib",
    "mlflow",
    "nbconvert",
    "opentelemetry-instrumentation",
    "plotly",
    "pytest",
    "setuptools-scm",
    "sphinx",
    "statsmodels",
    "streamlit",
    "tox",
    "transformers",
    "webargs",
    "wheel",
];

fn check(facts: &Facts, findings: &mut Findings) {
    let packages = &facts.packages;
    let Some((celery, version)) = packages.celery_pin() else { return };
    let Some(broker) = redis_broker(facts) else { return };
    let is_in = |range: &str| VersionRange::parse(range).is_some_and(|range| range.holds(version));
    let of_extra = packages.has_extra("celery", "redis");
    // Without the client itself, another rule speaks.
    if packages.installed(&["redis"]) != Installed::Yes && !of_extra {
        return;
    }
    let mut pins = packages.named("redis").map(|it| (&it.at, it.specifiers.as_ref().and_then(Specifiers::exact)));
    let pin = pins.next().filter(|_| pins.next().is_none());
    if let Some((found, Some(release))) = pin
        && release < OLDEST_OF_ALL
        && is_in(">=5.0")
    {
        let finding =
            findings.add(cards::RedisWithoutPackaging::TooOld { celery: version, found, wanted: OLDEST_OF_ALL });
        finding.at(found).related(&broker, Role::Cause);
        return;
    }
    // Celery 5.3 and 5.4 ask for redis<5 and <6 with their extra.
    let is_old = match pin {
        Some((_, Some(release))) => release < OLDEST,
        _ => of_extra && is_in(">=5.3,<5.5"),
    };
    let is_brought = packages.installed(&["packaging"]) == Installed::Yes
        || packages.has_extra("kombu", "redis")
        || packages.installed(&BRINGS) == Installed::Yes;
    if is_brought && !is_old {
        return;
    }
    let kombu = packages.lists.iter().flat_map(|list| &list.requirements).filter(|it| it.name == "kombu");
    let kombu_pin = kombu.clone().find_map(|it| it.specifiers.as_ref()?.exact());
    let may_be_new = kombu.clone().all(|it| it.specifiers.as_ref().is_some_and(|it| it.allows_release(FIRST)));
    let is_certain = match packages.installed(&["packaging"]) {
        // A lock that has kombu 5.7 and redis, and not this.
        Installed::No if kombu_pin.is_some_and(|it| it >= FIRST) => true,
        Installed::NotNamed | Installed::Yes if may_be_new && takes_new_kombu(facts, version, is_old) => false,
        _ => return,
    };
    if is_brought {
        let found = pin.map_or(&celery.at, |(at, _)| at);
        let finding = findings.add(cards::RedisWithoutPackaging::TooOld { celery: version, found, wanted: OLDEST });
        finding.at(found).related(&broker, Role::Cause).uncertain_if(true);
        return;
    }
    findings
        .add(cards::RedisWithoutPackaging::Lacks { celery: version, found: &celery.at, wanted: OLDEST })
        .at(&celery.at)
        .related(&broker, Role::Cause)
        .uncertain_if(!is_certain);
}

/// Whether pip puts a new kombu beside this Celery, and nothing that asks for `packaging` or for a new redis.
fn takes_new_kombu(facts: &Facts, celery: Version, is_old: bool) -> bool {
    let is_in = |range: &str| VersionRange::parse(range).is_some_and(|range| range.holds(celery));
    if is_in(">=5.5") {
        // 5.5 asks for kombu<5.6. From 5.6 on, celery[redis] asks for kombu[redis], which brings it.
        return is_in(">=5.6") && (is_old || !facts.packages.has_extra("celery", "redis"));
    }
    // kombu 5.7 wants Python 3.10: an older one gets an older kombu.
    let python = facts.packages.python();
    is_in(">=5.2") && python.is_some_and(|it| (it.major, it.minor) >= (3, 10))
}

/// Where some process talks to a Redis broker.
fn redis_broker(facts: &Facts) -> Option<Text> {
    facts.scopes().flat_map(|(_, scope)| scope.said("broker_url")).filter(|said| !said.is_for_tests()).find_map(
        |said| {
            let scheme = said.text().map(url::parse)?.scheme_name()?;
            matches!(scheme.as_str(), "redis" | "rediss" | "sentinel").then_some(scheme)
        },
    )
}
