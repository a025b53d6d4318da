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
        let Some(comma) = comma else { continue };
        let sign = whole.slice(comma..comma + 1).text;
        let finding = findings
            .add(cards::BrokerUrlCommaList { setting: &address.said.setting.written })
            .at(&sign)
            .scope(&address.scope.name)
            .uncertain_if(address.said.is_conditional())
            .at_most_info_if(address.said.is_for_tests());
        if !text[comma + 1..].starts_with(char::is_whitespace) {
            finding.replace(&sign, ";");
        }
    }
}
