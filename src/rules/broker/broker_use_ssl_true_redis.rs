use crate::catalogue::cards;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_USE_SSL_TRUE_REDIS, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        // kombu/transport/redis.py:1995 in 5.7.0: the setting is taken as a dictionary, and the TypeError is dropped.
        // Parameters in the address replace the setting.
        let has_own = address.url.query.as_ref().is_some_and(|query| query.as_str().contains("ssl_"));
        if !address.url.is_any(&["redis", "rediss", "sentinel"]) || has_own || address.url.may_have_more_parameters() {
            continue;
        }
        for said in address.scope.said("broker_use_ssl") {
            if said.boolean() != Some(true) || !said.can_hold_with(&address.said) {
                continue;
            }
            findings
                .add(cards::BrokerUseSslTrueRedis { setting: &said.setting.written })
                .at(&said.known.at)
                .related(&address.url.scheme.text, Role::Cause)
                .scope(&address.scope.name)
                .as_said(&said)
                .as_said(&address.said);
        }
    }
}
