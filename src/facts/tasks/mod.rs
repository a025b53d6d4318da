//! What Python code does with Celery: the tasks that it defines, how it sends them, reads their results and
//! retries them, which modules it imports, and how Django is told of it all.
//!
//! Names are followed within a file, and from an import to the one pasted file that defines them. What is found
//! only looks like Celery's, such as `pool.apply_async`, is left out.

mod canvas;
mod constants;
mod decorators;
mod gather;
mod join;
pub mod limits;
pub mod loading;
mod locals;
mod names;
mod retries;
mod sending;
mod signals;
mod slips;
pub mod top_level;
mod unsaved;
pub(in crate::facts) mod walk;
mod wiring;
mod wrappers;

pub(super) use gather::gather;
pub use signals::Receiver;
pub use slips::{Slip, SlipKind};

use super::python::Alternative;
use super::value::Known;
use crate::read::python::{Condition, ParameterKind};
use crate::text::{SourceId, Text};

/// A Python file, or a block of a note.
#[derive(Clone, Debug)]
pub struct CodeFile {
    pub path: String,
    /// The number of the part within its note; absent for a whole file.
    pub part: Option<usize>,
    pub source: SourceId,
    /// Whether all of it could be parsed.
    pub is_whole: bool,
    pub imports: Vec<Import>,
    pub tasks: Vec<Task>,
    /// Every function of the file, whether it is a task or not.
    pub functions: Vec<Text>,
    /// Those of the module that cannot be called as a router is.
    pub no_routers: Vec<Text>,
    pub sendings: Vec<Sending>,
    /// The names that `send_task` is given.
    pub sent_by_name: Vec<Text>,
    /// The queues that it is given, each with the task's name.
    pub sent_to: Vec<(Text, Text)>,
    pub called_early: Vec<CalledEarly>,
    pub reads: Vec<ResultRead>,
    pub retries: Vec<Retry>,
    pub chords: Vec<Chord>,
    /// Signatures that are given the result of what ran before them.
    pub callbacks: Vec<Signature>,
    /// Signatures that run when a task failed: `link_error=`.
    pub errbacks: Vec<Signature>,
    /// What `.s(…)` and `.si(…)` of tasks are given.
    pub signed: Vec<GivenArguments>,
    /// What tasks return, where a shape can be told, with the task.
    pub returned: Vec<(usize, Given)>,
    /// Classes of Django's models whose objects and managers are no more than Django makes them.
    pub plain_models: Vec<Text>,
    /// Signatures that nothing sends, and whether one is a statement of its own, which gives it to no name.
    pub unsent: Vec<(Text, bool)>,
    /// Functions that Celery's signals are to call.
    pub receivers: Vec<Receiver>,
    /// What runs in another way than it reads.
    pub slips: Vec<Slip>,
    pub wiring: Wiring,
    pub top: top_level::TopLevel,
}

/// A module or a name that is imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// The module as written; a relative one begins with dots.
    pub module: String,
    /// The place of the module's name.
    pub module_at: Text,
    /// The name that is taken from it; absent for `import module`.
    pub name: Option<Text>,
    /// `from module import *`
    pub is_star: bool,
    /// Whether a handler waits for it to fail, or it runs only while types are checked.
    pub may_fail: bool,
    pub conditions: Vec<Condition>,
}

/// A function or class that is a task.
#[derive(Clone, Debug)]
pub struct Task {
    pub name: Text,
    pub made_by: MadeBy,
    /// The whole decorator without its `@`; of a class, its name.
    pub decorator: Text,
    pub options: Vec<TaskOption>,
    /// Whether options are unpacked that are not shown.
    pub is_open: bool,
    /// Whether other decorators stand between the task and its function: they may change its parameters.
    pub is_wrapped: bool,
    /// `async def`: what it returns is a coroutine, which nobody runs.
    pub is_async: bool,
    /// Methods of a class that cannot take what Celery calls them with, and what that is.
    pub wrong_handlers: Vec<(Text, &'static str)>,
    /// Whether no other decorator stands around it.
    pub is_alone: bool,
    /// The decorator above the task's own that puts a plain function in its place.
    pub covered_by: Option<Text>,
    /// The name of the function that a decorator below puts in its place, where that hides its own name.
    pub renamed_to: Option<Text>,
    /// Whether calling it may give a signature: it returns something that is not seen to be none.
    pub may_give_signature: bool,
    /// Whether it is defined in a class.
    pub is_method: bool,
    /// Whether another definition of the file has the same name.
    pub is_twice: bool,
    pub parameters: Vec<TaskParameter>,
    /// `self.retry`, `self.request` and their kin in its body, where `self` is no name of another function.
    pub uses_of_self: Vec<Text>,
    /// Whether the body asks the first parameter, whatever its name, for something that tasks have.
    pub first_is_asked_as_task: bool,
    /// `except` heads that catch `SoftTimeLimitExceeded` with everything else and do not raise again.
    pub catches_everything: Vec<Text>,
    pub conditions: Vec<Condition>,
}

/// What made a function a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeBy {
    SharedTask,
    /// `@app.task`
    AppTask,
    /// A subclass of `Task`.
    Class,
    /// `celery.task.task` and `celery.decorators.task`, which are gone.
    OldDecorator,
}

/// An option of the decorator, or an attribute of the class.
#[derive(Clone, Debug)]
pub struct TaskOption {
    pub name: Text,
    pub expression: Text,
    pub values: Vec<Alternative>,
}

#[derive(Clone, Debug)]
pub struct TaskParameter {
    pub name: Text,
    pub kind: ParameterKind,
    pub has_default: bool,
}

/// A task of a file, by its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskRef {
    pub file: usize,
    pub task: usize,
}

/// A value that is handed to a task or to `apply_async`.
#[derive(Clone, Debug)]
pub struct Given {
    pub at: Text,
    pub value: Known,
    pub shape: Shape,
    /// The part of it that has the shape: an entry of a dictionary, an item of a list.
    pub shaped: Text,
    /// Whether it is certain where the shape comes from: no name that may hold something else by then.
    pub is_sure: bool,
    /// Whether it stands in parentheses of its own: `(1)`.
    pub is_parenthesised: bool,
}

/// What can be told of a value from how it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Other,
    /// A parameter that is one number or text by what is written behind it: `pk: int`.
    Scalar,
    /// `{1, 2}`, `set(…)`
    Set,
    /// A `lambda`.
    Function,
    /// An object of Django's ORM, made by this expression.
    OrmObject(Text),
    /// Django's request.
    Request,
    /// Another object that JSON cannot hold: a file, a path, a result, a model of pydantic; and what made it.
    Object(Option<Text>),
}

/// `delay`, `apply_async` and their kin.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The whole call.
    pub at: Text,
    /// The method's name.
    pub method: Text,
    pub how: How,
    /// The task, if its definition was pasted.
    pub task: Option<TaskRef>,
    /// What is sent, as written: `add`, `tasks.add`. Of `send_task`, the name, or the app where there is none.
    pub what: Text,
    /// Whether `what` is a name of the module there, and none of the function around it.
    pub is_of_module: bool,
    /// The whole name of what is sent, through imports.
    pub(in crate::facts) full_name: String,
    pub arguments: GivenArguments,
    /// `args=` and `kwargs=` of `apply_async` as a whole.
    pub args: Option<Given>,
    pub kwargs: Option<Given>,
    /// The other options of `apply_async`.
    pub options: Vec<(Text, Given)>,
    /// The seconds of `eta=now() + timedelta(…)`.
    pub eta_in: Option<f64>,
    /// `datetime.now()` in `eta=`: the clock of the machine, which says no time zone.
    pub eta_of_machine: Option<Text>,
    /// The transaction that is not yet committed when it is sent: `transaction.atomic`.
    pub transaction: Option<Text>,
    /// `post_save`, where its receiver sends it.
    pub signal: Option<Text>,
    /// The call that stores the object whose key is sent, where it comes only after the sending.
    pub saved_later: Option<Text>,
    /// Whether a Django view sends it that seems to write to the database.
    pub is_in_view: bool,
    /// The task of this file whose function sends it.
    pub in_task: Option<usize>,
    /// In a `lambda`: it runs later.
    pub is_later: bool,
    /// Whether what it gives is awaited.
    pub is_awaited: bool,
    pub conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Delay,
    ApplyAsync,
    DelayOnCommit,
    ApplyAsyncOnCommit,
    /// `app.send_task("name", …)`
    SendTask,
}

/// The arguments that a task is called with.
#[derive(Clone, Debug, Default)]
pub struct GivenArguments {
    pub positional: Vec<Given>,
    pub named: Vec<(Text, Given)>,
    /// Whether there may be more than is shown.
    pub is_open: bool,
}

/// A result of a task that is asked for.
#[derive(Clone, Debug)]
pub struct ResultRead {
    /// The method or attribute: `get`, `state`.
    pub method: Text,
    /// Whether it waits for the task.
    pub waits: bool,
    /// The expression that gave the result.
    pub from: Text,
    /// The task of this file in whose function it stands.
    pub in_task: Option<usize>,
    /// Whether waiting in a task was allowed: `allow_join_result()`, `disable_sync_subtasks=False`.
    pub is_allowed: bool,
    pub conditions: Vec<Condition>,
}

/// `self.retry(…)` in a task.
#[derive(Clone, Debug)]
pub struct Retry {
    pub at: Text,
    pub in_task: usize,
    pub is_raised: bool,
    /// The exception, where it is given as the first argument, which holds the task's arguments.
    pub exception_first: Option<Text>,
    /// Whether `max_retries` is given here.
    pub has_own_limit: bool,
    /// The `except` around it that catches the exception of the retry.
    pub swallowed_by: Option<Text>,
}

/// Tasks whose results are collected for another one.
#[derive(Clone, Debug)]
pub struct Chord {
    /// `chord`, or the `|` chain that is one.
    pub at: Text,
    pub header: Vec<Signature>,
}

/// A task that runs, or is sent, in the place of a signature.
#[derive(Clone, Debug)]
pub struct CalledEarly {
    /// What is called: `add`, `add.delay`.
    pub call: Text,
    /// What is given the result: `delay`, `group`, `link`.
    pub taker: Text,
    pub how: Early,
    /// The task, if its definition was pasted.
    pub task: Option<TaskRef>,
    pub(in crate::facts) full_name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Early {
    /// `on_commit(add.delay(2, 3))`
    SentAtOnce,
    /// `add(2, 3).delay()`
    BeforeMethod,
    /// `job = add(2, 3)`, of which `job.task_id` is asked.
    BeforeRead,
    /// `group(add(2, 3))`
    Run,
    /// `group(add.delay(2, 3))`
    Sent,
}

/// `task.s(…)` and its kin.
#[derive(Clone, Debug)]
pub struct Signature {
    pub at: Text,
    /// `s`, `si`, `signature`.
    pub method: Text,
    pub is_immutable: bool,
    pub task: Option<TaskRef>,
    pub what: Text,
    pub(in crate::facts) full_name: String,
    pub arguments: GivenArguments,
    /// Whether options are set on it afterwards: `.set(…)`.
    pub is_changed: bool,
}

/// How a file makes the app, and tells Django of it.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    /// Calls of `Celery(…)`, by the callee's place.
    pub apps: Vec<Text>,
    /// The addresses that `Celery(broker=…, backend=…)` is given, by the settings that they are.
    pub addresses: Vec<(&'static str, Text)>,
    /// The strings that `config_from_object` is given.
    pub configured_from: Vec<Text>,
    /// Whether an app takes the whole of Flask's `app.config`.
    pub takes_flask_config: bool,
    /// Whether an app takes `app.config["CELERY"]`.
    pub takes_flask_mapping: bool,
    /// The place of `"django.conf:settings"` in `config_from_object`.
    pub configured_from_django: Option<Text>,
    pub autodiscovers: Vec<Autodiscover>,
    /// Whether `DJANGO_SETTINGS_MODULE` is named anywhere.
    pub names_settings_module: bool,
    /// What `os.environ.setdefault(…)` says it is.
    pub settings_modules: Vec<Text>,
    /// `settings.configure(…)` does without the variable.
    pub configures_django: bool,
    /// `TIME_ZONE` of Django's settings, where it is written out.
    pub time_zone: Option<Text>,
    /// The entries of `INSTALLED_APPS`.
    pub installed_apps: Vec<Text>,
}

/// A call of `autodiscover_tasks`.
#[derive(Clone, Debug)]
pub struct Autodiscover {
    pub at: Text,
    /// The arguments, if they are `lambda: settings.INSTALLED_APPS` alone.
    pub all_apps: Option<Text>,
    /// The first argument, where it is a string instead of a list.
    pub one_string: Option<Text>,
    pub packages: Packages,
    /// The module of each package: `tasks`; `None` where it is not known.
    pub related: Option<String>,
}

/// Where `autodiscover_tasks` looks.
#[derive(Clone, Debug)]
pub enum Packages {
    /// In Django's apps.
    OfDjango,
    Listed(Vec<Text>),
    Unknown,
}

impl Task {
    pub fn option(&self, name: &str) -> Option<&TaskOption> {
        self.options.iter().rev().find(|option| option.name.as_str() == name)
    }

    /// Whether the function is given the task itself; `None` if that cannot be known.
    pub fn is_bound(&self) -> Option<bool> {
        match (self.made_by, self.option("bind")) {
            // `run(self, …)` is a method.
            (MadeBy::Class, _) => Some(true),
            (_, Some(option)) => option.known()?.truth(),
            (_, None) if self.is_open => None,
            (_, None) => Some(false),
        }
    }

    /// The parameters that a caller fills, without the task itself; `None` if they cannot be known.
    pub fn open_parameters(&self) -> Option<&[TaskParameter]> {
        if self.is_wrapped || self.is_twice || self.is_method || self.is_open || self.option("base").is_some() {
            return None;
        }
        let takes_itself =
            self.is_bound()? && self.parameters.first().is_some_and(|it| it.kind == ParameterKind::Positional);
        Some(if takes_itself { &self.parameters[1..] } else { &self.parameters })
    }
}

impl ResultRead {
    /// Whether the result is looked up by its id: `AsyncResult(…)`.
    pub fn is_looked_up(&self) -> bool {
        self.from.as_str().contains("AsyncResult(")
    }
}

impl TaskOption {
    /// The only value that it has.
    pub fn known(&self) -> Option<&Known> {
        match &self.values[..] {
            [only] => Some(&only.known),
            _ => None,
        }
    }
}

impl CodeFile {
    /// The name of the file without its folders.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder that it stands in, with its slash; empty at the top, or where no folder is shown.
    pub fn folder(&self) -> &str {
        &self.path[..self.path.len() - self.file_name().len()]
    }

    /// Whether it holds tests themselves: these do things wrong on purpose. Folders further out may be anybody's.
    pub fn is_test_code(&self) -> bool {
        let name = self.file_name();
        let is_named = name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py";
        is_named || self.folder().ends_with("/tests/") || self.folder() == "tests/"
    }

    /// Whether its path or name says that it is for tests or for one's own machine.
    pub fn is_for_tests(&self) -> bool {
        const WORDS: [&str; 10] =
            ["test", "tests", "testing", "runtests", "ci", "conftest", "dev", "develop", "development", "local"];
        let path = self.path.to_ascii_lowercase();
        path.trim_end_matches(".py").split(['/', '.', '-', '_']).any(|word| WORDS.contains(&word))
    }
}
