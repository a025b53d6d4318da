use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::broker;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_EVICTS_MESSAGES, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts).iter().filter(|address| address.url.is_any(&["redis", "rediss"])) {
        let Some(host) = address.url.known_host() else { continue };
        let is_it = |it: &&crate::facts::containers::Container| {
            it.name == host.as_str() || it.aliases.iter().any(|name| name == host.as_str())
        };
        let policy = address.variant.containers.iter().find(is_it).and_then(|server| server.eviction.as_ref());
        if let Some(policy) = policy.filter(|policy| policy.as_str().starts_with("allkeys")) {
            findings
                .add(cards::RedisEvictsMessages { policy, host: &host })
                .at(policy)
                .related(&host, Role::Conflict)
                .scope(&address.scope.name);
        }
    }
}
