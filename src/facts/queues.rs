//! Queues: which ones the settings declare, where tasks are routed, and what each worker consumes.

use super::process::Role;
use super::scope::{Answer, Said, Scope};
use super::value::{Known, Value};
use super::{Process, Variant, url};
use crate::intake::Kind;
use crate::text::{Text, order};

/// One value of `task_queues`.
#[derive(Clone, Debug)]
pub struct Declared<'a> {
    pub said: Said<'a>,
    pub queues: Vec<Queue<'a>>,
    /// Whether every queue and its name are seen.
    pub is_whole: bool,
    /// What Celery does not take for a queue, or for a list of them.
    pub refused: Option<&'a Known>,
}

/// A queue that the settings declare.
#[derive(Clone, Debug)]
pub struct Queue<'a> {
    pub name: &'a Text,
    /// The name, or the whole of it where the name is not written out.
    pub at: &'a Text,
    /// `queue_arguments`, such as `x-queue-type`.
    pub arguments: Vec<(&'a Text, &'a Known)>,
    /// Whether every argument is seen.
    pub arguments_are_whole: bool,
    /// Keywords of `Queue(…)` that kombu does not know, and ignores.
    pub ignored: Vec<&'a Text>,
    /// The type of its `Exchange(…)`.
    pub exchange_type: Option<&'a Text>,
}

/// What a worker consumes.
#[derive(Clone, Debug)]
pub enum Consumed {
    /// `-Q`: these, and nothing else.
    Named(Vec<Text>),
    /// All that the settings declare, or the default queue; without those that `-X` leaves out.
    Declared { without: Vec<Text> },
    /// A variable decides.
    Unknown,
}

/// Where the settings send tasks.
#[derive(Clone, Debug, Default)]
pub struct Routes<'a> {
    /// Pattern and queue.
    pub to: Vec<(&'a Text, &'a Text)>,
    /// Whether a function or something else that we do not see may send them elsewhere.
    pub open: bool,
}

/// The values that `task_queues` may have here; what is not known is left out.
pub fn declared<'a>(scope: &'a Scope) -> impl Iterator<Item = Declared<'a>> {
    scope.said("task_queues").filter_map(|said| declaration(&said))
}

fn declaration<'a>(said: &Said<'a>) -> Option<Declared<'a>> {
    let mut declared = Declared { said: said.clone(), queues: Vec::new(), is_whole: true, refused: None };
    match &said.known.value {
        Value::List(items) => {
            for item in items {
                match &item.value {
                    // celery/app/amqp.py, Queues.__init__: every item must have a `name`.
                    Value::Text(_) | Value::List(_) | Value::Dict(_) | Value::Integer(_) => {
                        declared.refused = declared.refused.or(Some(item));
                    }
                    _ => match queue(item) {
                        Some(queue) => declared.queues.push(queue),
                        None => declared.is_whole = false,
                    },
                }
            }
        }
        Value::Dict(entries) => {
            for (key, value) in entries {
                let Some(name) = key.whole_text() else {
                    declared.is_whole = false;
                    continue;
                };
                let mut queue = Queue {
                    name,
                    at: name,
                    arguments: Vec::new(),
                    arguments_are_whole: true,
                    ignored: Vec::new(),
                    exchange_type: None,
                };
                match &value.value {
                    Value::Dict(fields) => {
                        let given = fields.iter().find(|(key, _)| is_text(key, "queue_arguments"));
                        if let Some((_, arguments)) = given {
                            queue.take(arguments);
                        }
                    }
                    Value::Text(_) | Value::None | Value::List(_) => {
                        declared.refused = declared.refused.or(Some(value))
                    }
                    _ => queue.arguments_are_whole = false,
                }
                declared.queues.push(queue);
            }
        }
        Value::Text(template) if template.whole().is_some_and(|text| !text.is_empty()) => {
            declared.refused = Some(said.known);
        }
        // One queue is no list of queues.
        Value::Call { .. } if queue(said.known).is_some() => declared.refused = Some(said.known),
        Value::None => {}
        _ => return None,
    }
    Some(declared)
}

fn is_text(known: &Known, text: &str) -> bool {
    known.whole_text().is_some_and(|known| known.as_str() == text)
}

/// What kombu's `Queue(…)` takes (kombu/entity.py, Queue.attrs and __init__); it ignores anything else.
const KEYWORDS: [&str; 21] = [
    "name",
    "exchange",
    "routing_key",
    "channel",
    "bindings",
    "on_declared",
    "queue_arguments",
    "binding_arguments",
    "consumer_arguments",
    "durable",
    "exclusive",
    "auto_delete",
    "no_ack",
    "alias",
    "no_declare",
    "expires",
    "message_ttl",
    "max_length",
    "max_length_bytes",
    "max_priority",
    "auto_declare",
];

/// `Queue("mail", …)` of kombu.
fn queue(known: &Known) -> Option<Queue<'_>> {
    let Value::Call { arguments, called, .. } = &known.value else { return None };
    if !matches!(called.full_name.as_str(), "Queue" | "kombu.Queue" | "kombu.entity.Queue") || called.unpacks {
        return None;
    }
    let argument = |name: &str, position: usize| {
        arguments
            .iter()
            .find(|(keyword, _)| keyword.as_deref() == Some(name))
            .or_else(|| arguments.get(position).filter(|(keyword, _)| keyword.is_none()))
            .map(|(_, known)| known)
    };
    let name = argument("name", 0)?.whole_text()?;
    let is_of_kombu = called.full_name != "Queue" && !called.may_be_another;
    let ignored = called.keywords.iter().flatten().filter(|it| is_of_kombu && !KEYWORDS.contains(&it.as_str()));
    let ignored = ignored.collect();
    let mut queue =
        Queue { name, at: name, arguments: Vec::new(), arguments_are_whole: true, ignored, exchange_type: None };
    if let Some(Value::Call { arguments, called, .. }) = argument("exchange", 1).map(|known| &known.value)
        && called.full_name == "kombu.Exchange"
    {
        let named = arguments.iter().find(|(keyword, _)| keyword.as_deref() == Some("type"));
        let kind = named.or_else(|| arguments.get(1).filter(|(keyword, _)| keyword.is_none()));
        queue.exchange_type = kind.and_then(|(_, known)| known.whole_text());
    }
    if let Some((_, arguments)) = arguments.iter().find(|(name, _)| name.as_deref() == Some("queue_arguments")) {
        queue.take(arguments);
    }
    if arguments.iter().any(|(name, _)| name.as_deref() == Some("max_priority")) {
        // kombu makes x-max-priority of it; its number is of no interest here.
        queue.arguments_are_whole = false;
    }
    Some(queue)
}

impl<'a> Queue<'a> {
    fn take(&mut self, arguments: &'a Known) {
        let Value::Dict(entries) = &arguments.value else {
            self.arguments_are_whole = matches!(arguments.value, Value::None);
            return;
        };
        for (key, value) in entries {
            match key.whole_text() {
                Some(key) => self.arguments.push((key, value)),
                None => self.arguments_are_whole = false,
            }
        }
    }

    /// An argument such as `x-queue-type`.
    pub fn argument(&self, name: &str) -> Option<&'a Known> {
        self.arguments.iter().rev().find(|(known, _)| known.as_str() == name).map(|(_, value)| *value)
    }

    /// Whether it is a quorum queue by its own arguments; the place that says so.
    pub fn is_quorum(&self) -> Option<&'a Text> {
        self.argument("x-queue-type")?.whole_text().filter(|text| text.as_str() == "quorum")
    }
}

/// What a worker consumes by its command line.
pub fn consumed(process: &Process) -> Consumed {
    let command = &process.command;
    // click gives every option a variable (celery/bin/celery.py, auto_envvar_prefix).
    let by_variable = ["CELERY_WORKER_QUEUES", "CELERY_WORKER_EXCLUDE_QUEUES"];
    if command.open || by_variable.iter().any(|name| process.environment.get(name).is_some()) {
        return Consumed::Unknown;
    }
    let names = |option: &str| match command.value(option) {
        Some(word) if word.is_open() || word.as_str().contains("{{") => Err(()),
        Some(word) => Ok(Some(comma_separated(&word.text))),
        None => Ok(None),
    };
    match (names("--queues"), names("--exclude-queues")) {
        (Ok(Some(queues)), _) => Consumed::Named(queues),
        (Ok(None), Ok(without)) => Consumed::Declared { without: without.unwrap_or_default() },
        _ => Consumed::Unknown,
    }
}

/// `a,b`: blanks stay (celery/bin/base.py, CommaSeparatedList).
pub fn comma_separated(text: &Text) -> Vec<Text> {
    let mut start = 0;
    let mut parts = Vec::new();
    for part in text.as_str().split(',') {
        parts.push(text.slice(start..start + part.len()));
        start += part.len() + 1;
    }
    parts
}

/// Whether a process is a worker.
pub fn is_worker(process: &Process) -> bool {
    process.role == Role::Worker
}

/// The name of the default queue, where it is certain: what is said, or Celery's own where no code sets one.
pub fn default_queue(scope: &Scope) -> Option<String> {
    let said: Vec<Said<'_>> = scope.said("task_default_queue").collect();
    match &said[..] {
        [] => scope.no_code_sets("task_default_queue").then(|| "celery".to_owned()),
        [only] if !only.is_conditional() => only.known.whole_text().map(|text| text.as_str().to_owned()),
        _ => None,
    }
}

/// Where the settings send tasks.
pub fn routes(scope: &Scope) -> Routes<'_> {
    let mut routes = Routes::default();
    for said in scope.said("task_routes") {
        match &said.known.value {
            Value::Dict(entries) => of_map(entries.iter().map(|(key, value)| (key, value)), &mut routes),
            // A list of routers: dictionaries, lists of pairs, functions, names of functions.
            Value::List(routers) => {
                for router in routers {
                    match &router.value {
                        Value::Dict(entries) => of_map(entries.iter().map(|(key, value)| (key, value)), &mut routes),
                        Value::List(pairs) => of_map(pairs.iter().filter_map(pair), &mut routes),
                        _ => routes.open = true,
                    }
                }
            }
            Value::None => {}
            _ => routes.open = true,
        }
    }
    routes
}

/// The two sides of `("pattern", {"queue": "mail"})`.
pub fn pair(known: &Known) -> Option<(&Known, &Known)> {
    match &known.value {
        Value::List(sides) => match &sides[..] {
            [pattern, route] => Some((pattern, route)),
            _ => None,
        },
        _ => None,
    }
}

fn of_map<'a>(entries: impl Iterator<Item = (&'a Known, &'a Known)>, routes: &mut Routes<'a>) {
    for (key, value) in entries {
        let queue = match &value.value {
            Value::Text(_) => value.whole_text(),
            Value::Dict(route) => {
                route.iter().find(|(key, _)| is_text(key, "queue")).and_then(|(_, queue)| queue.whole_text())
            }
            _ => None,
        };
        match (key.whole_text(), queue) {
            (Some(pattern), Some(queue)) => routes.to.push((pattern, queue)),
            _ => routes.open = true,
        }
    }
}

/// Whether the broker is RabbitMQ as far as is said: no address says otherwise.
pub fn broker_may_be_rabbitmq(scope: &Scope) -> bool {
    scope.said("broker_url").filter_map(|said| said.text().map(url::parse)).all(|url| {
        url.scheme_name().is_none_or(|scheme| matches!(scheme.as_str(), "amqp" | "amqps" | "pyamqp" | "librabbitmq"))
    })
}

/// Whether the broker is certainly RabbitMQ: some address says so, or nothing else can set it.
pub fn broker_is_rabbitmq(scope: &Scope) -> bool {
    let is_said = match scope.answer("broker_url") {
        Answer::Said(said) => {
            said.iter().all(|it| it.text().is_some_and(|url| url::parse(url).scheme_name().is_some()))
        }
        Answer::Default => true,
        Answer::NotShown => false,
    };
    is_said && broker_may_be_rabbitmq(scope)
}

/// What makes queues quorum queues here: the places, and the settings that they belong to.
pub fn quorum(scope: &Scope) -> Vec<(&Text, Said<'_>)> {
    let by_default = scope
        .said("task_default_queue_type")
        .filter_map(|said| Some((said.known.whole_text().filter(|text| text.as_str() == "quorum")?, said)));
    // The default type holds only where no queue is declared (celery/app/amqp.py:331, 5.7.0).
    let by_default = by_default.filter(|_| scope.said("task_queues").next().is_none());
    let declared = declared(scope).filter_map(|declared| {
        let place = declared.queues.iter().find_map(Queue::is_quorum)?;
        Some((place, declared.said))
    });
    by_default.chain(declared).collect()
}

/// What the workers of one deployment consume together.
#[derive(Clone, Debug)]
pub struct Consumption {
    /// In their order.
    pub names: Vec<String>,
    places: Vec<Text>,
}

impl Consumption {
    /// `None` where no deployment with workers is shown, or where one of them may consume what we do not see.
    pub fn of(variant: &Variant) -> Option<Consumption> {
        // Commands of a note are examples; a deployment is written down as a whole.
        let is_of_whole = |worker: &Process| worker.container.is_some() || worker.kind == Kind::Procfile;
        Consumption::where_any(variant, is_of_whole)
    }

    /// The same for scripts and units: other machines may have more of them.
    pub fn of_machines(variant: &Variant) -> Option<Consumption> {
        let is_of_machine =
            |it: &Process| matches!(it.kind, Kind::Shell | Kind::Systemd | Kind::Supervisord | Kind::Celeryd);
        Consumption::where_any(variant, is_of_machine)
    }

    fn where_any(variant: &Variant, is_shown: impl Fn(&Process) -> bool) -> Option<Consumption> {
        let workers = || variant.processes.iter().filter(|process| is_worker(process));
        if variant.is_excerpt || !workers().any(is_shown) {
            return None;
        }
        let mut consumption = Consumption { names: Vec::new(), places: Vec::new() };
        for worker in workers() {
            match consumed(worker) {
                Consumed::Named(queues) => {
                    consumption.names.extend(queues.iter().map(|queue| queue.as_str().to_owned()));
                    consumption.places.extend(queues);
                }
                Consumed::Declared { without } => {
                    let mut scopes = variant.scopes_of(worker).peekable();
                    scopes.peek()?;
                    for scope in scopes {
                        let names = declared_names(scope)?;
                        let is_left = |name: &String| !without.iter().any(|left| left.as_str() == name);
                        consumption.names.extend(names.into_iter().filter(is_left));
                    }
                }
                Consumed::Unknown => return None,
            }
        }
        order::distinct(&mut consumption.names);
        Some(consumption)
    }

    /// Whether some worker consumes the queue.
    pub fn has(&self, queue: &str) -> bool {
        self.names.binary_search_by(|name| name.as_str().cmp(queue)).is_ok()
    }

    /// Where a command names a queue, if any does.
    pub fn first_place(&self) -> Option<&Text> {
        self.places.first()
    }

    /// Where a command names the queue.
    pub fn place(&self, queue: &str) -> Option<&Text> {
        self.places.iter().find(|place| place.as_str() == queue)
    }
}

/// What a worker without `-Q` consumes: the declared queues, else the default queue. `None` if that is not certain.
fn declared_names(scope: &Scope) -> Option<Vec<String>> {
    if scope.said("task_queues").next().is_none() {
        return scope.no_code_sets("task_queues").then(|| default_queue(scope).map(|name| vec![name]))?;
    }
    let mut names = Vec::new();
    for said in scope.said("task_queues") {
        let declared = declaration(&said).filter(|declared| declared.is_whole && declared.refused.is_none())?;
        if declared.queues.is_empty() {
            names.push(default_queue(scope)?);
        }
        names.extend(declared.queues.iter().map(|queue| queue.name.as_str().to_owned()));
    }
    Some(names)
}
