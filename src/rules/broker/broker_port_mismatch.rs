use crate::catalogue::{Message, cards};
use crate::facts::broker::{self, Address};
use crate::facts::value::Value;
use crate::facts::{Answer, Facts};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_PORT_MISMATCH, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        let Some(port) = address.url.port.as_ref().and_then(|port| port.whole()) else { continue };
        if let Some(outer) = published(&address, port.as_str()) {
            findings
                .add(cards::BrokerPortMismatch::Published { port })
                .at(port)
                .related(outer, Role::Conflict)
                .scope(&address.scope.name)
                .uncertain_if(address.said.is_conditional());
            continue;
        }
        if !address.url.is_any(&super::AMQP) {
            continue;
        }
        let is_tls = address.url.is_any(&["amqps"]);
        let mut may_be_set = false;
        // RabbitMQ's own list of ports: rabbitmq.com/docs/networking#ports.
        let message: Message = match port.as_str() {
            "5672" if is_tls => cards::BrokerPortMismatch::TlsOnPlain { port }.into(),
            "5671" if !is_tls => {
                match address.scope.answer("broker_use_ssl") {
                    Answer::Said(said) => {
                        if !said.iter().all(|it| matches!(it.known.value, Value::Boolean(false) | Value::None)) {
                            continue;
                        }
                    }
                    Answer::Default => {}
                    Answer::NotShown => may_be_set = true,
                }
                cards::BrokerPortMismatch::PlainOnTls { port }.into()
            }
            "15672" | "15671" if is_of_plain_service(&address) => {
                cards::BrokerPortMismatch::ManagementOfService { port }.into()
            }
            "15672" | "15671" => cards::BrokerPortMismatch::Management { port }.into(),
            "25672" | "4369" => cards::BrokerPortMismatch::BetweenNodes { port }.into(),
            _ => continue,
        };
        findings.add(message).at(port).scope(&address.scope.name).as_said(&address.said).at_most_info_if(may_be_set);
    }
}

/// Where a service of the same Compose file is given this port only for those outside.
fn published<'a>(address: &Address<'a>, port: &str) -> Option<&'a Text> {
    let host = address.url.known_host()?;
    let server = address.variant.containers.iter().find(|it| it.name == host.as_str())?;
    let is_inside = address.container().is_some_and(|it| it.kind == Kind::Compose && !it.sees_outside);
    let outer = server.moved_ports.iter().find(|outer| outer.as_str() == port)?;
    // RabbitMQ may listen on both of its ports.
    let is_inside = is_inside && !matches!(port, "5671" | "5672");
    is_inside.then_some(outer)
}

/// Whether the host is a service of the same Compose file that runs RabbitMQ as its image has it, with the usual ports.
fn is_of_plain_service(address: &Address<'_>) -> bool {
    let Some(host) = address.url.known_host() else { return false };
    let Some(server) = address.variant.containers.iter().find(|it| it.name == host.as_str()) else { return false };
    let is_official = server.image.as_ref().is_some_and(|image| {
        let name = image.as_str().split(['@', ':']).next().unwrap_or_default();
        matches!(name, "rabbitmq" | "library/rabbitmq" | "docker.io/library/rabbitmq")
    });
    let may_listen_elsewhere = |name: &str| ["PORT", "CONF", "ARGS", "URI"].iter().any(|it| name.contains(it));
    is_official
        && !server.has_words()
        && !server.environment.open
        && !server.environment.iter().any(|(name, _)| may_listen_elsewhere(name))
        && !server.storage.open
        && server.storage.mounts.iter().all(|mount| mount.starts_with("/var/"))
        && address.container().is_some_and(|it| it.kind == Kind::Compose && !it.sees_outside)
}
