//! "Why is my task never taken?": queues, routes, priorities.

use super::Rule;

mod default_queue_not_consumed;
mod priority_without_maximum;
mod queue_never_consumed;
mod queue_not_declared;
mod queue_type_not_applied;
mod queue_type_unknown;
mod quorum_queue_autoscale;
mod quorum_queue_qos;
mod task_annotations_invalid;
mod task_queues_invalid;
mod task_route_unknown;
mod task_routes_invalid;

pub(super) const RULES: &[Rule] = &[
    task_queues_invalid::RULE,
    task_routes_invalid::RULE,
    task_route_unknown::RULE,
    queue_not_declared::RULE,
    queue_type_unknown::RULE,
    queue_type_not_applied::RULE,
    queue_never_consumed::RULE,
    default_queue_not_consumed::RULE,
    priority_without_maximum::RULE,
    quorum_queue_qos::RULE,
    quorum_queue_autoscale::RULE,
    task_annotations_invalid::RULE,
];
