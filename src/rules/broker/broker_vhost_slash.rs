use crate::catalogue::cards;
use crate::facts::containers::Container;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_VHOST_SLASH, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        if !address.url.is_any(&super::AMQP) {
            continue;
        }
        let Some(path) = &address.url.path else { continue };
        let Some(name) = path.as_str().strip_prefix('/') else { continue };
        // `//` alone is the usual way to write the default vhost. A comma list has a rule of its own.
        if name.is_empty() || name.contains("://") || !name.starts_with(|c: char| c.is_alphanumeric()) {
            continue;
        }
        // The server's image makes the vhost of exactly that name.
        let is_made = |server: &Container| {
            let made = server.environment.get("RABBITMQ_DEFAULT_VHOST").and_then(|it| it.value.as_ref());
            made.is_some_and(|made| made.as_str() == path.as_str())
        };
        if address.variant.containers.iter().any(is_made) {
            continue;
        }
        let vhost = path.slice(1..path.text.len());
        let Some(vhost) = vhost.whole() else { continue };
        findings
            .add(cards::BrokerVhostSlash { name: vhost })
            .at(&path.text)
            .scope(&address.scope.name)
            .as_said(&address.said);
    }
}
