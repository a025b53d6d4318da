//! Calls and statements that run, or are skipped, in another way than they read: a rule each says why.

use std::collections::HashMap;

use super::locals::{CANVAS, Local, Locals, unwrapped};
use super::names::{Names, function_of, within_function};
use super::walk::{expressions, walk};
use crate::read::python::{
    Argument, Around, BinaryOperator, Expression, Node, PythonDocument, Statement, StatementKind,
};
use crate::text::{Span, Text};

/// One of them.
#[derive(Clone, Debug)]
pub struct Slip {
    pub is: SlipKind,
    pub at: Text,
    /// The task of this file whose function it stands in.
    pub in_task: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SlipKind {
    /// `self.retry(max_retries=None)`: the limit of the task holds.
    RetryNoLimit,
    /// `except MaxRetriesExceededError` around a retry that is given `exc=`.
    RetryLimitNotRaised,
    /// `raise Retry(…)`, in a task that sends nothing itself.
    RetryRaised,
    /// `raise Reject(…, requeue=True)`
    RejectRequeued,
    /// `update_state("PROGRESS", …)`: the first argument is the id.
    StatePositional,
    /// `update_state(state="FAILURE", meta={…})` without `exc_type`.
    StateFailure,
    /// A name that `update_state` gives a state of one's own.
    StateOwn(String),
    /// `await result.get()`
    Awaited,
    /// `while not result.ready:`
    ResultMethodNotCalled,
    /// `result.state == "…"`, with a name in a string.
    StateCompared(String),
    /// `except TimeoutError`, Python's own, around `result.get(timeout=…)`.
    TimeoutOfPython,
    /// `JsonResponse({"task": result})`
    ResultInJson,
    /// `group(…).get()`: what a method of results is called on was never sent.
    CanvasRead(Text),
    /// `GroupResult.restore(…)`
    GroupRestored,
    /// `result.save()`
    GroupSaved,
    /// `add.delay` without parentheses, which sends nothing.
    DelayNotCalled,
    /// `on_commit(lambda: add.delay(item.pk))` in a loop within the transaction, with the name of the loop.
    LoopInLambda(String),
    /// `link=function`, which is no signature; the option.
    LinkNoSignature(Text),
    /// An item of `add.starmap([1, 2])` or `add.chunks(…)` that is no tuple; the method.
    StarmapItem(Text),
    /// A method that `inspect()` does not have.
    InspectUnknown,
    /// `inspect().active().items()`: nobody may answer.
    InspectMayBeNone,
    /// `destination="celery@host"` of a remote control command.
    DestinationString,
    /// `revoke("shop.tasks.add")`
    RevokedByName,
    /// `revoke(…, terminate=True)`
    Terminates,
    /// A decorator that is given a string instead of a function: `@app.task("name")`.
    DecoratorString,
    /// A `__call__` of a task's class that runs the task and does not return what it gives.
    CallWithoutReturn,
    /// `Import().delay()` or `Import.delay()` of a class of tasks, with the class; whether on the class itself.
    ClassSent { class: String, on_class: bool },
    /// A class that `register_task` and its kin are given.
    ClassRegistered(String),
    /// `Celery()` without the name of its module.
    AppWithoutName,
    /// `Celery(task_cls=…)`, or a class in the place of the app's `Task`: it may bring options.
    TaskClassGiven,
    /// `app.worker_main([…])` without `worker`.
    WorkerMain,
    /// `celery.bin.worker.worker(…)`
    WorkerClass,
    /// `app.user_options["worker"].add(function)`
    UserOptionFunction,
    /// `app.steps["workers"]`
    StepsKey,
    /// `get_task_logger()`
    LoggerWithoutName,
    /// A class of tasks within a function that nothing uses.
    BaseUnused,
    /// Django's models are imported before Django is set up.
    ModelsEarly,
    /// What Flask binds to a request, or to an app, in a task.
    FlaskName { is_request: bool },
    /// `app.app_context()` and its kin.
    FlaskContext,
    /// `multiprocessing.Pool` and its kin in a task.
    Multiprocessing,
    /// `yield` in a task.
    Yields,
    /// `add.s(2, 3, queue="math")`: an option of sending among the arguments, with the task.
    SignatureOption(String),
    /// A keyword that `send_task` does not have: an argument of the task.
    SendTaskKeyword,
    /// `self.request.retries > 3`
    RetriesCompared,
    /// `self.retry(countdown="60")`, `add.s(1).set(countdown="60")`
    CountdownText,
    /// `self.retry(countdown=timedelta(…))`
    CountdownDuration,
    /// `update_state(state="FAILURE", …)` in a task that then returns.
    StateOverwritten,
    /// An attribute that results do not have.
    ResultUnknown,
    /// `AsyncResult(result)`
    ResultOfResult,
    /// `result.get()` in an `async def`.
    BlocksLoop,
    /// `except TimeLimitExceeded` in a task.
    HardLimitCaught,
    /// A command of `broadcast` that Celery does not have.
    CommandUnknown,
    /// `celery.task`, where `celery` is the package.
    PackageAsApp,
    /// The seconds of `self.retry(countdown=…)`, where they are written out.
    RetryCountdown(i64),
}

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

struct Reader<'a> {
    document: &'a PythonDocument,
    names: &'a Names,
    locals: &'a Locals,
    task_of: &'a HashMap<usize, usize>,
    found: Vec<Slip>,
    /// `import celery`
    imports_package: bool,
    /// The places of calls that are awaited: what is wrong with them has been said.
    awaited: Vec<Span>,
    /// Whether some name holds a result.
    has_results: bool,
}

/// Every one of a file.
pub(super) fn slips(
    document: &PythonDocument,
    names: &Names,
    locals: &Locals,
    task_of: &HashMap<usize, usize>,
) -> Vec<Slip> {
    let has_results = locals.known.values().any(|it| matches!(it, Local::Result(_)));
    let mut reader = Reader {
        document,
        names,
        locals,
        task_of,
        found: Vec::new(),
        imports_package: false,
        awaited: Vec::new(),
        has_results,
    };
    for (number, statement) in document.statements.iter().enumerate() {
        reader.statement(number, statement);
    }
    reader.found
}

impl<'a> Reader<'a> {
    fn add(&mut self, statement: &Statement, is: SlipKind, at: &Text) {
        let in_task = function_of(statement).and_then(|number| self.task_of.get(&number)).copied();
        self.found.push(Slip { is, at: at.clone(), in_task });
    }

    fn full(&self, node: &Node) -> String {
        self.names.full_name(node).unwrap_or_default()
    }

    fn is_result(&self, statement: &Statement, node: &Node) -> bool {
        // Most files keep no result under any name.
        if !self.has_results && matches!(node.is, Expression::Name(_)) {
            return false;
        }
        self.locals.result(function_of(statement), node, self.names).is_some()
    }

    fn is_canvas(&self, statement: &Statement, node: &Node) -> bool {
        self.locals.is_canvas(function_of(statement), node, self.names)
    }

    fn statement(&mut self, number: usize, statement: &'a Statement) {
        match &statement.kind {
            StatementKind::Function(function) => {
                for decorator in &function.decorators {
                    if let Expression::Call { arguments, .. } = &decorator.is
                        && super::decorators::made_by(decorator, self.names).is_some()
                        && let Some(first) = arguments.first().filter(|it| it.name.is_none() && !it.unpacked)
                        && first.value.string().is_some()
                    {
                        self.add(statement, SlipKind::DecoratorString, &first.value.at);
                    }
                }
                if function.name.as_str() == "__call__" {
                    self.dunder_call(number, statement, &function.name);
                }
            }
            StatementKind::Import { module, renamed } if module.as_str() == "celery" && renamed.is_none() => {
                self.imports_package = true;
            }
            StatementKind::Class { name, bases, .. } => self.class(number, statement, name, bases),
            StatementKind::Raise(Some(raised)) => self.raised(statement, raised),
            StatementKind::Head(node) | StatementKind::Test(node) => self.tested(statement, node),
            StatementKind::Expression(Node { is: Expression::Attribute { object, name }, at }) => {
                if self.is_send(statement, object, name) {
                    self.add(statement, SlipKind::DelayNotCalled, at);
                }
            }
            StatementKind::Assign { target, .. } if is_task_of_app(target, self.names) => {
                self.add(statement, SlipKind::TaskClassGiven, &target.at);
            }
            StatementKind::Import { module, .. } if module.as_str().ends_with(".models") => {
                self.models(number, statement, module);
            }
            StatementKind::FromImport { module, name, .. }
                if module.rsplit('.').next() == Some("models") && !module.starts_with("django.db") =>
            {
                self.models(number, statement, name);
            }
            _ => {}
        }
        if self.task_of.get(&function_of(statement).unwrap_or(usize::MAX)).is_some() {
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
            let written = statement.at.as_str();
            let is_plain = matches!(statement.kind, StatementKind::Expression(_) | StatementKind::Assign { .. });
            if is_plain && (written.starts_with("yield ") || written == "yield" || written.contains("= yield ")) {
                self.add(statement, SlipKind::Yields, &statement.at);
            }
        }
        for expression in expressions(statement) {
            let mut nodes: Vec<&Node> = Vec::new();
            walk(expression, false, &mut |node, _| nodes.push(node));
            for node in nodes {
                self.node(statement, node);
            }
        }
    }

    /// Whether `object.name` is a method that sends a task.
    fn is_send(&self, statement: &Statement, object: &Node, name: &Text) -> bool {
        matches!(name.as_str(), "delay" | "apply_async")
            && matches!(&object.is, Expression::Name(task) if self.locals.is_known_task(task))
            && self.locals.get(function_of(statement), object.at.as_str()).is_none()
    }

    /// The statements of a function, without those of functions in it.
    fn body(&self, number: usize) -> impl Iterator<Item = &'a Statement> {
        self.document.statements.iter().filter(move |it| function_of(it) == Some(number))
    }

    fn dunder_call(&mut self, number: usize, statement: &Statement, name: &Text) {
        let Some(class) = super::decorators::class_of(statement) else { return };
        let StatementKind::Class { bases, .. } = &self.document.statements[class].kind else { return };
        if !bases.iter().any(|base| self.names.is_celerys(base, "Task") || is_task_of_app(base, self.names)) {
            return;
        }
        let runs = |node: &Node| match &node.is {
            Expression::Call { function, .. } => match &function.is {
                Expression::Attribute { object, name } => match name.as_str() {
                    "run" => matches!(&object.is, Expression::Name(object) if object == "self"),
                    "__call__" => true,
                    _ => false,
                },
                _ => false,
            },
            _ => false,
        };
        let mut drops = false;
        for it in self.body(number) {
            match &it.kind {
                StatementKind::Return(Some(_)) => return,
                StatementKind::Expression(node) if runs(node) => drops = true,
                _ if it.at.as_str().starts_with("yield") => return,
                _ => {}
            }
        }
        if drops {
            self.add(statement, SlipKind::CallWithoutReturn, name);
        }
    }

    fn class(&mut self, _: usize, statement: &Statement, name: &Text, bases: &[Node]) {
        let is_base = bases.iter().any(|base| self.names.is_celerys(base, "Task") || is_task_of_app(base, self.names));
        if !is_base || function_of(statement).is_none() {
            return;
        }
        let mut uses = 0;
        for expression in self.document.statements.iter().flat_map(expressions) {
            walk(expression, false, &mut |node, _| {
                uses += usize::from(matches!(&node.is, Expression::Name(used) if used == name.as_str()));
            });
        }
        let is_used = uses > 0
            || self.document.statements.iter().any(|it| match &it.kind {
                StatementKind::Class { bases, .. } => bases.iter().any(|base| base.at.as_str() == name.as_str()),
                StatementKind::Global(global) => global == name.as_str(),
                _ => false,
            });
        if !is_used {
            self.add(statement, SlipKind::BaseUnused, name);
        }
    }

    fn raised(&mut self, statement: &Statement, raised: &Node) {
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

    /// `while not result.ready:`, `if result.successful and …:`
    fn tested(&mut self, statement: &Statement, node: &Node) {
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

    fn models(&mut self, number: usize, statement: &Statement, at: &Text) {
        let is_plain = statement.inside.is_empty() && statement.conditions.is_empty();
        let is_set_up = self.document.statements[..number].iter().flat_map(expressions).any(|it| {
            it.any(&|node| {
                matches!(&node.is, Expression::Call { function, .. } if self.full(function).ends_with("django.setup"))
            })
        });
        if is_plain && !is_set_up {
            self.add(statement, SlipKind::ModelsEarly, at);
        }
    }

    fn node(&mut self, statement: &'a Statement, node: &'a Node) {
        match &node.is {
            Expression::Await(inner) if matches!(inner.is, Expression::Call { .. }) => {
                // Awaiting the sending itself is told where the task is known: another class may send in another way.
                let is_read = matches!(&inner.is, Expression::Call { function, .. }
                    if matches!(&function.is, Expression::Attribute { object, name } if name.as_str() == "get" && self.is_result(statement, object)));
                if is_read {
                    self.awaited.push(inner.at.span());
                    self.add(statement, SlipKind::Awaited, &node.at);
                }
            }
            Expression::Compare { left, right, .. }
                if [left, right].iter().any(|it| it.at.as_str().contains("request.retries")) =>
            {
                self.add(statement, SlipKind::RetriesCompared, &node.at);
            }
            Expression::Compare { left, operator, right } if matches!(*operator, "==" | "!=") => {
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
            Expression::Subscript { object, index } => {
                if let Expression::Attribute { object: app, name } = &object.is
                    && name.as_str() == "steps"
                    && self.names.is_app(app)
                    && let Some(key) = index.string()
                    && !matches!(key.as_str(), "worker" | "consumer")
                {
                    self.add(statement, SlipKind::StepsKey, key);
                }
            }
            Expression::Attribute { object, name }
                if name.as_str() == "session"
                    && self.task_of.contains_key(&function_of(statement).unwrap_or(usize::MAX))
                    && matches!(&object.is, Expression::Name(database) if self.is_flask_database(database))
                    && !within_function(statement).iter().any(|around| matches!(around, Around::With(_))) =>
            {
                self.add(statement, SlipKind::FlaskName { is_request: false }, &node.at);
            }
            Expression::Name(name) if self.task_of.contains_key(&function_of(statement).unwrap_or(usize::MAX)) => {
                let full = self.full(node);
                let Some(of_flask) = full.strip_prefix("flask.") else { return };
                let is_request = matches!(of_flask, "request" | "session");
                if (is_request || matches!(of_flask, "current_app" | "g" | "url_for" | "render_template"))
                    && self.locals.get(function_of(statement), name).is_none()
                    && !within_function(statement).iter().any(|around| matches!(around, Around::With(_)))
                {
                    self.add(statement, SlipKind::FlaskName { is_request }, &node.at);
                }
            }
            Expression::Attribute { object, name }
                if name.as_str() == "task"
                    && self.imports_package
                    && matches!(&object.is, Expression::Name(package) if package == "celery" && !self.names.apps.contains(package)) =>
            {
                self.add(statement, SlipKind::PackageAsApp, &node.at);
            }
            Expression::Attribute { object, name }
                if !RESULT.contains(&name.as_str())
                    && !name.as_str().starts_with('_')
                    && self.is_result(statement, object) =>
            {
                self.add(statement, SlipKind::ResultUnknown, name);
            }
            Expression::Attribute { name, .. }
                if matches!(name.as_str(), "app_context" | "test_request_context" | "request_context") =>
            {
                self.add(statement, SlipKind::FlaskContext, &node.at);
            }
            Expression::Call { function, arguments } => self.call(statement, node, function, arguments),
            _ => {}
        }
    }

    fn call(&mut self, statement: &'a Statement, node: &'a Node, function: &'a Node, arguments: &'a [Argument]) {
        let full = self.full(function);
        if self.names.is_celerys(function, "Celery") {
            let is_open = arguments.iter().any(|it| it.unpacked || it.name.is_none());
            if !is_open && named(arguments, "main").is_none() {
                self.add(statement, SlipKind::AppWithoutName, &function.at);
            }
            if is_open && arguments.iter().any(|it| it.unpacked) || named(arguments, "task_cls").is_some() {
                self.add(statement, SlipKind::TaskClassGiven, &function.at);
            }
        }
        match full.as_str() {
            "celery.utils.log.get_task_logger" if arguments.is_empty() => {
                self.add(statement, SlipKind::LoggerWithoutName, &node.at);
            }
            "celery.bin.worker.worker" => self.add(statement, SlipKind::WorkerClass, &function.at),
            "multiprocessing.Pool"
            | "multiprocessing.Process"
            | "multiprocessing.pool.Pool"
            | "concurrent.futures.ProcessPoolExecutor"
            | "concurrent.futures.process.ProcessPoolExecutor" => {
                self.add(statement, SlipKind::Multiprocessing, &function.at);
            }
            "celery.result.GroupResult.restore" => self.add(statement, SlipKind::GroupRestored, &function.at),
            _ => {}
        }
        if self.names.is_celerys(function, "AsyncResult") {
            let of = positional(arguments, 0).filter(|it| self.is_result(statement, it));
            if let Some(result) = of {
                self.add(statement, SlipKind::ResultOfResult, &result.at);
            }
        }
        for option in ["link", "link_error"] {
            let Some(given) = arguments.iter().find(|it| is_called(it, option)) else { continue };
            if let Expression::Name(name) = &given.value.is
                && self.locals.get(function_of(statement), name).is_none()
                && (self.locals.is_known_task(name) || self.is_function(name))
                && let Some(option) = &given.name
            {
                self.add(statement, SlipKind::LinkNoSignature(option.clone()), &given.value.at);
            }
        }
        let last = function.dotted().unwrap_or_default();
        if matches!(last.rsplit('.').next(), Some("JsonResponse" | "jsonify" | "JSONResponse")) || last == "json.dumps"
        {
            for argument in arguments {
                self.in_json(statement, &argument.value);
            }
        }
        if last.rsplit('.').next() == Some("on_commit") {
            self.on_commit(statement, arguments);
        }
        if let Expression::Attribute { object, name } = &function.is {
            self.method(statement, node, (object, name), arguments);
        }
    }

    /// Whether a name is an extension of Flask's for databases, made in this file.
    fn is_flask_database(&self, name: &str) -> bool {
        self.document.statements.iter().any(|it| {
            matches!(&it.kind, StatementKind::Assign { target: Node { is: Expression::Name(target), .. }, value }
                if target == name && self.full(parts(value).0) == "flask_sqlalchemy.SQLAlchemy")
        })
    }

    /// Whether a name is that of a function at the top of the file.
    fn is_function(&self, name: &str) -> bool {
        self.document.statements.iter().any(|it| {
            it.inside.is_empty()
                && matches!(&it.kind, StatementKind::Function(function)
                    if function.name.as_str() == name && function.decorators.is_empty())
        })
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

    fn on_commit(&mut self, statement: &Statement, arguments: &[Argument]) {
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
        let Some(entered) = within_function(statement).iter().rev().find_map(|around| match around {
            Around::With(nodes) => nodes.iter().find(|it| it.at.as_str().contains("atomic")),
            _ => None,
        }) else {
            return;
        };
        let is_inner =
            |start: u32| start > entered.at.span().start && entered.at.span().source == statement.at.span().source;
        let is_looped = statement.conditions.iter().any(|it| {
            it.is == crate::read::python::ConditionKind::Loop
                && it.test.as_str() == "for"
                && is_inner(it.test.span().start)
        });
        if !is_looped {
            return;
        }
        // The names that the loops give another value each time.
        let bound = self.document.statements.iter().filter(|it| function_of(it) == function_of(statement));
        let bound: Vec<&str> = bound
            .filter_map(|it| match &it.kind {
                StatementKind::Assign {
                    target: Node { is: Expression::Name(name), .. },
                    value: Node { is: Expression::Other, .. },
                } if is_inner(it.at.span().start) && it.at.span().start < statement.at.span().start => {
                    Some(name.as_str())
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

    fn method(
        &mut self,
        statement: &'a Statement,
        node: &'a Node,
        (object, name): (&'a Node, &'a Text),
        arguments: &'a [Argument],
    ) {
        let in_task = self.task_of.contains_key(&function_of(statement).unwrap_or(usize::MAX));
        match name.as_str() {
            "retry" if in_task => {
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
            "set" if self.is_canvas(statement, object) => self.countdown(statement, arguments),
            "update_state" => self.update_state(statement, arguments),
            "store_result" | "mark_as_failure" => {
                for argument in arguments {
                    if let Some(text) = argument.value.string() {
                        self.add(statement, SlipKind::StateOwn(text.as_str().to_owned()), text);
                    }
                }
            }
            "get" if self.is_result(statement, object) => {
                let around = function_of(statement).map(|number| &self.document.statements[number].kind);
                let is_async = matches!(around, Some(StatementKind::Function(function)) if function.is_async);
                if is_async && !self.awaited.contains(&node.at.span()) {
                    self.add(statement, SlipKind::BlocksLoop, name);
                }
                if named(arguments, "timeout").or_else(|| positional(arguments, 0)).is_some() {
                    self.python_timeout(statement);
                }
            }
            "get" | "join" | "ready" | "successful" | "failed" | "completed_count"
                if arguments.iter().all(|it| it.name.is_some()) && self.is_unsent_canvas(statement, object) =>
            {
                self.add(statement, SlipKind::CanvasRead(object.at.clone()), name);
            }
            "save" if arguments.is_empty() => self.add(statement, SlipKind::GroupSaved, name),
            "s" | "si" if matches!(&object.is, Expression::Name(task) if self.locals.is_known_task(task)) => {
                let is_option = |it: &&Argument| {
                    it.name.as_ref().is_some_and(|it| {
                        matches!(
                            it.as_str(),
                            "queue"
                                | "countdown"
                                | "eta"
                                | "expires"
                                | "priority"
                                | "routing_key"
                                | "link"
                                | "link_error"
                        )
                    })
                };
                if let Some(option) = arguments.iter().find(is_option).and_then(|it| it.name.as_ref()) {
                    let full = self.full(object);
                    let task = full.rsplit('.').next().unwrap_or(&full).to_owned();
                    self.add(statement, SlipKind::SignatureOption(task), option);
                }
            }
            "starmap" | "chunks" if matches!(&object.is, Expression::Name(task) if self.locals.is_known_task(task)) => {
                if let Some(Expression::List(items)) = positional(arguments, 0).map(|it| &it.is)
                    && let Some(item) = items.iter().find(|it| {
                        matches!(it.is, Expression::Integer(_) | Expression::Float(_) | Expression::String(_))
                    })
                {
                    self.add(statement, SlipKind::StarmapItem(name.clone()), &item.at);
                }
            }
            "send_task" if self.names.is_app(object) && named(arguments, "kwargs").is_none() => {
                let is_open = arguments.iter().any(|it| it.unpacked) || positional(arguments, 2).is_some();
                let unknown =
                    arguments.iter().filter_map(|it| it.name.as_ref()).find(|it| !SEND_TASK.contains(&it.as_str()));
                if let Some(option) = unknown.filter(|_| !is_open) {
                    self.add(statement, SlipKind::SendTaskKeyword, option);
                }
            }
            "worker_main" => {
                let argv = positional(arguments, 0).or_else(|| named(arguments, "argv"));
                if let Some(Node { is: Expression::List(items), .. }) = argv
                    && items.iter().all(|it| it.string().is_some_and(|it| it.as_str() != "worker"))
                {
                    self.add(statement, SlipKind::WorkerMain, name);
                }
            }
            "add" if object.at.as_str().contains("user_options[") => {
                if let Some(Node { is: Expression::Name(function), at }) = positional(arguments, 0)
                    && self.is_function(function)
                {
                    self.add(statement, SlipKind::UserOptionFunction, at);
                }
            }
            "register_task" | "register" => {
                for argument in arguments {
                    let (callee, _) = parts(&argument.value);
                    if let Some(class) = callee.dotted() {
                        let class = class.rsplit('.').next().unwrap_or_default().to_owned();
                        self.add(statement, SlipKind::ClassRegistered(class), &callee.at);
                    }
                }
            }
            "delay" | "apply_async" => {
                let (class, on_class) = match &object.is {
                    Expression::Name(class) => (class, true),
                    Expression::Call { function, .. } => match &function.is {
                        Expression::Name(class) => (class, false),
                        _ => return,
                    },
                    _ => return,
                };
                // The real name, where it is imported under another one.
                let full = self.full(if on_class { object } else { parts(object).0 });
                let real = full.rsplit('.').next().unwrap_or(class).to_owned();
                if real.starts_with(|first: char| first.is_ascii_uppercase()) {
                    self.add(statement, SlipKind::ClassSent { class: real, on_class }, &object.at);
                }
            }
            _ => {}
        }
        self.control(statement, node, (object, name), arguments);
    }

    fn update_state(&mut self, statement: &Statement, arguments: &[Argument]) {
        if let Some(Node { is: Expression::String(text), at }) = positional(arguments, 0)
            && text.as_str().bytes().all(|it| it.is_ascii_uppercase() || it == b'_')
            && !text.is_empty()
        {
            self.add(statement, SlipKind::StatePositional, at);
        }
        for argument in arguments {
            if let Some(text) = argument.value.string() {
                self.add(statement, SlipKind::StateOwn(text.as_str().to_owned()), text);
            }
        }
        let number = function_of(statement);
        let start = statement.at.span().start;
        let goes_on = number.is_some_and(|number| {
            !self.body(number).any(|it| matches!(it.kind, StatementKind::Raise(_)) && it.at.span().start > start)
        });
        let state = named(arguments, "state").or_else(|| positional(arguments, 1));
        let meta = named(arguments, "meta").or_else(|| positional(arguments, 2));
        let is_failure = state.is_some_and(|it| {
            it.string().is_some_and(|it| it.as_str() == "FAILURE") || self.full(it) == "celery.states.FAILURE"
        });
        if let (true, Some(state), Some(Node { is: Expression::Dict(entries), .. })) = (is_failure, state, meta) {
            let keys = || entries.iter().map(|(key, _)| key.as_ref().and_then(Node::string));
            if goes_on && keys().any(|key| key.is_some_and(|key| key.as_str() == "exc_type")) {
                self.add(statement, SlipKind::StateOverwritten, &state.at);
            }
            if keys().all(|key| key.is_some_and(|key| key.as_str() != "exc_type")) {
                self.add(statement, SlipKind::StateFailure, &state.at);
            }
        }
    }

    fn countdown(&mut self, statement: &Statement, arguments: &[Argument]) {
        let Some(given) = named(arguments, "countdown") else { return };
        if given.string().is_some_and(|it| !it.is_empty()) {
            self.add(statement, SlipKind::CountdownText, &given.at);
        } else if self.full(parts(given).0) == "datetime.timedelta" && matches!(given.is, Expression::Call { .. }) {
            self.add(statement, SlipKind::CountdownDuration, &given.at);
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

    /// Whether a node is a canvas or a signature that was made and not sent.
    fn is_unsent_canvas(&self, statement: &Statement, node: &Node) -> bool {
        match &unwrapped(node).is {
            Expression::Name(name) => {
                matches!(self.locals.get(function_of(statement), name), Some(Local::Canvas))
            }
            // chord(header)(body) was sent.
            Expression::Call { function, .. } => {
                self.is_canvas(statement, node)
                    && (CANVAS.iter().any(|canvas| self.names.is_celerys(function, canvas))
                        || matches!(&function.is, Expression::Attribute { name, .. } if matches!(name.as_str(), "s" | "si" | "set")))
            }
            _ => false,
        }
    }

    /// Whether a node is `app.control.inspect(…)`, or a name that it was given to.
    fn is_inspect(&self, statement: &Statement, node: &Node) -> bool {
        match &node.is {
            Expression::Call { function, .. } => {
                let dotted = function.dotted().unwrap_or_default();
                dotted.ends_with("control.inspect") || self.full(function) == "celery.app.control.Inspect"
            }
            Expression::Name(name) => {
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

    /// Remote control: `app.control.…` and `inspect()`.
    fn control(&mut self, statement: &Statement, node: &Node, (object, name): (&Node, &Text), arguments: &[Argument]) {
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

/// What is called, with its arguments; a node that is no call is called with nothing.
fn parts(node: &Node) -> (&Node, &[Argument]) {
    match &node.is {
        Expression::Call { function, arguments } => (function, arguments),
        _ => (node, &[]),
    }
}

/// `3600`, `24 * 60 * 60`
fn whole_number(node: &Node) -> Option<i64> {
    match &node.is {
        Expression::Integer(number) => Some(*number),
        Expression::Binary { left, operator: BinaryOperator::Multiply, right } => {
            whole_number(left)?.checked_mul(whole_number(right)?)
        }
        _ => None,
    }
}

fn is_called(argument: &Argument, wanted: &str) -> bool {
    argument.name.as_ref().is_some_and(|name| name.as_str() == wanted)
}

fn named<'n>(arguments: &'n [Argument], wanted: &str) -> Option<&'n Node> {
    arguments.iter().find(|it| is_called(it, wanted)).map(|it| &it.value)
}

fn positional(arguments: &[Argument], number: usize) -> Option<&Node> {
    let given = arguments.get(number)?;
    (arguments[..=number].iter().all(|it| it.name.is_none() && !it.unpacked)).then_some(&given.value)
}

fn is_task_of_app(base: &Node, names: &Names) -> bool {
    matches!(&base.is, Expression::Attribute { object, name } if name.as_str() == "Task" && names.is_app(object))
}
