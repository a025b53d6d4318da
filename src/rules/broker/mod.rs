//! "Why does it not connect?": addresses of brokers and backends.

use super::Rule;

mod broker_failover_strategy_unknown;
mod broker_port_mismatch;
mod broker_scheme_unknown;
mod broker_url_comma_list;
mod broker_url_without_scheme;
mod broker_vhost_slash;
mod url_blank_or_quote;
mod url_part_unset;
mod url_password_unescaped;
mod url_port_from_service;

pub(super) const RULES: &[Rule] = &[
    url_part_unset::RULE,
    url_port_from_service::RULE,
    broker_scheme_unknown::RULE,
    broker_url_without_scheme::RULE,
    url_blank_or_quote::RULE,
    url_password_unescaped::RULE,
    broker_url_comma_list::RULE,
    broker_vhost_slash::RULE,
    broker_port_mismatch::RULE,
    broker_failover_strategy_unknown::RULE,
];

/// The settings whose values are addresses.
const ADDRESSES: [&str; 4] = ["broker_url", "broker_read_url", "broker_write_url", "result_backend"];

/// The schemes of RabbitMQ.
const AMQP: [&str; 4] = ["amqp", "amqps", "pyamqp", "librabbitmq"];
