//! "Where do my results go?": the result backend.

use super::Rule;

mod result_backend_amqp;

pub(super) const RULES: &[Rule] = &[result_backend_amqp::RULE];
