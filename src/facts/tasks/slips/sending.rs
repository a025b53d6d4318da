//! Sending that does not happen, or happens with something else: `add.delay`, `on_commit(lambda: …)`, `send_task`,
//! and rows of django-celery-beat that it cannot read.
//! Classes of tasks that are sent are in `definitions`; every call that sends is in the module `sending` of tasks.

use super::arguments::{named, positional};
use super::{Reader, SlipKind};
use crate::facts::tasks::names::{function_of, within_function};
use crate::facts::tasks::walk::walk;
use crate::read::python::{Argument, Around, Condition, ConditionKind, Expression, Node, Statement, StatementKind};
use crate::text::Text;

/// What `send_task` takes (celery/app/base.py, send_task, and what a message has; 4.4.7 to 5.7.0).
const SEND_TASK: [&str; 48] = [
    "args",
    "kwargs",
    "name",
    "countdown",
    "eta",
    "task_id",
    "producer",
    "connection",
    "router",
    "result_cls",
    "expires",
    "publisher",
    "link",
    "link_error",
    "add_to_parent",
    "group_id",
    "group_index",
    "retries",
    "chord",
    "reply_to",
    "time_limit",
    "soft_time_limit",
    "root_id",
    "parent_id",
    "route_name",
    "shadow",
    "chain",
    "task_type",
    "replaced_task_nesting",
    "queue",
    "routing_key",
    "exchange",
    "exchange_type",
    "priority",
    "serializer",
    "compression",
    "headers",
    "delivery_mode",
    "retry",
    "retry_policy",
    "ignore_result",
    "mandatory",
    "immediate",
    "declare",
    "properties",
    "content_type",
    "correlation_id",
    "expiration",
];

impl Reader<'_> {
    /// Whether `object.name` is a method that sends a task.
    pub(super) fn is_send(&self, statement: &Statement, object: &Node, name: &Text) -> bool {
        matches!(name.as_str(), "delay" | "apply_async")
            && matches!(&object.is, Expression::Name(task) if self.locals.is_known_task(task))
            && self.locals.get(function_of(statement), object.at.as_str()).is_none()
    }

    pub(super) fn on_commit(&mut self, statement: &Statement, arguments: &[Argument]) {
        let Some(first) = arguments.first().filter(|it| it.name.is_none()) else { return };
        let Expression::Later(body) = &first.value.is else { return };
        if let Expression::Attribute { object, name } = &body.is
            && self.is_send(statement, object, name)
        {
            self.add(statement, SlipKind::DelayNotCalled, &body.at);
        }
        // A default value keeps what the name means now: `lambda item=item: …`.
        if !first.value.at.as_str().starts_with("lambda:") {
            return;
        }
        let entered = within_function(statement).iter().rev().find_map(|around| match around {
            Around::With(nodes) => nodes.iter().find(|it| it.at.as_str().contains("atomic")),
            _ => None,
        });
        let by_decorator = || match &self.document.statements.get(function_of(statement)?)?.kind {
            StatementKind::Function(function) => function
                .decorators
                .iter()
                .find(|it| it.at.as_str().contains("atomic") && !it.at.as_str().contains("non_")),
            _ => None,
        };
        let Some(entered) = entered.or_else(by_decorator) else { return };
        let is_inner =
            |start: u32| start > entered.at.span().start && entered.at.span().source == statement.at.span().source;
        let is_looped = statement
            .conditions
            .iter()
            .any(|it| it.is == ConditionKind::Loop && it.test.as_str() == "for" && is_inner(it.test.span().start));
        if !is_looped {
            return;
        }
        // The names that the loops give another value each time.
        let bound = self.document.statements.iter().filter(|it| function_of(it) == function_of(statement));
        let bound: Vec<&str> = bound
            .filter_map(|it| match &it.kind {
                StatementKind::Assign { target: Node { is: Expression::Name(name), .. }, value }
                    if is_inner(it.at.span().start) && it.at.span().start < statement.at.span().start =>
                {
                    // The loop's own name, or one that its body sets.
                    let is_set = || {
                        let shares = |own: &&Condition| {
                            statement.conditions.iter().any(|other| other.test.span() == own.test.span())
                        };
                        !matches!(value.is, Expression::String(_) | Expression::Integer(_) | Expression::Boolean(_))
                            && it.conditions.iter().any(|own| own.is == ConditionKind::Loop && shares(&own))
                    };
                    (matches!(value.is, Expression::Other) || is_set()).then_some(name.as_str())
                }
                _ => None,
            })
            .collect();
        let mut used: Option<String> = None;
        walk(body, false, &mut |node, _| {
            if let Expression::Name(name) = &node.is
                && bound.contains(&name.as_str())
            {
                used.get_or_insert_with(|| name.clone());
            }
        });
        if let Some(name) = used {
            self.add(statement, SlipKind::LoopInLambda(name), &first.value.at);
        }
    }

    /// `PeriodicTask.objects.create(…)`, `….update_or_create(defaults={…})`
    pub(super) fn periodic_task(&mut self, statement: &Statement, arguments: &[Argument]) {
        for argument in arguments {
            let Some(name) = &argument.name else { continue };
            let wrong = match &argument.value.is {
                Expression::Dict(entries) if name.as_str().ends_with("defaults") => {
                    entries.iter().find_map(|(key, value)| not_json(key.as_ref()?.string()?.as_str(), value))
                }
                Expression::Call { arguments, .. } if name.as_str().ends_with("defaults") => {
                    arguments.iter().find_map(|it| not_json(it.name.as_ref()?.as_str(), &it.value))
                }
                _ => not_json(name.as_str(), &argument.value),
            };
            if let Some(wrong) = wrong {
                self.add(statement, SlipKind::PeriodicNotJson, &wrong.at);
            }
        }
    }

    /// `app.send_task(…)`
    pub(super) fn send_task(&mut self, statement: &Statement, arguments: &[Argument]) {
        let named_so = arguments.first().filter(|it| it.name.as_ref().is_none_or(|name| name.as_str() == "name"));
        if let Some(task) = named_so.filter(|it| self.is_bare_task(statement, &it.value)) {
            self.add(statement, SlipKind::SendTaskObject, &task.value.at);
        }
        let is_open = arguments.iter().any(|it| it.unpacked) || positional(arguments, 2).is_some();
        let unknown = arguments.iter().filter_map(|it| it.name.as_ref()).find(|it| !SEND_TASK.contains(&it.as_str()));
        if let Some(option) = unknown.filter(|_| !is_open && named(arguments, "kwargs").is_none()) {
            self.add(statement, SlipKind::SendTaskKeyword, option);
        }
    }
}

/// The arguments of a row of django-celery-beat that Django writes down as Python shows them: `{'id': 3}` is no JSON.
fn not_json<'n>(name: &str, given: &'n Node) -> Option<&'n Node> {
    let is_wrong = match (name, &given.is) {
        ("kwargs", Expression::Dict(entries)) => !entries.is_empty(),
        ("args", Expression::Tuple(items)) => !items.is_empty(),
        ("args", Expression::List(items)) => items.iter().any(|it| it.string().is_some()),
        _ => false,
    };
    is_wrong.then_some(given)
}
