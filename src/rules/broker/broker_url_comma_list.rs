use crate::catalogue::cards;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_URL_COMMA_LIST, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        let whole = &address.url.whole;
        let text = whole.as_str();
        let Some(first) = text.find("://") else { continue };
        // A comma with another address behind it; a comma alone may belong to a password or a vhost.
        let comma = text[first..].match_indices(',').map(|(at, _)| first + at).find(|at| {
            let behind = text[at + 1..].trim_start();
            let scheme = behind.split("://").next().unwrap_or_default();
            behind.len() > scheme.len()
                && !scheme.is_empty()
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+')
        });
        let Some(comma) = comma else {
            hosts(&address, findings);
            continue;
        };
        let sign = whole.slice(comma..comma + 1).text;
        let finding = findings
            .add(cards::BrokerUrlCommaList::Addresses { setting: &address.said.setting.written })
            .at(&sign)
            .scope(&address.scope.name)
            .as_said(&address.said);
        if !text[comma + 1..].starts_with(char::is_whitespace) {
            finding.replace(&sign, ";");
        }
    }
}

/// `sentinel://one:26379,two:26379`: the port of the first is no number then (kombu/utils/url.py, parse_url).
fn hosts(address: &broker::Address<'_>, findings: &mut Findings) {
    if !address.url.is_any(&["sentinel", "redis", "rediss", "amqp", "amqps", "pyamqp"]) {
        return;
    }
    let whole = &address.url.whole;
    let text = whole.as_str();
    let start = text.find("://").map_or(0, |at| at + 3);
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
    let start = text[start..end].rfind('@').map_or(start, |at| start + at + 1);
    let is_server = |part: &str| {
        part.split_once(':').is_some_and(|(host, port)| {
            let is_host = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_');
            !host.is_empty()
                && host.chars().all(is_host)
                && !port.is_empty()
                && port.bytes().all(|it| it.is_ascii_digit())
        })
    };
    let Some(comma) = text[start..end].find(',') else { return };
    if !text[start..end].split(',').all(is_server) {
        return;
    }
    let sign = whole.slice(start + comma..start + comma + 1).text;
    findings
        .add(cards::BrokerUrlCommaList::Hosts { setting: &address.said.setting.written })
        .at(&sign)
        .scope(&address.scope.name)
        .as_said(&address.said);
}
