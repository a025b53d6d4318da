use crate::catalogue::{Message, cards};
use crate::facts::broker::{self, Inside};
use crate::facts::{Facts, Role, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::URL_LOCALHOST_IN_CONTAINER, sees: SETTINGS_KINDS, check };

/// Schemes whose host is a server of its own.
const SERVERS: [&str; 9] =
    ["amqp", "amqps", "pyamqp", "librabbitmq", "redis", "rediss", "sentinel", "mongodb", "memcached"];

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all_and_of_web(facts) {
        // Of several brokers, another one may be the right one.
        if address.of > 1 || !address.url.is_any(&SERVERS) || address.url.is_local() != Some(true) {
            continue;
        }
        // Where a sign in the password ends the address early, this is not the host that was meant.
        if url::misread(&address.url.whole, true).is_some() {
            continue;
        }
        if address.process().is_some_and(|process| process.role == Role::Unknown) {
            continue;
        }
        let Some(container) = address.container() else { continue };
        // A default that the environment may overrule says nothing about the container.
        if address.said.is_conditional() || container.is_template {
            continue;
        }
        let host = address.url.known_host();
        let shown = host.as_ref().map_or("localhost", |host| host.as_str());
        let name = container.name.as_str();
        let message: Message = match broker::has_no_broker_inside(address.variant, container) {
            Inside::MayBe => continue,
            Inside::Nothing if address.certainly_holds() => {
                cards::UrlLocalhostInContainer::Nobody { host: shown, container: name }.into()
            }
            // The code says it, and nothing that was pasted overrules it: only the image could.
            Inside::Nothing
                if address.scope.code_is_closed && !address.scope.is_for_tests && !container.environment.open =>
            {
                cards::UrlLocalhostInContainer::Hardly { host: shown, container: name }.into()
            }
            Inside::Unknown if address.certainly_holds() => {
                cards::UrlLocalhostInContainer::Hardly { host: shown, container: name }.into()
            }
            _ => cards::UrlLocalhostInContainer::Perhaps { host: shown, container: name }.into(),
        };
        let finding = findings.add(message).at(host.as_ref().unwrap_or(&address.url.scheme.text));
        // Variables alone do not show that anything reads them.
        finding.scope(&address.scope.name).uncertain_if(address.process().is_none() && !address.scope.makes_app);
    }
}
