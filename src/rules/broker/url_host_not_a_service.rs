use crate::catalogue::cards;
use crate::facts::broker::{self, Address};
use crate::facts::containers::{Container, Service, image_name};
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};
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
        let Some(container) = address.container() else { continue };
        if container.kind == Kind::Kubernetes {
            in_kubernetes(&address, container, findings);
            continue;
        }
        if container.kind != Kind::Compose || container.sees_outside {
            continue;
        }
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
        let Some(server) = services.iter().find(|it| is_server_of(&address, it)) else { continue };
        let finding = findings
            .add(cards::UrlHostNotAService::NotThere { host: name, container: &container.name, server: &server.name })
            .at(&host)
            .related(&server.at, words::Role::Conflict)
            .scope(&address.scope.name);
        finding.replace(&host, &server.name);
    }
}

/// A name without dots is one of a Service of the same namespace (the search list of the pod's resolv.conf).
fn in_kubernetes(address: &Address<'_>, container: &Container, findings: &mut Findings) {
    let Some(host) = address.url.known_host() else { return };
    let name = host.as_str();
    if name.contains(['.', ':', '$', '{', '/']) || address.url.is_local() != Some(false) {
        return;
    }
    let is_near = |namespace: &str| namespace == container.namespace;
    let services = || address.variant.services.iter().filter(|it| is_near(&it.namespace));
    if services().any(|it| it.name.as_str() == name || it.name.as_str().contains('{')) {
        return;
    }
    // A Service may be kept elsewhere, unless the server is here, and with it one that is called after it.
    let servers = address.variant.containers.iter().filter(|it| is_near(&it.namespace) && is_server_of(address, it));
    for server in servers.filter(|it| !it.is_template) {
        let image = server.image.as_ref().map_or("", |image| image_name(image.as_str()));
        // A longer host may have a prefix that whoever deploys puts before every name.
        let is_like = |it: &&Service| {
            let own = it.name.as_str();
            own.contains(image) && (own.split('-').any(|word| word == name) || nearest(name, [own]).is_some())
        };
        let mut meant = services().filter(is_like);
        let (Some(service), None) = (meant.next(), meant.next()) else { continue };
        let server = service.name.as_str();
        let finding = findings
            .add(cards::UrlHostNotAService::NotThere { host: name, container: &container.name, server })
            .at(&host)
            .related(&service.name, words::Role::Conflict)
            .scope(&address.scope.name);
        finding.replace(&host, server);
        return;
    }
}

/// Whether a container runs the server that an address is for.
fn is_server_of(address: &Address<'_>, container: &Container) -> bool {
    let wanted: &[&str] = match address.url.scheme.as_str() {
        "redis" | "rediss" => &["redis", "valkey", "redis-stack", "redis-stack-server", "keydb", "dragonfly"],
        "amqp" | "amqps" | "pyamqp" => &["rabbitmq"],
        _ => return false,
    };
    container.image.as_ref().is_some_and(|image| wanted.contains(&image_name(image.as_str())))
}

/// Whether two services find each other by their names. A variable may name any network.
fn shares_network(one: &Container, other: &Container) -> bool {
    one.networks.iter().any(|name| other.networks.contains(name) || name.contains('$'))
        || other.networks.iter().any(|name| name.contains('$'))
}
