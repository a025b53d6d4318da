//! What beat is told to send and when: the entries of `beat_schedule`.

pub mod crontab;

use super::containers::{Container, is_a_server};
use super::process::Role;
use super::scope::{Said, Scope};
use super::value::{Called, Known, Template, Value};
use super::{Process, Variant};
use crate::intake::Kind;
use crate::text::Text;
use crontab::Crontab;

/// One value of `beat_schedule`.
#[derive(Clone, Debug)]
pub struct Schedule<'a> {
    pub said: Said<'a>,
    /// The entries that are written out; `None` where it is certainly no dictionary.
    pub entries: Option<Vec<Entry<'a>>>,
}

/// An entry of a schedule: what is sent, and when.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its key in the schedule.
    pub key: &'a Known,
    pub value: &'a Known,
    /// What it says, by the names of its fields. The last of two equal names holds.
    pub fields: Vec<(&'a Text, &'a Known)>,
    /// Whether every field is seen: nothing is unpacked into it.
    pub is_whole: bool,
}

/// When an entry is due.
#[derive(Clone, Debug)]
pub enum When<'a> {
    /// Every so many seconds.
    Every(f64),
    Crontab(Crontab<'a>),
    /// A text, which Celery takes for no schedule.
    Text(&'a Template),
    /// None, a list, a dictionary: no schedule either.
    Nonsense,
    /// A variable, a call of the project's own, the sun.
    Unknown,
}

/// Who keeps the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduler {
    /// A file of beat's own: the default.
    Persistent,
    /// The tables of django-celery-beat.
    Database,
    /// RedBeat, which locks: several beats are one.
    RedBeat,
    /// A class of the project's own, or several.
    Other,
    /// No file that was pasted says, and one that was not may.
    NotShown,
}

/// The schedules that a scope may have.
pub fn schedules<'a>(scope: &'a Scope) -> impl Iterator<Item = Schedule<'a>> {
    scope.said("beat_schedule").filter_map(|said| {
        let entries = match &said.known.value {
            Value::Dict(entries) => Some(entries.iter().filter_map(|(key, value)| entry(key, value)).collect()),
            Value::Unknown(_) | Value::Call { .. } => return None,
            // An environment variable's text may be decoded elsewhere.
            Value::Text(template) if template.whole().is_none() => return None,
            Value::None => Some(Vec::new()),
            _ => None,
        };
        Some(Schedule { said, entries })
    })
}

fn entry<'a>(key: &'a Known, value: &'a Known) -> Option<Entry<'a>> {
    let Value::Dict(fields) = &value.value else { return None };
    Some(Entry {
        key,
        value,
        is_whole: fields.iter().all(|(name, _)| name.whole_text().is_some()),
        fields: fields.iter().filter_map(|(name, value)| Some((name.whole_text()?, value))).collect(),
    })
}

impl<'a> Entry<'a> {
    /// The entry's name, if it is written out.
    pub fn name(&self) -> Option<&'a Text> {
        self.key.whole_text()
    }

    /// A field that holds: the last of its name.
    pub fn field(&self, name: &str) -> Option<&'a Known> {
        self.fields.iter().rev().find(|(known, _)| known.as_str() == name).map(|(_, value)| *value)
    }

    /// The name of the task that is sent.
    pub fn task(&self) -> Option<&'a Text> {
        self.field("task")?.whole_text()
    }

    /// A value of `options`, such as `queue`.
    pub fn option(&self, name: &str) -> Option<&'a Known> {
        let Value::Dict(options) = &self.field("options")?.value else { return None };
        options
            .iter()
            .rev()
            .find(|(key, _)| key.whole_text().is_some_and(|key| key.as_str() == name))
            .map(|(_, value)| value)
    }

    /// When it is due.
    pub fn when(&self) -> When<'a> {
        self.field("schedule").map_or(When::Unknown, when)
    }
}

/// What Celery makes of a value as a schedule (celery/schedules.py, maybe_schedule).
pub fn when(known: &Known) -> When<'_> {
    if let Some(crontab) = Crontab::of(known) {
        return When::Crontab(crontab);
    }
    match &known.value {
        Value::Text(template) => When::Text(template),
        Value::None | Value::List(_) | Value::Dict(_) => When::Nonsense,
        _ => seconds(known).map_or(When::Unknown, When::Every),
    }
}

/// The seconds of a number, a `timedelta(…)` or a `schedule(…)`.
fn seconds(known: &Known) -> Option<f64> {
    match &known.value {
        #[allow(clippy::cast_precision_loss, reason = "nobody waits 2^53 seconds")]
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Boolean(boolean) => Some(f64::from(u8::from(*boolean))),
        Value::Call { function, arguments, called } if function == "timedelta" => timedelta(arguments, called),
        Value::Call { arguments, called, .. } if called.full_name == "celery.schedules.schedule" => {
            let is_interval = |name: &Option<String>| name.as_deref().is_none_or(|name| name == "run_every");
            let (_, interval) = arguments.first().filter(|(name, _)| is_interval(name) && !called.unpacks)?;
            seconds(interval)
        }
        _ => None,
    }
}

/// The arguments of Python's `datetime.timedelta`, in their order, and how many seconds each counts.
const UNITS: [(&str, f64); 7] = [
    ("days", 86_400.0),
    ("seconds", 1.0),
    ("microseconds", 1e-6),
    ("milliseconds", 1e-3),
    ("minutes", 60.0),
    ("hours", 3_600.0),
    ("weeks", 604_800.0),
];

/// A keyword that `timedelta(…)` does not take: `minute`.
pub fn unknown_unit(known: &Known) -> Option<&Text> {
    let Value::Call { called, .. } = &known.value else { return None };
    let is_unknown = |keyword: &&Text| !UNITS.iter().any(|(unit, _)| *unit == keyword.as_str());
    (called.full_name == "datetime.timedelta").then(|| called.keywords.iter().flatten().find(is_unknown)).flatten()
}

fn timedelta(arguments: &[(Option<String>, Known)], called: &Called) -> Option<f64> {
    if called.unpacks {
        return None;
    }
    let mut sum = 0.0;
    for (index, (name, known)) in arguments.iter().enumerate() {
        let (_, unit) = match name {
            Some(name) => UNITS.iter().find(|(unit, _)| unit == name)?,
            None => UNITS.get(index)?,
        };
        sum += unit
            * match known.value {
                #[allow(clippy::cast_precision_loss, reason = "nobody waits 2^53 seconds")]
                Value::Integer(number) => number as f64,
                Value::Float(number) => number,
                _ => return None,
            };
    }
    Some(sum)
}

/// Whether a process keeps a schedule: `celery beat`, or a worker with `-B`.
pub fn is_beat(process: &Process) -> bool {
    process.role == Role::Beat || embeds_beat(process).is_some()
}

/// The `-B` of a worker.
pub fn embeds_beat(process: &Process) -> Option<&Text> {
    if process.role != Role::Worker {
        return None;
    }
    process.command.uses("--beat").next().map(|option| &option.written)
}

/// Whether a whole deployment is shown, with a worker and without anything that is, or may be, a beat.
pub fn shows_no_beat(variant: &Variant) -> bool {
    !variant.is_excerpt
        && !variant.containers.is_empty()
        && variant.processes.iter().any(|process| process.role == Role::Worker)
        && !variant.processes.iter().any(|process| {
            is_beat(process) || process.role == Role::Unknown || process.container.is_none()
        })
        // What a hidden script starts may be a beat.
        && variant.containers.iter().all(|container| container.hidden_entrypoint.is_none())
}

/// The same, where besides every service of a compose file says what it runs, or is known for it.
pub fn shows_all_but_beat(variant: &Variant) -> bool {
    let mut starts_celery = vec![false; variant.containers.len()];
    for number in variant.processes.iter().filter_map(|process| process.container) {
        starts_celery.get_mut(number).into_iter().for_each(|it| *it = true);
    }
    let is_plain = |(container, starts_celery): (&Container, bool)| {
        let image = container.built_from.and_then(|image| variant.images.get(image));
        let is_server = || container.image.as_ref().is_some_and(|image| is_a_server(image.as_str()));
        container.kind == Kind::Compose && (starts_celery || is_server() || container.serves_the_web(image))
    };
    shows_no_beat(variant) && variant.containers.iter().zip(starts_celery).all(is_plain)
}

/// Who keeps the schedule of a scope: what beat's command line says, else its variable, else the setting.
pub fn scheduler(variant: &Variant, scope: &Scope) -> Scheduler {
    let mut found: Vec<Scheduler> = Vec::new();
    let beats: Vec<&Process> = variant
        .processes
        .iter()
        .filter(|process| {
            is_beat(process)
                && scope.process.is_none_or(|number| !own_beat(variant, number) || number == process.number)
        })
        .collect();
    let by_setting = scope.said("beat_scheduler").map(|said| match said.known.whole_text() {
        Some(text) => named(text.as_str()),
        None => Scheduler::Other,
    });
    let by_setting: Vec<Scheduler> = by_setting.collect();
    for beat in &beats {
        if let Some(value) = beat.command.value("--scheduler") {
            found.push(if value.expands { Scheduler::Other } else { named(value.text.as_str()) });
        } else if let Some(variable) = beat.environment.get("CELERY_BEAT_SCHEDULER") {
            // click gives every option a variable (celery/bin/celery.py, auto_envvar_prefix).
            found.push(
                variable.value.as_ref().and_then(Template::whole).map_or(Scheduler::Other, |it| named(it.as_str())),
            );
        } else if by_setting.is_empty() {
            found.push(if scope.closed { Scheduler::Persistent } else { Scheduler::NotShown });
        } else {
            found.extend(&by_setting);
        }
    }
    if beats.is_empty() {
        found = by_setting;
    }
    match &found[..] {
        [] => Scheduler::NotShown,
        [first, rest @ ..] if rest.iter().all(|it| it == first) => *first,
        _ => Scheduler::Other,
    }
}

/// Whether the process of that number is a beat itself.
fn own_beat(variant: &Variant, number: usize) -> bool {
    variant.processes.get(number).is_some_and(is_beat)
}

fn named(class: &str) -> Scheduler {
    match class {
        "celery.beat:PersistentScheduler" | "celery.beat.PersistentScheduler" => Scheduler::Persistent,
        "django" => Scheduler::Database,
        _ if class.starts_with("django_celery_beat.") => Scheduler::Database,
        _ if class.starts_with("redbeat") => Scheduler::RedBeat,
        _ => Scheduler::Other,
    }
}
