//! "Why is my task never taken?": queues, routes, priorities.

use super::Rule;

pub(super) const RULES: &[Rule] = &[];
