use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::broker;
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_USE_SSL_KEY_UNKNOWN, sees: &[Kind::Python], check };

/// What redis-py's SSLConnection takes, 3.5 to 8.
const OF_REDIS: [&str; 7] = [
    "ssl_keyfile",
    "ssl_certfile",
    "ssl_ca_certs",
    "ssl_ca_path",
    "ssl_cert_reqs",
    "ssl_check_hostname",
    "ssl_password",
];
/// What py-amqp's _wrap_socket_sni takes.
const OF_AMQP: [&str; 7] =
    ["keyfile", "certfile", "ca_certs", "cert_reqs", "ciphers", "ssl_version", "server_hostname"];

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        let known = if address.url.is_any(&["redis", "rediss"]) {
            &OF_REDIS
        } else if address.url.is_any(&["amqp", "amqps", "pyamqp"]) {
            &OF_AMQP
        } else {
            continue;
        };
        for said in address.scope.said("broker_use_ssl").filter(|said| said.can_hold_with(&address.said)) {
            let Value::Dict(entries) = &said.known.value else { continue };
            for found in entries.iter().filter_map(|(key, _)| key.whole_text()) {
                let written = found.as_str();
                if known.contains(&written) {
                    continue;
                }
                let other = known
                    .iter()
                    .find(|it| it.strip_prefix("ssl_") == Some(written) || written.strip_prefix("ssl_") == Some(**it));
                let Some(meant) = other.copied().or_else(|| nearest(written, known.iter().copied())) else { continue };
                findings
                    .add(cards::BrokerUseSslKeyUnknown { setting: &said.setting.written, found, meant })
                    .at(found)
                    .scope(&address.scope.name)
                    .uncertain_if(said.is_conditional() || address.of > 1)
                    .at_most_info_if(said.is_for_tests())
                    .replace(found, meant);
            }
        }
    }
}
