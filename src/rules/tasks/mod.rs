//! "Why does my task code fail?": decorators, retries, calls, canvases, and Django beside Celery.

mod delay_in_transaction;
mod import_removed;
mod limits;
mod rate_limit_format;
mod retry_swallowed;
mod soft_time_limit_above_hard;
mod soft_time_limit_useless;
mod task_bind_without_parameter;
mod task_self_without_bind;
mod task_waits_for_task;

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
