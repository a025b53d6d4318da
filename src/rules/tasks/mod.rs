//! "Why does my task code fail?": decorators, retries, calls, canvases, and Django beside Celery.

mod apply_async_args;
mod autoretry_for_exception;
mod countdown_string;
mod delay_argument_not_json;
mod delay_in_transaction;
mod delay_wrong_arguments;
mod import_removed;
mod limits;
mod max_retries_none;
mod rate_limit_format;
mod retry_swallowed;
mod soft_time_limit_above_hard;
mod soft_time_limit_useless;
mod task_bind_without_parameter;
mod task_self_without_bind;
mod task_waits_for_task;
mod time_limit_zero;

use super::Rule;
use crate::facts::value::{Known, Value};

pub(super) const RULES: &[Rule] = &[
    task_self_without_bind::RULE,
    task_bind_without_parameter::RULE,
    task_waits_for_task::RULE,
    retry_swallowed::RULE,
    delay_in_transaction::RULE,
    rate_limit_format::RULE,
    soft_time_limit_above_hard::RULE,
    soft_time_limit_useless::RULE,
    max_retries_none::RULE,
    autoretry_for_exception::RULE,
    time_limit_zero::RULE,
    delay_wrong_arguments::RULE,
    apply_async_args::RULE,
    countdown_string::RULE,
    delay_argument_not_json::RULE,
    import_removed::RULE,
];

/// A number, however it is written; a boolean is none.
fn number(known: &Known) -> Option<f64> {
    match known.value {
        #[allow(clippy::cast_precision_loss, reason = "nobody writes a limit beyond 2^53")]
        Value::Integer(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

/// Whether a first parameter has a name that people give the task itself.
fn is_for_the_task(name: &str) -> bool {
    matches!(name, "self" | "task" | "this" | "cls" | "celery_task") || name.starts_with('_')
}
