//! "Why is my task never taken?": queues, routes, priorities.

use super::Rule;

mod queue_name_blank;
mod queue_not_declared;
mod queue_type_not_applied;
mod queue_type_unknown;
mod task_queues_invalid;
mod task_routes_invalid;

pub(super) const RULES: &[Rule] = &[
    task_queues_invalid::RULE,
    task_routes_invalid::RULE,
    queue_name_blank::RULE,
    queue_not_declared::RULE,
    queue_type_unknown::RULE,
    queue_type_not_applied::RULE,
];
