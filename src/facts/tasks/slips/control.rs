//! Remote control: `app.control.…`, `inspect()`, `result.revoke(…)`.

use super::arguments::{named, positional};
use super::{Reader, SlipKind};
use crate::facts::tasks::names::function_of;
use crate::read::python::{Argument, Expression, Node, Statement, StatementKind};
use crate::text::Text;

/// Functions and methods that return a reply of the workers, or `None`.
const INSPECT: [&str; 18] = [
    "active",
    "active_queues",
    "app",
    "clock",
    "conf",
    "hello",
    "memdump",
    "memsample",
    "objgraph",
    "ping",
    "query_task",
    "registered",
    "registered_tasks",
    "report",
    "reserved",
    "revoked",
    "scheduled",
    "stats",
];
/// Attributes of `Inspect` that are no commands (celery/app/control.py, 5.7.0).
const INSPECT_OWN: [&str; 7] = ["destination", "timeout", "callback", "connection", "limit", "pattern", "matcher"];

/// The signals that Python knows on Linux and macOS, without `SIG`: what `signal=` may name.
const SIGNALS: [&str; 39] = [
    "TERM", "KILL", "INT", "QUIT", "HUP", "USR1", "USR2", "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "EMT", "FPE",
    "ILL", "INFO", "IO", "IOT", "PIPE", "POLL", "PROF", "PWR", "RTMAX", "RTMIN", "SEGV", "STKFLT", "STOP", "SYS",
    "TRAP", "TSTP", "TTIN", "TTOU", "URG", "VTALRM", "XCPU", "XFSZ", "WINCH", "BREAK",
];

impl Reader<'_> {
    /// Whether a node is `app.control.inspect(…)`, or a name that it was given to.
    fn is_inspect(&self, statement: &Statement, node: &Node) -> bool {
        match &node.is {
            Expression::Call { function, .. } => {
                let dotted = function.dotted().unwrap_or_default();
                dotted.ends_with("control.inspect") || self.full(function) == "celery.app.control.Inspect"
            }
            Expression::Name(name) if self.has_inspects => {
                let mut given = self.document.statements.iter().filter_map(|it| match &it.kind {
                    StatementKind::Assign { target: Node { is: Expression::Name(target), .. }, value }
                        if target == name && function_of(it) == function_of(statement) =>
                    {
                        Some(value)
                    }
                    _ => None,
                });
                match (given.next(), given.next()) {
                    (Some(only), None) => {
                        matches!(only.is, Expression::Call { .. }) && self.is_inspect(statement, only)
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// `app.control.inspect` without parentheses, or a name that it was given to.
    fn uncalled_inspect(&self, statement: &Statement, node: &Node) -> Option<Text> {
        match &node.is {
            Expression::Attribute { .. } => node.dotted()?.ends_with(".control.inspect").then(|| node.at.clone()),
            Expression::Name(name) => {
                let mut given = self.document.statements.iter().filter_map(|it| match &it.kind {
                    StatementKind::Assign { target: Node { is: Expression::Name(target), .. }, value }
                        if target == name && function_of(it) == function_of(statement) =>
                    {
                        Some(value)
                    }
                    _ => None,
                });
                let (Some(only), None) = (given.next(), given.next()) else { return None };
                matches!(only.is, Expression::Attribute { .. }).then(|| self.uncalled_inspect(statement, only))?
            }
            _ => None,
        }
    }

    /// `app.events.Receiver(connection, handlers={"task-failed": …})`
    pub(super) fn event_handlers(&mut self, statement: &Statement, arguments: &[Argument]) {
        let handlers = named(arguments, "handlers").or_else(|| positional(arguments, 1));
        let Some(Node { is: Expression::Dict(entries), .. }) = handlers else { return };
        for key in entries.iter().filter_map(|(key, _)| key.as_ref().and_then(Node::string)) {
            self.add(statement, SlipKind::EventUnknown, key);
        }
    }

    /// Remote control: `app.control.…` and `inspect()`.
    pub(super) fn control(
        &mut self,
        statement: &Statement,
        node: &Node,
        (object, name): (&Node, &Text),
        arguments: &[Argument],
    ) {
        if INSPECT.contains(&name.as_str())
            && let Some(at) = self.uncalled_inspect(statement, object)
        {
            self.add(statement, SlipKind::InspectNotCalled, &at);
        }
        if self.is_inspect(statement, object) && !INSPECT.contains(&name.as_str()) {
            if !name.as_str().starts_with('_') && !INSPECT_OWN.contains(&name.as_str()) {
                self.add(statement, SlipKind::InspectUnknown, name);
            }
            return;
        }
        if matches!(name.as_str(), "items" | "values" | "keys")
            && let Expression::Call { function, .. } = &object.is
            && let Expression::Attribute { object: inspect, name: asked } = &function.is
            && INSPECT.contains(&asked.as_str())
            && self.is_inspect(statement, inspect)
        {
            self.add(statement, SlipKind::InspectMayBeNone, &object.at);
        }
        let of_control = object.dotted().is_some_and(|it| it == "control" || it.ends_with(".control"));
        let terminates = || named(arguments, "terminate").is_some_and(|it| matches!(it.is, Expression::Boolean(true)));
        if name.as_str() == "revoke" && terminates() && (of_control || self.is_result(statement, object)) {
            self.add(statement, SlipKind::Terminates, &node.at);
        }
        if (name.as_str() == "revoke" && terminates() || name.as_str() == "terminate")
            && (of_control || self.is_result(statement, object))
            && let Some(signal) = named(arguments, "signal").and_then(Node::string)
        {
            let short = signal.as_str().strip_prefix("SIG").unwrap_or(signal.as_str());
            if !SIGNALS.contains(&short) {
                self.add(statement, SlipKind::SignalUnknown, signal);
            }
        }
        if !of_control || !self.names.speaks_of_celery && !object.at.as_str().contains("app") {
            return;
        }
        if name.as_str() == "broadcast"
            && let Some(command) = positional(arguments, 0).and_then(Node::string)
        {
            self.add(statement, SlipKind::CommandUnknown, command);
        }
        if let Some(given) = named(arguments, "destination").filter(|it| it.string().is_some()) {
            self.add(statement, SlipKind::DestinationString, &given.at);
        }
        if matches!(name.as_str(), "revoke" | "terminate")
            && let Some(first) = positional(arguments, 0)
        {
            let is_dotted = first.string().is_some_and(|it| it.as_str().contains('.') && !it.as_str().contains(' '));
            let is_name = matches!(&first.is, Expression::Attribute { object, name }
                if name.as_str() == "name" && matches!(&object.is, Expression::Name(task) if self.locals.is_known_task(task)));
            if is_dotted || is_name {
                self.add(statement, SlipKind::RevokedByName, first.string().unwrap_or(&first.at));
            }
        }
    }
}
