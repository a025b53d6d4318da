//! Retries and Celery's exceptions: `self.retry(…)`, `raise Retry(…)`, handlers that can never run.
//! What handlers swallow, and how many retries a task has, is in the module `retries` of tasks.

use super::arguments::{is_called, named, parts, positional, whole_number};
use super::{Reader, SlipKind};
use crate::facts::tasks::names::{function_of, within_function};
use crate::facts::tasks::walk::expressions;
use crate::read::python::{Argument, Around, Expression, Node, Statement, StatementKind};
use crate::text::Text;

impl Reader<'_> {
    pub(super) fn raised(&mut self, statement: &Statement, raised: &Node) {
        let (callee, arguments) = parts(raised);
        match self.full(callee).as_str() {
            "celery.exceptions.Retry" => {
                let number = function_of(statement);
                let sends = number.is_some_and(|number| {
                    self.body(number).flat_map(expressions).any(|it| {
                        it.any(&|node| {
                            matches!(&node.is, Expression::Attribute { name, .. }
                                if matches!(name.as_str(), "apply_async" | "delay" | "retry" | "send_task" | "signature_from_request"))
                        })
                    })
                });
                if !sends {
                    self.add(statement, SlipKind::RetryRaised, &raised.at);
                }
            }
            "celery.exceptions.Reject" => {
                let requeues = named(arguments, "requeue").or_else(|| positional(arguments, 1));
                if requeues.is_some_and(|it| matches!(it.is, Expression::Boolean(true))) {
                    self.add(statement, SlipKind::RejectRequeued, &raised.at);
                }
            }
            _ => {}
        }
    }

    /// `except TimeLimitExceeded` around a statement of a task.
    pub(super) fn hard_limit(&mut self, statement: &Statement) {
        for around in within_function(statement) {
            let Around::Try(handlers) = around else { continue };
            let is_limit = |it: &Node| it.at.as_str().rsplit('.').next() == Some("TimeLimitExceeded");
            let handler = handlers.iter().find(|it| it.catches.iter().any(is_limit)).map(|it| it.at.clone());
            if let Some(at) = handler
                && !self.found.iter().any(|it| it.is == SlipKind::HardLimitCaught && it.at.span() == at.span())
            {
                self.add(statement, SlipKind::HardLimitCaught, &at);
            }
        }
    }

    /// `self.retry(…)` in a task.
    pub(super) fn retry(&mut self, statement: &Statement, arguments: &[Argument]) {
        if named(arguments, "max_retries").is_some_and(|it| matches!(it.is, Expression::None)) {
            let at = arguments.iter().find(|it| is_called(it, "max_retries"));
            if let Some(option) = at.and_then(|it| it.name.as_ref()) {
                self.add(statement, SlipKind::RetryNoLimit, option);
            }
        }
        if let Some(countdown) = named(arguments, "countdown")
            && let Some(seconds) = whole_number(countdown)
        {
            self.add(statement, SlipKind::RetryCountdown(seconds), &countdown.at);
        }
        self.countdown(statement, arguments);
        let gives = named(arguments, "exc").is_some_and(|it| !matches!(it.is, Expression::None));
        let handler = within_function(statement).iter().rev().find_map(|around| match around {
            Around::Try(handlers) => Some(handlers),
            _ => None,
        });
        let never = handler.filter(|_| gives).and_then(|handlers| {
            let is_limit = |it: &Node| it.at.as_str().ends_with("MaxRetriesExceededError");
            handlers.iter().find(|it| !it.catches.is_empty() && it.catches.iter().all(is_limit))
        });
        if let Some(handler) = never {
            self.add(statement, SlipKind::RetryLimitNotRaised, &handler.at);
        }
    }

    /// Whether an attribute of the task is one that only its request has (celery/app/task.py, Context; 4.4.7 to 5.7.0).
    pub(super) fn is_of_request(&self, statement: &Statement, object: &Node, name: &Text) -> bool {
        const OF_REQUEST: [&str; 12] = [
            "retries",
            "id",
            "task_id",
            "args",
            "kwargs",
            "eta",
            "delivery_info",
            "hostname",
            "parent_id",
            "root_id",
            "correlation_id",
            "is_eager",
        ];
        let of_request = object.dotted().is_some_and(|it| it == "self.request");
        if of_request && matches!(name.as_str(), "task_id" | "max_retries") {
            return self.is_in_task(statement);
        }
        OF_REQUEST.contains(&name.as_str())
            && matches!(&object.is, Expression::Name(itself) if itself == "self")
            && self.is_in_task(statement)
            // Somebody may give the task one.
            && !self.document.statements.iter().any(|it| {
                matches!(&it.kind, StatementKind::Assign { target: Node { is: Expression::Attribute { name: own, .. }, .. }, .. }
                    if own.as_str() == name.as_str())
            })
    }

    pub(super) fn countdown(&mut self, statement: &Statement, arguments: &[Argument]) {
        let Some(given) = named(arguments, "countdown") else { return };
        if given.string().is_some_and(|it| !it.is_empty()) {
            self.add(statement, SlipKind::CountdownText, &given.at);
        } else if self.full(parts(given).0) == "datetime.timedelta" && matches!(given.is, Expression::Call { .. }) {
            self.add(statement, SlipKind::CountdownDuration, &given.at);
        }
    }
}
