//! Calls and statements that run, or are skipped, in another way than they read: a rule each says why.
//! This file walks every statement and says who reads it; each module below holds one noun.

mod apps;
mod arguments;
mod canvas;
mod control;
mod definitions;
mod frameworks;
mod results;
mod retries;
mod sending;
mod states;

use std::collections::{HashMap, HashSet};

use self::definitions::is_task_of_app;
use super::locals::{Local, Locals};
use super::names::{Names, function_of};
use super::walk::{expressions, walk};
use crate::facts::schedule::crontab;
use crate::read::python::{
    Argument, Around, BinaryOperator, Condition, Expression, Node, PythonDocument, Statement, StatementKind,
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
    /// `revoke(…, terminate=True, signal="SIGTREM")`: no signal's name.
    SignalUnknown,
    /// A decorator that is given a string instead of a function: `@app.task("name")`.
    DecoratorString,
    /// A `__call__` of a task's class that runs the task and does not return what it gives.
    CallWithoutReturn,
    /// `Import().delay()` or `Import.delay()` of a class of tasks, with the class; whether on the class itself.
    ClassSent { class: String, on_class: bool },
    /// A class that `register_task` and its kin are given.
    ClassRegistered(String),
    /// `Celery(…)`, with the name that it gives the module of a script: `__main__` where there is none.
    AppNamed(String),
    /// A web server that a script itself starts: `app.run()`.
    ServesHere,
    /// `Celery("tasks", "redis://redis")`: the second argument is the loader.
    AddressAsLoader,
    /// `Celery(task_cls=…)`, or a class in the place of the app's `Task`: it may bring options.
    TaskClassGiven,
    /// `app.worker_main([…])` without `worker`.
    WorkerMain,
    /// `app.start(["celery", …])`: the program's own name among its arguments.
    ProgramInArguments,
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
    /// `db.session`, `User.query` in a task, where the name is imported.
    FlaskDatabase,
    /// `app.app_context()` and its kin.
    FlaskContext,
    /// `multiprocessing.Pool` and its kin in a task.
    Multiprocessing,
    /// A model that goes to the GPU when its module is loaded: `Model().to("cuda")`.
    OnGpu,
    /// `yield` in a task.
    Yields,
    /// `add.s(2, 3, queue="math")`: an option of sending among the arguments, with the task.
    SignatureOption(String),
    /// `send_task(add)`: the task in the place of its name.
    SendTaskObject,
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
    /// `app.task`, where `app` is the library's module: `from celery import app`.
    ModuleAsApp,
    /// A task or a text where a canvas or a schedule takes a signature; what takes it.
    NoSignature(String),
    /// `@app.shared_task`, `@flask_app.task`: what the app does not have as a decorator.
    NoDecorator,
    /// `AsyncResult(id)` without an app, in a function that a web framework may run in a thread: the framework.
    ResultInThread(&'static str),
    /// `add.delay(…)` in such a function.
    SentInThread(&'static str),
    /// `app.set_default()`
    DefaultSet,
    /// `self.retries`: what a task does not have, but its request.
    TaskAttribute,
    /// `app.control.inspect.active()`, `inspect = app.control.inspect`
    InspectNotCalled,
    /// A type of event that `handlers=` of a receiver of events names, and Celery has not.
    EventUnknown,
    /// `PeriodicTask.objects.create(kwargs={…})` of django-celery-beat, which wants JSON in a text.
    PeriodicNotJson,
    /// `Depends(…)` as the default of a task's parameter.
    Depends,
    /// A function that makes an app and returns nothing: its name.
    AppNotReturned(String),
    /// `celery = make_celery(…)`: the function.
    AppFromFunction(String),
    /// The seconds of `self.retry(countdown=…)`, where they are written out.
    RetryCountdown(i64),
    /// A keyword that `crontab(…)` does not take, where a module makes one.
    CrontabArgument,
    /// `app.conf.beat_schedule["…"] = …` in a task, or in a function that a web framework calls.
    ScheduleLate,
}

struct Reader<'a> {
    document: &'a PythonDocument,
    names: &'a Names,
    locals: &'a Locals,
    task_of: &'a HashMap<usize, usize>,
    found: Vec<Slip>,
    /// The functions without decorators at the top of the file.
    functions: HashSet<&'a str>,
    /// `import celery`
    imports_package: bool,
    /// The places of calls that are awaited: what is wrong with them has been said.
    awaited: Vec<Span>,
    /// Whether some name holds a result.
    has_results: bool,
    /// Whether some name may hold `app.control.inspect()`.
    has_inspects: bool,
}

/// Every one of a file.
pub(super) fn slips(
    document: &PythonDocument,
    names: &Names,
    locals: &Locals,
    task_of: &HashMap<usize, usize>,
) -> Vec<Slip> {
    let has_results = locals.known.values().any(|it| matches!(it, Local::Result(_)));
    let is_inspect = |it: &Statement| match &it.kind {
        StatementKind::Assign { value: Node { is: Expression::Call { .. }, at }, .. } => {
            at.as_str().to_ascii_lowercase().contains("inspect")
        }
        _ => false,
    };
    let has_inspects = document.statements.iter().any(is_inspect);
    let functions = document.statements.iter().filter(|it| it.inside.is_empty()).filter_map(|it| match &it.kind {
        StatementKind::Function(function) if function.decorators.is_empty() => Some(function.name.as_str()),
        _ => None,
    });
    let mut reader = Reader {
        document,
        names,
        locals,
        task_of,
        found: Vec::new(),
        functions: functions.collect(),
        imports_package: false,
        awaited: Vec::new(),
        has_results,
        has_inspects,
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

    fn is_in_task(&self, statement: &Statement) -> bool {
        function_of(statement).is_some_and(|number| self.task_of.contains_key(&number))
    }

    /// The statements of a function, without those of functions in it.
    fn body(&self, number: usize) -> impl Iterator<Item = &'a Statement> {
        // They follow it at once.
        let is_within =
            move |it: &&Statement| it.around.iter().any(|it| matches!(it, Around::Function(it) if *it == number));
        let within = self.document.statements.iter().skip(number + 1).take_while(is_within);
        within.filter(move |it| function_of(it) == Some(number))
    }

    /// Whether a name is that of a function at the top of the file.
    fn is_function(&self, name: &str) -> bool {
        self.functions.contains(name)
    }

    fn statement(&mut self, number: usize, statement: &'a Statement) {
        match &statement.kind {
            StatementKind::Function(function) => {
                self.decorated(statement, function);
                self.not_returned(number, statement, function);
                if self.task_of.contains_key(&number) && function.decorators.len() == 1 {
                    self.depends(statement, function);
                }
                if function.name.as_str() == "__call__" {
                    self.dunder_call(number, statement, &function.name);
                }
            }
            StatementKind::Import { module, renamed } if module.as_str() == "celery" && renamed.is_none() => {
                self.imports_package = true;
            }
            StatementKind::Class { name, bases, .. } => self.class(statement, name, bases),
            StatementKind::Raise(Some(raised)) => self.raised(statement, raised),
            StatementKind::Head(node) | StatementKind::Test(node) => self.tested(statement, node),
            StatementKind::Expression(Node { is: Expression::Attribute { object, name }, at })
                if self.is_send(statement, object, name) =>
            {
                self.add(statement, SlipKind::DelayNotCalled, at);
            }
            StatementKind::Assign { value: Node { is: Expression::Call { function, .. }, .. }, .. }
                if statement.inside.is_empty()
                    && matches!(&function.is, Expression::Name(name) if name.to_lowercase().contains("celery")) =>
            {
                self.add(statement, SlipKind::AppFromFunction(function.at.as_str().to_owned()), &function.at);
            }
            StatementKind::Assign { target, .. } if self.is_schedule_late(statement, target) => {
                self.add(statement, SlipKind::ScheduleLate, &target.at);
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
        if self.is_in_task(statement) {
            self.hard_limit(statement);
            self.yields(statement);
        }
        for expression in expressions(statement) {
            let mut nodes: Vec<&Node> = Vec::new();
            walk(expression, false, &mut |node, _| nodes.push(node));
            for node in nodes {
                self.node(statement, node);
            }
        }
    }

    fn node(&mut self, statement: &'a Statement, node: &'a Node) {
        match &node.is {
            Expression::Await(inner) if matches!(inner.is, Expression::Call { .. }) => {
                self.waited_for(statement, node, inner);
            }
            Expression::Binary { left, operator: BinaryOperator::BitOr, right } => {
                for (one, other) in [(left, right), (right, left)] {
                    if self.is_canvas(statement, one) && self.is_bare_task(statement, other) {
                        self.add(statement, SlipKind::NoSignature("|".to_owned()), &other.at);
                    }
                }
            }
            Expression::Compare { left, right, .. }
                if [left, right].iter().any(|it| it.at.as_str().contains("request.retries")) =>
            {
                self.add(statement, SlipKind::RetriesCompared, &node.at);
            }
            Expression::Compare { left, operator, right } if matches!(*operator, "==" | "!=") => {
                self.compared(statement, left, right);
            }
            Expression::Subscript { object, index } => self.steps(statement, object, index),
            Expression::Name(name) if self.is_in_task(statement) => self.flask_name(statement, node, name),
            Expression::Attribute { object, name } => self.attribute(statement, node, object, name),
            Expression::Call { function, arguments } => self.call(statement, node, function, arguments),
            _ => {}
        }
    }

    fn attribute(&mut self, statement: &Statement, node: &Node, object: &Node, name: &Text) {
        if self.is_flask_session(statement, object, name) {
            self.add(statement, SlipKind::FlaskName { is_request: false }, &node.at);
        } else if self.is_flask_model(statement, object, name) {
            self.add(statement, SlipKind::FlaskDatabase, &node.at);
        } else if self.is_task_of_package(object, name) {
            self.add(statement, SlipKind::PackageAsApp, &node.at);
        } else if name.as_str() == "task" && self.is_module_of_library(object) {
            self.add(statement, SlipKind::ModuleAsApp, &node.at);
        } else if self.is_unknown_of_result(statement, object, name) {
            self.add(statement, SlipKind::ResultUnknown, name);
        } else if self.is_of_request(statement, object, name) {
            self.add(statement, SlipKind::TaskAttribute, &node.at);
        } else if matches!(name.as_str(), "app_context" | "test_request_context" | "request_context") {
            self.add(statement, SlipKind::FlaskContext, &node.at);
        }
    }

    fn call(&mut self, statement: &Statement, node: &Node, function: &Node, arguments: &[Argument]) {
        if self.names.is_celerys(function, "Celery") {
            self.app_made(statement, function, arguments);
        }
        match self.full(function).as_str() {
            "celery.schedules.crontab" if statement.inside.is_empty() && statement.conditions.is_empty() => {
                let is_unknown = |name: &&Text| !crontab::takes(name.as_str());
                for name in arguments.iter().filter_map(|it| it.name.as_ref()).filter(is_unknown) {
                    self.add(statement, SlipKind::CrontabArgument, name);
                }
            }
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
            self.result_of(statement, arguments);
            let is_plain =
                matches!(function.is, Expression::Name(_)) || self.full(function).ends_with("result.AsyncResult");
            if let ([Argument { name: None, unpacked: false, .. }], true, Some(server)) =
                (arguments, is_plain, self.threaded(statement))
            {
                self.add(statement, SlipKind::ResultInThread(server), &node.at);
            }
        }
        if self.full(function).starts_with("django_celery_beat.models.PeriodicTask") {
            self.periodic_task(statement, arguments);
        }
        self.links(statement, arguments);
        let dotted = function.dotted().unwrap_or_default();
        match dotted.rsplit('.').next() {
            Some("on_commit") => self.on_commit(statement, arguments),
            Some("JsonResponse" | "jsonify" | "JSONResponse") => self.all_in_json(statement, arguments),
            _ if dotted == "json.dumps" => self.all_in_json(statement, arguments),
            _ => {}
        }
        self.canvas_of(statement, function, arguments);
        if function_of(statement).is_none() && self.is_on_gpu(statement, function, arguments) {
            self.add(statement, SlipKind::OnGpu, &node.at);
        }
        if let Expression::Attribute { object, name } = &function.is {
            self.method(statement, node, (object, name), arguments);
        }
    }

    fn method(&mut self, statement: &Statement, node: &Node, (object, name): (&Node, &Text), arguments: &[Argument]) {
        let of_task = || matches!(&object.is, Expression::Name(task) if self.locals.is_known_task(task));
        match name.as_str() {
            "retry" if self.is_in_task(statement) => self.retry(statement, arguments),
            "set" if self.is_canvas(statement, object) => self.countdown(statement, arguments),
            "update_state" => self.update_state(statement, arguments),
            "store_result" | "mark_as_failure" => self.own_states(statement, arguments),
            "get" if self.is_result(statement, object) => self.get(statement, node, name, arguments),
            "get" | "join" | "ready" | "successful" | "failed" | "completed_count"
                if arguments.iter().all(|it| it.name.is_some()) && self.is_unsent_canvas(statement, object) =>
            {
                self.add(statement, SlipKind::CanvasRead(object.at.clone()), name);
            }
            "save" if arguments.is_empty() => self.add(statement, SlipKind::GroupSaved, name),
            "s" | "si" if of_task() => self.signature(statement, object, arguments),
            "starmap" | "chunks" if of_task() => self.starmap(statement, name, arguments),
            "send_task" if self.names.is_app(object) => self.send_task(statement, arguments),
            "run" if statement.conditions.iter().any(Condition::is_of_main) => {
                self.served(statement, object, arguments)
            }
            "worker_main" | "start" => self.started(statement, (object, name), arguments),
            "add" if object.at.as_str().contains("user_options[") => self.user_option(statement, arguments),
            "register_task" | "register" => self.registered(statement, arguments),
            "update" | "setdefault" if self.is_schedule_late(statement, object) => {
                self.add(statement, SlipKind::ScheduleLate, &object.at);
            }
            "add_periodic_task" if self.names.is_app(object) && self.runs_late(statement) => {
                self.add(statement, SlipKind::ScheduleLate, name);
            }
            "set_default" => self.add(statement, SlipKind::DefaultSet, name),
            "Receiver" => self.event_handlers(statement, arguments),
            "delay" | "apply_async" => {
                if let Some(server) = self.threaded(statement) {
                    self.add(statement, SlipKind::SentInThread(server), name);
                }
                let class = arguments::parts(object).0;
                if !matches!(class.is, Expression::Name(_)) {
                    return;
                }
                self.class_sent(statement, object, class);
            }
            _ => {}
        }
        self.control(statement, node, (object, name), arguments);
    }
}
