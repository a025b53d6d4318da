//! "Why is my task lost, late, or run twice?": acknowledgement, limits, prefetch, pools and processes.

use super::Rule;

mod late_ack_setting_without_acks_late;
mod task_acks_late_alone;
mod task_acks_on_timeout_loop;
mod task_always_eager_on;
mod task_reject_on_worker_lost_loop;
mod task_time_limit_missing;
mod worker_concurrency_of_the_host;
mod worker_disable_prefetch_ignored;
mod worker_max_memory_per_child_unit;
mod worker_max_tasks_per_child_invalid;
mod worker_pool_green_in_settings;
mod worker_pool_ignores_setting;
mod worker_pool_unknown;
mod worker_prefetch_multiplier_zero;
mod worker_soft_shutdown_not_reached;

pub(super) const RULES: &[Rule] = &[
    task_always_eager_on::RULE,
    worker_pool_green_in_settings::RULE,
    worker_pool_unknown::RULE,
    worker_pool_ignores_setting::RULE,
    worker_max_tasks_per_child_invalid::RULE,
    worker_max_memory_per_child_unit::RULE,
    worker_prefetch_multiplier_zero::RULE,
    worker_disable_prefetch_ignored::RULE,
    late_ack_setting_without_acks_late::RULE,
    task_acks_late_alone::RULE,
    task_acks_on_timeout_loop::RULE,
    worker_concurrency_of_the_host::RULE,
    worker_soft_shutdown_not_reached::RULE,
    task_reject_on_worker_lost_loop::RULE,
    task_time_limit_missing::RULE,
];
