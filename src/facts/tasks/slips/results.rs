//! Results of tasks, and how they are read: attributes, comparisons, waits, JSON.
//! What gives a state (`update_state`) is in `states`; what was never sent, and so gives no result, in `canvas`.

use super::arguments::{named, positional};
use super::{Reader, SlipKind};
use crate::facts::tasks::names::{function_of, within_function};
use crate::read::python::{Argument, Around, Expression, Node, Statement, StatementKind};
use crate::text::Text;

/// What results have (celery/result.py, 4.4.7 to 5.7.0).
const RESULT: [&str; 59] = [
    "TimeoutError",
    "add",
    "app",
    "args",
    "as_list",
    "as_tuple",
    "backend",
    "build_graph",
    "children",
    "clear",
    "collect",
    "completed_count",
    "date_done",
    "delete",
    "discard",
    "failed",
    "forget",
    "get",
    "get_leaf",
    "graph",
    "id",
    "ignored",
    "info",
    "iter_native",
    "iterate",
    "iterdeps",
    "join",
    "join_native",
    "kwargs",
    "maybe_reraise",
    "maybe_throw",
    "name",
    "on_ready",
    "parent",
    "queue",
    "ready",
    "remove",
    "restore",
    "result",
    "results",
    "retries",
    "revoke",
    "revoke_by_stamped_headers",
    "save",
    "state",
    "status",
    "subtasks",
    "successful",
    "supports_native_join",
    "task_id",
    "task_name",
    "then",
    "throw",
    "traceback",
    "update",
    "wait",
    "waiting",
    "wait_for_pending",
    "worker",
];

impl Reader<'_> {
    pub(super) fn is_result(&self, statement: &Statement, node: &Node) -> bool {
        // Most files keep no result under any name.
        if !self.has_results && matches!(node.is, Expression::Name(_)) {
            return false;
        }
        self.locals.result(function_of(statement), node, self.names).is_some()
    }

    /// Whether an attribute is one that results do not have.
    pub(super) fn is_unknown_of_result(&self, statement: &Statement, object: &Node, name: &Text) -> bool {
        !RESULT.contains(&name.as_str()) && !name.as_str().starts_with('_') && self.is_result(statement, object)
    }

    /// `while not result.ready:`, `if result.successful and …:`
    pub(super) fn tested(&mut self, statement: &Statement, node: &Node) {
        match &node.is {
            Expression::Not(inner) => self.tested(statement, inner),
            Expression::Junction { of, .. } => of.iter().for_each(|it| self.tested(statement, it)),
            Expression::Attribute { object, name }
                if matches!(name.as_str(), "ready" | "successful" | "failed") && self.is_result(statement, object) =>
            {
                self.add(statement, SlipKind::ResultMethodNotCalled, name);
            }
            _ => {}
        }
    }

    /// `await result.get()`
    pub(super) fn waited_for(&mut self, statement: &Statement, node: &Node, inner: &Node) {
        // Awaiting the sending itself is told where the task is known: another class may send in another way.
        let is_read = matches!(&inner.is, Expression::Call { function, .. }
            if matches!(&function.is, Expression::Attribute { object, name } if name.as_str() == "get" && self.is_result(statement, object)));
        if is_read {
            self.awaited.push(inner.at.span());
            self.add(statement, SlipKind::Awaited, &node.at);
        }
    }

    /// `result.state == "…"`
    pub(super) fn compared(&mut self, statement: &Statement, left: &Node, right: &Node) {
        for (one, other) in [(left, right), (right, left)] {
            if let Expression::Attribute { object, name } = &one.is
                && matches!(name.as_str(), "state" | "status")
                && let Some(text) = other.string()
                && self.is_result(statement, object)
            {
                self.add(statement, SlipKind::StateCompared(text.as_str().to_owned()), text);
            }
        }
    }

    /// `AsyncResult(result)`
    pub(super) fn result_of(&mut self, statement: &Statement, arguments: &[Argument]) {
        if let Some(result) = positional(arguments, 0).filter(|it| self.is_result(statement, it)) {
            self.add(statement, SlipKind::ResultOfResult, &result.at);
        }
    }

    /// `result.get(…)`
    pub(super) fn get(&mut self, statement: &Statement, node: &Node, name: &Text, arguments: &[Argument]) {
        let around = function_of(statement).map(|number| &self.document.statements[number].kind);
        let is_async = matches!(around, Some(StatementKind::Function(function)) if function.is_async);
        if is_async && !self.awaited.contains(&node.at.span()) {
            self.add(statement, SlipKind::BlocksLoop, name);
        }
        if named(arguments, "timeout").or_else(|| positional(arguments, 0)).is_some() {
            self.python_timeout(statement);
        }
    }

    /// The handler around a wait that catches Python's `TimeoutError` and nothing of Celery's.
    fn python_timeout(&mut self, statement: &Statement) {
        let Some(handlers) = within_function(statement).iter().rev().find_map(|around| match around {
            Around::Try(handlers) => Some(handlers.clone()),
            _ => None,
        }) else {
            return;
        };
        let is_python = |it: &Node| {
            matches!(
                self.full(it).as_str(),
                "TimeoutError" | "asyncio.TimeoutError" | "concurrent.futures.TimeoutError" | "socket.timeout"
            )
        };
        let catches_other = handlers.iter().any(|it| {
            it.catches.is_empty()
                || it.catches.iter().any(|caught| {
                    let full = self.full(caught);
                    full.starts_with("celery") || full.contains("Exception") || full.contains("CeleryError")
                })
        });
        if let Some(handler) = handlers.iter().find(|it| it.catches.iter().any(is_python))
            && !catches_other
        {
            self.add(statement, SlipKind::TimeoutOfPython, &handler.at);
        }
    }

    /// `JsonResponse({"task": result})`
    pub(super) fn all_in_json(&mut self, statement: &Statement, arguments: &[Argument]) {
        for argument in arguments {
            self.in_json(statement, &argument.value);
        }
    }

    fn in_json(&mut self, statement: &Statement, node: &Node) {
        match &node.is {
            Expression::Dict(entries) => entries.iter().for_each(|(_, value)| self.in_json(statement, value)),
            Expression::List(items) | Expression::Tuple(items) => {
                items.iter().for_each(|item| self.in_json(statement, item));
            }
            _ if self.is_result(statement, node) => self.add(statement, SlipKind::ResultInJson, &node.at),
            _ => {}
        }
    }
}
