use crate::catalogue::cards;
use crate::facts::broker;
use crate::facts::containers::{Container, image_name};
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;
use crate::words;

pub(super) const RULE: Rule = Rule { card: &cards::URL_HOST_NOT_A_SERVICE, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all_and_of_web(facts) {
        if address.of > 1 || address.said.is_conditional() || !address.certainly_holds() {
            continue;
        }
        if address.process().is_some_and(|process| process.role == Role::Unknown) {
            continue;
        }
        let Some(container) = address.container().filter(|it| it.kind == Kind::Compose && !it.sees_outside) else {
            continue;
        };
        let Some(host) = address.url.known_host() else { continue };
        let name = host.as_str();
        // A name with a dot is of the network outside.
        if name.contains(['.', ':', '$', '{', '/']) || address.url.is_local() != Some(false) {
            continue;
        }
        let services = &address.variant.containers;
        let answers = |it: &Container| it.name == name || it.aliases.iter().any(|it| it == name);
        if let Some(server) = services.iter().find(|it| answers(it)) {
            let is_known = !server.sees_outside && !server.networks.is_empty() && !container.networks.is_empty();
            let shares = || services.iter().filter(|it| answers(it)).any(|it| shares_network(it, container));
            if is_known && !shares() {
                findings
                    .add(cards::UrlHostNotAService::Apart { host: name, container: &container.name, server: "" })
                    .at(&host)
                    .related(&server.at, words::Role::Conflict)
                    .scope(&address.scope.name);
            }
            continue;
        }
        if services.iter().any(|it| it.name == "localhost") {
            continue;
        }
        // Only where the file has a server of that kind: else it is kept elsewhere.
        let wanted: &[&str] = match address.url.scheme.as_str() {
            "redis" | "rediss" => &["redis", "valkey", "redis-stack", "redis-stack-server", "keydb", "dragonfly"],
            "amqp" | "amqps" | "pyamqp" => &["rabbitmq"],
            _ => continue,
        };
        let is_server = |image: &Text| wanted.contains(&image_name(image.as_str()));
        let Some(server) = services.iter().find(|it| it.image.as_ref().is_some_and(is_server)) else { continue };
        let finding = findings
            .add(cards::UrlHostNotAService::NotThere { host: name, container: &container.name, server: &server.name })
            .at(&host)
            .related(&server.at, words::Role::Conflict)
            .scope(&address.scope.name);
        finding.replace(&host, &server.name);
    }
}

/// Whether two services find each other by their names. A variable may name any network.
fn shares_network(one: &Container, other: &Container) -> bool {
    one.networks.iter().any(|name| other.networks.contains(name) || name.contains('$'))
        || other.networks.iter().any(|name| name.contains('$'))
}
