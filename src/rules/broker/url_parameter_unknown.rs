use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::broker::{BROKERS, all};
use crate::facts::value::HOLE;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::URL_PARAMETER_UNKNOWN, sees: SETTINGS_KINDS, check };

/// Transports whose address kombu takes apart itself; MongoDB, databases and clouds have readers of their own.
const READ_BY_KOMBU: [&str; 10] =
    ["amqp", "amqps", "pyamqp", "librabbitmq", "redis", "rediss", "sentinel", "sqs", "memory", "filesystem"];

/// What `Connection._init_params` takes beside the parts of the address; names with `ssl_` are collected before
/// (kombu/connection.py:318 and kombu/utils/url.py:40, 5.7.0; the same in 4.6.11).
const TAKEN: [&str; 6] = ["insist", "ssl", "connect_timeout", "login_method", "heartbeat", "credential_provider"];

/// What no release of redis-py takes, of what people write: everything else is handed on to it
/// (celery/backends/redis.py:738, 5.7.0).
const NOT_OF_REDIS: [&str; 11] = [
    "visibility_timeout",
    "timeout",
    "connect_timeout",
    "connection_timeout",
    "heartbeat",
    "global_keyprefix",
    "key_prefix",
    "prefix",
    "ssl",
    "ttl",
    "result_expires",
];

fn check(facts: &Facts, findings: &mut Findings) {
    for address in all(facts) {
        let Some(query) = &address.url.query else { continue };
        let is_broker = BROKERS.contains(&address.said.setting.name);
        let is_read = match is_broker {
            true => address.url.is_any(&READ_BY_KOMBU) && !address.url.scheme.as_str().contains('+'),
            false => address.url.is_any(&["redis", "rediss"]) && !address.url.scheme.as_str().contains('+'),
        };
        if !is_read {
            continue;
        }
        let mut start = 0;
        for pair in query.as_str().split('&') {
            let at = start;
            start += pair.len() + 1;
            // A parameter without a value is dropped (urllib.parse.parse_qsl).
            let Some((name, value)) = pair.split_once('=') else { continue };
            let is_plain = !name.is_empty() && !name.contains([HOLE, '%', '+', '$', '{']);
            let is_refused = match is_broker {
                true => !name.starts_with("ssl_") && !TAKEN.contains(&name),
                false => NOT_OF_REDIS.contains(&name),
            };
            if value.is_empty() || !is_plain || !is_refused {
                continue;
            }
            let parameter = query.slice(at..at + name.len()).text;
            let setting = &address.said.setting.written;
            let message: Message = match is_broker {
                true => cards::UrlParameterUnknown::Broker { setting, parameter: &parameter }.into(),
                false => cards::UrlParameterUnknown::Results { setting, parameter: &parameter }.into(),
            };
            findings
                .add(message)
                .at(&parameter)
                .scope(&address.scope.name)
                // Of several addresses, the others are read only when their turn comes.
                .uncertain_if(address.said.is_conditional() || address.of > 1)
                .at_most_info_if(address.said.is_for_tests());
        }
    }
}
