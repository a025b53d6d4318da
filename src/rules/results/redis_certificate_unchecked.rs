use crate::catalogue::cards;
use crate::facts::value::{Known, Value, Why};
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_CERTIFICATE_UNCHECKED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        let in_urls =
            ["result_backend", "broker_url"].into_iter().flat_map(|name| scope.said(name)).filter_map(|said| {
                let address = url::parse(said.text()?);
                let is_tls = address.scheme.as_str() == "rediss";
                let value = super::parameter(&address, "ssl_cert_reqs").filter(|_| is_tls)?;
                is_none_word(value.as_str()).then_some((said, value))
            });
        let in_dictionaries = ["redis_backend_use_ssl", "broker_use_ssl"]
            .into_iter()
            .flat_map(|name| scope.said(name))
            .filter_map(|said| {
                // Redis reads ssl_cert_reqs, RabbitMQ cert_reqs.
                let value = super::entry(&said, "ssl_cert_reqs").or_else(|| super::entry(&said, "cert_reqs"))?;
                // redis-py refuses the word CERT_NONE: a card of its own.
                let is_refused = said.setting.name == "broker_use_ssl"
                    && value.whole_text().is_some_and(|text| text.as_str() == "CERT_NONE");
                (says_none(value) && !is_refused).then(|| (said.clone(), value.at.clone()))
            });
        let found: Vec<(_, Text)> = in_urls.chain(in_dictionaries).collect();
        for (said, value) in found {
            findings
                .add(cards::RedisCertificateUnchecked { setting: &said.setting.written })
                .at(&value)
                .scope(&scope.name)
                .as_said(&said);
        }
    }
}

fn is_none_word(word: &str) -> bool {
    matches!(word, "none" | "CERT_NONE")
}

fn says_none(known: &Known) -> bool {
    match &known.value {
        Value::Text(text) => is_none_word(text.as_str()),
        // ssl.CERT_NONE is 0; None is no value and stops the worker.
        Value::Integer(number) => *number == 0,
        Value::Unknown(Why::Name(name)) => matches!(name.as_str(), "ssl.CERT_NONE" | "CERT_NONE"),
        _ => false,
    }
}
