use super::PACKAGE_KINDS;
use crate::catalogue::cards;
use crate::catalogue::version::{Version, VersionRange};
use crate::facts::packages::Installed;
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_WITHOUT_PACKAGING, sees: PACKAGE_KINDS, check };

/// kombu 5.7.0 is the first whose Redis transport imports `packaging` without asking for it (kombu/transport/redis.py:119).
const FIRST: Version = Version { major: 5, minor: 7, patch: 0 };

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
    let is_brought = packages.installed(&["packaging"]) == Installed::Yes
        || packages.has_extra("kombu", "redis")
        || packages.installed(&BRINGS) == Installed::Yes;
    // Without the client itself, another rule speaks.
    let has_redis = packages.installed(&["redis"]) == Installed::Yes || packages.has_extra("celery", "redis");
    if is_brought || !has_redis {
        return;
    }
    let kombu = packages.lists.iter().flat_map(|list| &list.requirements).filter(|it| it.name == "kombu");
    let kombu_pin = kombu.clone().find_map(|it| it.specifiers.as_ref()?.exact());
    let may_be_new = kombu.clone().all(|it| it.specifiers.as_ref().is_some_and(|it| it.allows_release(FIRST)));
    let is_certain = match packages.installed(&["packaging"]) {
        // A lock that has kombu 5.7 and redis, and not this.
        Installed::No if kombu_pin.is_some_and(|it| it >= FIRST) => true,
        Installed::NotNamed if may_be_new && takes_new_kombu(facts, version) => false,
        _ => return,
    };
    findings
        .add(cards::RedisWithoutPackaging { celery: version })
        .at(&celery.at)
        .related(&broker, Role::Cause)
        .uncertain_if(!is_certain);
}

/// Whether pip puts a new kombu beside this Celery, and nothing that asks for `packaging`.
fn takes_new_kombu(facts: &Facts, celery: Version) -> bool {
    let is_in = |range: &str| VersionRange::parse(range).is_some_and(|range| range.holds(celery));
    if is_in(">=5.5") {
        // 5.5 asks for kombu<5.6. From 5.6 on, celery[redis] asks for kombu[redis], which brings it.
        return is_in(">=5.6") && !facts.packages.has_extra("celery", "redis");
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
