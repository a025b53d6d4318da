use crate::catalogue::cards;
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_DISABLE_PREFETCH_IGNORED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // Workers read from this one where it is set.
        if scope.said("broker_read_url").next().is_some() {
            continue;
        }
        for (said, broker) in scope.together("worker_disable_prefetch", "broker_url") {
            let Some(scheme) = broker.text().map(url::parse).and_then(|url| url.scheme_name()) else { continue };
            let is_redis = !matches!(scheme.as_str(), "amqp" | "amqps" | "pyamqp" | "sqs" | "SQS");
            if said.boolean() != Some(true) || is_redis {
                continue;
            }
            findings
                .add(cards::WorkerDisablePrefetchIgnored { setting: &said.setting.written, scheme: &scheme })
                .at(&said.setting.written)
                .related(&scheme, Role::Conflict)
                .scope(&scope.name)
                .as_said(&said)
                .as_said(&broker);
        }
    }
}
