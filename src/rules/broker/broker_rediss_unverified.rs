use crate::catalogue::{Message, cards};
use crate::facts::{Answer, Facts, broker, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_REDISS_UNVERIFIED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        if !address.url.is_any(&["rediss"]) || address.url.may_have_more_parameters() {
            continue;
        }
        // kombu/connection.py:324 in 5.7.0: without any TLS setting, CERT_NONE. With one, redis-py verifies.
        if address.url.query.as_ref().is_some_and(|query| query.as_str().contains("ssl_")) {
            continue;
        }
        // One address for both: without it no result is stored at all, and another card says so.
        let place = |text: &Text| text.origins().last().map_or_else(|| text.span(), Text::span);
        let own = place(&address.url.scheme.text);
        let is_shared = address.scope.said("result_backend").filter_map(|said| said.text().map(url::parse));
        if is_shared.into_iter().any(|backend| place(&backend.scheme.text) == own) {
            continue;
        }
        let message: Message = match address.scope.answer("broker_use_ssl") {
            Answer::Said(said) if said.iter().all(|it| it.known.truth() == Some(false)) => {
                cards::BrokerRedissUnverified::Unverified {}.into()
            }
            Answer::Said(_) => continue,
            Answer::Default => cards::BrokerRedissUnverified::Unverified {}.into(),
            Answer::NotShown => cards::BrokerRedissUnverified::Perhaps {}.into(),
        };
        findings.add(message).at(&address.url.scheme.text).scope(&address.scope.name).as_said(&address.said);
    }
}
