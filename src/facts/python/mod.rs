//! What Python code says: names followed to their values, and the Celery settings among them.

mod builtins;
mod evaluate;
mod flow;
mod format;
pub mod settings;

pub(in crate::facts) use evaluate::is_possible;
pub use evaluate::{Alternative, Evaluator};
pub use flow::run;
