use crate::catalogue::{Message, cards};
use crate::facts::containers::image_name;
use crate::facts::url::misread;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_GUEST_REMOTE, sees: SETTINGS_KINDS, check };

/// Ends of the host names of services that give every customer a user of their own.
const SERVICES: [&str; 3] = [".cloudamqp.com", ".amazonaws.com", ".stackhero-network.com"];

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        let url = &address.url;
        if !url.is_any(&super::AMQP) || url.is_local() != Some(false) {
            continue;
        }
        let Some(host) = url.known_host() else { continue };
        // Where a password broke the address, this host is none.
        let is_broken =
            url.port.as_ref().is_some_and(|port| port.whole().is_some_and(|it| it.as_str().parse::<u16>().is_err()));
        if is_broken || misread(&url.whole, false).is_some() {
            continue;
        }
        // Without a user, kombu logs in as guest with the password guest (kombu/transport/pyamqp.py).
        let user = match &url.user {
            None => None,
            Some(user) => match user.whole() {
                Some(user) if user.as_str() == "guest" => Some(user.clone()),
                Some(user) if user.is_empty() => None,
                _ => continue,
            },
        };
        let images = || address.variant.containers.iter().filter_map(|it| Some((it.name.as_str(), it.image.as_ref()?)));
        let is_official = |image: &str| {
            image_name(image) == "rabbitmq"
                && matches!(
                    image.rsplit_once('/').map(|(before, _)| before),
                    None | Some("library" | "docker.io/library" | "docker.io")
                )
        };
        // The official image lets guest in from everywhere (its 10-defaults.conf).
        // Settings that no process is shown for belong to some deployment of the paste.
        let everywhere = facts.variants.iter().flat_map(|it| &it.containers).filter_map(|it| it.image.as_ref());
        if everywhere.into_iter().any(|image| is_official(image.as_str())) {
            continue;
        }
        // Images of a project's own are mostly made from the official one; Bitnami's replace guest by another user.
        let is_other_image = images().any(|(name, image)| {
            name == host.as_str()
                && image_name(image.as_str()) == "rabbitmq"
                && image.as_str().split('/').any(|part| part.starts_with("bitnami"))
        });
        let is_service = SERVICES.iter().any(|end| host.as_str().ends_with(end));
        let message: Message = if is_other_image || is_service {
            cards::BrokerGuestRemote::Refused { host: &host }.into()
        } else {
            cards::BrokerGuestRemote::Perhaps { host: &host }.into()
        };
        findings.add(message).at(user.as_ref().unwrap_or(&host)).scope(&address.scope.name).as_said(&address.said);
    }
}
