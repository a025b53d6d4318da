//! "Why does it not connect?": addresses of brokers and backends.

use super::Rule;
use crate::facts::settings::Source;
use crate::facts::value::{Value, Why};
use crate::facts::{Said, Scope};
use crate::text::Text;

mod broker_account_mismatch;
mod broker_connection_retry_off;
mod broker_connection_retry_on_startup_unset;
mod broker_failover_strategy_unknown;
mod broker_guest_remote;
mod broker_heartbeat_off;
mod broker_pool_limit_zero;
mod broker_port_mismatch;
mod broker_rediss_unverified;
mod broker_scheme_unknown;
mod broker_url_comma_list;
mod broker_url_unset;
mod broker_url_without_scheme;
mod broker_use_ssl_key_unknown;
mod broker_use_ssl_true_redis;
mod broker_vhost_slash;
mod control_queue_durable_and_exclusive;
mod publisher_confirms_off;
mod rabbitmq_refuses_control_queues;
mod redis_evicts_messages;
mod sender_and_worker_differ;
mod sentinel_without_master_name;
mod transport_option_invalid;
mod url_blank_or_quote;
mod url_dollar_in_compose;
mod url_dollar_in_f_string;
mod url_host_not_a_service;
mod url_localhost_in_container;
mod url_parameter_unknown;
mod url_part_unset;
mod url_password_in_plain_text;
mod url_password_unescaped;
mod url_password_unquoted;
mod url_port_from_service;
mod url_port_invalid;
mod url_variable_unexpanded;
mod variable_missing_in_service;
mod variable_name_differs;
mod visibility_timeout_beyond_sqs;
mod visibility_timeout_differs;
mod visibility_timeout_misplaced;
mod visibility_timeout_short;

pub(super) const RULES: &[Rule] = &[
    url_part_unset::RULE,
    url_port_from_service::RULE,
    broker_scheme_unknown::RULE,
    broker_url_without_scheme::RULE,
    url_blank_or_quote::RULE,
    url_password_unescaped::RULE,
    broker_url_comma_list::RULE,
    url_parameter_unknown::RULE,
    broker_vhost_slash::RULE,
    broker_port_mismatch::RULE,
    broker_failover_strategy_unknown::RULE,
    broker_use_ssl_true_redis::RULE,
    broker_rediss_unverified::RULE,
    broker_pool_limit_zero::RULE,
    broker_heartbeat_off::RULE,
    broker_connection_retry_off::RULE,
    broker_connection_retry_on_startup_unset::RULE,
    publisher_confirms_off::RULE,
    visibility_timeout_short::RULE,
    visibility_timeout_misplaced::RULE,
    visibility_timeout_differs::RULE,
    control_queue_durable_and_exclusive::RULE,
    rabbitmq_refuses_control_queues::RULE,
    broker_guest_remote::RULE,
    broker_url_unset::RULE,
    url_localhost_in_container::RULE,
    url_password_in_plain_text::RULE,
    url_password_unquoted::RULE,
    url_variable_unexpanded::RULE,
    url_host_not_a_service::RULE,
    broker_account_mismatch::RULE,
    sentinel_without_master_name::RULE,
    broker_use_ssl_key_unknown::RULE,
    variable_name_differs::RULE,
    variable_missing_in_service::RULE,
    sender_and_worker_differ::RULE,
    visibility_timeout_beyond_sqs::RULE,
    redis_evicts_messages::RULE,
    url_port_invalid::RULE,
    url_dollar_in_compose::RULE,
    url_dollar_in_f_string::RULE,
    transport_option_invalid::RULE,
];

/// The settings whose values are addresses.
const ADDRESSES: [&str; 4] = ["broker_url", "broker_read_url", "broker_write_url", "result_backend"];

/// The schemes of RabbitMQ.
const AMQP: [&str; 4] = ["amqp", "amqps", "pyamqp", "librabbitmq"];

/// Whether a number is switched off: 0 or None.
fn is_off(said: &Said<'_>) -> bool {
    matches!(said.known.value, Value::Integer(0) | Value::None)
}

/// A variable that the code reads for an address, and no file sets.
struct Asked<'a> {
    name: &'a str,
    at: &'a Text,
    /// Whether something else holds without it.
    has_default: bool,
    /// What holds without it, where that is known.
    defaults: Vec<&'a Text>,
}

/// The variables that the code of a scope reads for its addresses in vain.
fn asked(scope: &Scope) -> Vec<Asked<'_>> {
    let mut found: Vec<Asked<'_>> = Vec::new();
    let settings = scope.settings.iter().filter(|setting| setting.source <= Source::Python);
    for setting in settings.filter(|setting| matches!(setting.name, "broker_url" | "result_backend")) {
        let has_default = setting.alternatives.len() > 1;
        for alternative in &setting.alternatives {
            let of_holes =
                alternative.known.text().into_iter().flat_map(|text| &text.holes).map(|it| (&it.why, &it.site));
            let whole = match &alternative.known.value {
                Value::Unknown(why) => Some((why, &alternative.known.at)),
                _ => None,
            };
            for (why, at) in of_holes.chain(whole) {
                if let Why::Environment { name, .. } = why
                    && !found.iter().any(|known| known.name == name)
                {
                    let known = setting.alternatives.iter().filter_map(|it| it.known.whole_text());
                    found.push(Asked { name, at, has_default, defaults: known.collect() });
                }
            }
        }
    }
    found
}
