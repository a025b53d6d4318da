use crate::catalogue::{Message, cards};
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_URL_WITHOUT_SCHEME, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        let Some(value) = address.url.whole.whole().filter(|_| !address.url.has_authority) else { continue };
        let text = value.as_str();
        // Blanks, quotes and signs of variables have rules of their own; an empty value is the default.
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        // `__BROKER__` is what a script of the deployment replaces, `<url>` what somebody fills in.
        let is_within = |open: &str, close: &str| text.starts_with(open) && text.ends_with(close);
        let is_placeholder = is_within("__", "__") || is_within("<", ">");
        if text.is_empty() || is_placeholder || text.contains([' ', '"', '\'', '$', '{', '\t', '\n']) {
            continue;
        }
        // kombu/utils/url.py: without "://" the whole text is the name of the host; port, user and path are the defaults.
        let is_scheme = celery::broker_scheme(text).is_some_and(|row| row.is_broker());
        let message: Message = if text.parse::<std::net::IpAddr>().is_ok() {
            cards::BrokerUrlWithoutScheme::BareHost { host: value }.into()
        } else if !text.chars().all(is_word) {
            cards::BrokerUrlWithoutScheme::NotAHost { host: &value.slice(0..0) }.into()
        } else if is_scheme {
            cards::BrokerUrlWithoutScheme::SchemeAlone { host: value }.into()
        } else {
            cards::BrokerUrlWithoutScheme::BareHost { host: value }.into()
        };
        findings.add(message).at(value).scope(&address.scope.name).as_said(&address.said);
    }
}
