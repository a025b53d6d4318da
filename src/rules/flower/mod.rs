//! "Why does Flower not show it?": its options, its doors, its variables.

use super::Rule;

mod flower_celery_option_after;
mod flower_open_to_all;
mod flower_option_unknown;
mod flower_option_without_equals;
mod flower_port_from_service;
mod flower_value_refused;

pub(super) const RULES: &[Rule] = &[
    flower_option_unknown::RULE,
    flower_option_without_equals::RULE,
    flower_celery_option_after::RULE,
    flower_port_from_service::RULE,
    flower_value_refused::RULE,
    flower_open_to_all::RULE,
];
