use crate::catalogue::cards;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_CERT_REQS_UNKNOWN, sees: SETTINGS_KINDS, check };

/// celery/backends/redis.py:590 (5.7.0)
const KNOWN: [&str; 6] = ["CERT_REQUIRED", "CERT_OPTIONAL", "CERT_NONE", "required", "optional", "none"];

fn check(facts: &Facts, findings: &mut Findings) {
    of_broker(facts, findings);
    for (_, scope) in facts.scopes() {
        for backend in super::backends(scope).filter(|backend| backend.url.scheme.as_str() == "rediss") {
            let in_url = super::parameter(&backend.url, "ssl_cert_reqs");
            // What the address says wins over the dictionary.
            let found: Vec<Text> = match in_url {
                Some(value) => vec![value],
                None if super::may_have_more_parameters(&backend.url) => continue,
                None => scope
                    .together("redis_backend_use_ssl", "result_backend")
                    .filter_map(|(said, _)| super::entry(&said, "ssl_cert_reqs")?.whole_text().cloned())
                    .collect(),
            };
            for value in found.iter().filter(|value| !KNOWN.contains(&value.as_str()) && is_written_out(value)) {
                findings
                    .add(cards::RedisCertReqsUnknown::Unknown { found: value })
                    .at(value)
                    .scope(&scope.name)
                    .as_said(&backend.said);
            }
        }
    }
}

/// kombu hands the dictionary to redis-py as it is, which knows only words in lower case (redis/connection.py,
/// SSLConnection).
fn of_broker(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts).into_iter().filter(|it| it.url.is_any(&["redis", "rediss"])) {
        for said in address.scope.said("broker_use_ssl").filter(|said| said.can_hold_with(&address.said)) {
            let Some(value) = super::entry(&said, "ssl_cert_reqs").and_then(|value| value.whole_text()) else {
                continue;
            };
            if ["none", "optional", "required"].contains(&value.as_str()) || !is_written_out(value) {
                continue;
            }
            findings
                .add(cards::RedisCertReqsUnknown::Broker { found: value })
                .at(value)
                .scope(&address.scope.name)
                .uncertain_if(said.is_conditional() || address.said.is_conditional())
                .at_most_info_if(said.is_for_tests());
        }
    }
}

/// Whether it is a word, and neither empty nor something that is filled in later.
fn is_written_out(value: &Text) -> bool {
    !value.is_empty() && value.as_str().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}
