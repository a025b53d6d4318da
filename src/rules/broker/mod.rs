//! "Why does it not connect?": addresses of brokers and backends.

use super::Rule;

mod url_part_unset;
mod url_port_from_service;

pub(super) const RULES: &[Rule] = &[url_part_unset::RULE, url_port_from_service::RULE];

/// The settings whose values are addresses.
const ADDRESSES: [&str; 4] = ["broker_url", "broker_read_url", "broker_write_url", "result_backend"];
