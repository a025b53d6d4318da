use crate::catalogue::cards;
use crate::facts::{Facts, broker, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::URL_PORT_INVALID, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        let is_server = address.url.is_any(&["redis", "rediss", "amqp", "amqps", "pyamqp"]);
        // A password with signs in it is another rule's cause.
        if address.of > 1 || !is_server || url::misread(&address.url.whole, false).is_some() {
            continue;
        }
        let host = address.url.known_host().filter(|host| {
            let colons = host.as_str().matches(':').count();
            colons == 1 && !host.as_str().contains(['[', ',', ';', '$', '{'])
        });
        let port = address.url.port.as_ref().and_then(|port| port.whole()).filter(|port| {
            let is_text = !port.is_empty() && port.as_str().chars().all(|c| c.is_ascii_alphanumeric() || c == ':');
            is_text && port.as_str().parse::<u16>().is_err()
        });
        let Some(found) = host.as_ref().or(port) else { continue };
        findings
            .add(cards::UrlPortInvalid { setting: &address.said.setting.written, found })
            .at(found)
            .scope(&address.scope.name)
            .as_said(&address.said);
    }
}
