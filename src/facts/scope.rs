//! A scope: the settings of one Celery app as one process sees them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::python::{Alternative, NamesRead, is_possible};
use super::settings::{Setting, Source, is_set_by_code_alone};
use super::value::{Known, Template, Value, Why};
use super::written::{Configured, Written};
use crate::read::python::{Condition, ConditionKind};
use crate::text::{Text, order};

/// The settings that hold for one process, from code, environment and command line.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The process's name, or the file's where no process is shown.
    pub name: String,
    /// The number of the process within the variant.
    pub process: Option<usize>,
    /// The container that serves the web with these settings, or whose variables these are: an index into the variant's list.
    pub container: Option<usize>,
    pub settings: Vec<Rc<Setting>>,
    /// The places of the settings in their list, in the order of the names.
    pub(in crate::facts) by_name: Vec<usize>,
    /// The schedules that `add_periodic_task(…)` is called with.
    pub periodic_tasks: Rc<[Alternative]>,
    /// What keeps the scope open: star imports, updates that cannot be followed, files that were not pasted.
    /// Only a closed scope can say that something is missing.
    pub open_at: Vec<Text>,
    /// Whether every file that could set something was pasted.
    pub closed: bool,
    /// The Python files that configure the app, whole.
    pub code: Rc<Words>,
    /// Calls of `setup_security()`, which turns signed messages on.
    pub signed_at: Vec<Text>,
    /// Whether the names of those files say that they are for development or tests: `test_settings.py`.
    pub is_for_tests: bool,
    /// Whether the app itself is made in the paste.
    pub makes_app: bool,
    /// The names as they are written, also those that are no setting but look like one.
    pub written: Rc<[Written]>,
    /// What the app is configured from: modules, classes, dictionaries.
    pub configured: Rc<[Configured]>,
    /// Every name that the code of the app reads: a project's own setting is among them.
    pub names_read: Rc<NamesRead>,
    /// Whether every Python file that could set something was pasted and understood; variables may still.
    pub code_is_closed: bool,
}

/// The whole texts of an app's files, and which words were found in them.
#[derive(Debug, Default)]
pub struct Words {
    texts: Vec<Text>,
    known: RefCell<HashMap<String, bool>>,
}

impl Words {
    pub(super) fn new(texts: Vec<Text>) -> Words {
        Words { texts, known: RefCell::default() }
    }

    /// Whether the word stands anywhere as a name of its own. Several scopes and rules ask the same.
    fn have(&self, word: &str) -> bool {
        if let Some(known) = self.known.borrow().get(word) {
            return *known;
        }
        let is_part_of_name = |character: char| character.is_alphanumeric() || character == '_';
        let found = self.texts.iter().any(|code| {
            let code = code.as_str();
            code.match_indices(word).any(|(at, _)| {
                !code[..at].ends_with(is_part_of_name) && !code[at + word.len()..].starts_with(is_part_of_name)
            })
        });
        self.known.borrow_mut().insert(word.to_owned(), found);
        found
    }
}

/// What a scope answers when it is asked for a setting.
#[derive(Clone, Debug)]
pub enum Answer<'a> {
    /// One or more values, each under its conditions; some may not be known.
    Said(Vec<Said<'a>>),
    /// Everything that could set it was pasted and does not: the default of the version holds.
    Default,
    /// Something that was not pasted, or not understood, may set it.
    NotShown,
}

/// One value that a setting has, with what it depends on.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    pub setting: &'a Setting,
    pub known: &'a Known,
    pub conditions: &'a [Condition],
}

impl Scope {
    /// A scope that something outside may still set, without code.
    pub(super) fn new(name: &str, process: Option<usize>, settings: Vec<Rc<Setting>>) -> Scope {
        let mut scope = Scope {
            name: name.to_owned(),
            process,
            container: None,
            settings,
            by_name: Vec::new(),
            open_at: Vec::new(),
            closed: false,
            code_is_closed: false,
            periodic_tasks: Rc::new([]),
            code: Rc::default(),
            signed_at: Vec::new(),
            is_for_tests: false,
            makes_app: false,
            written: Rc::new([]),
            configured: Rc::new([]),
            names_read: Rc::default(),
        };
        scope.sort_by_name();
        scope
    }

    /// Finds the places of the settings anew.
    pub(in crate::facts) fn sort_by_name(&mut self) {
        self.by_name = (0..self.settings.len()).collect();
        order::sort_by_key(&mut self.by_name, |&at| self.settings[at].name);
    }

    /// What sets a setting, in the order of the list.
    fn of_name<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Setting> + Clone {
        let start = self.by_name.partition_point(|&at| self.settings[at].name < name);
        let end = start + self.by_name[start..].partition_point(|&at| self.settings[at].name <= name);
        self.by_name[start..end].iter().map(|&at| &*self.settings[at])
    }

    /// Every value that a setting may have here. What a stronger source certainly overrules is left out.
    pub fn said<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Said<'a>> {
        let settings = self.of_name(name);
        let strongest = settings
            .clone()
            .filter(|setting| is_certain(setting))
            .map(|setting| setting.source)
            .max()
            .unwrap_or(Source::CeleryArgument);
        // Celery(backend=…) and a settings module are read together: which one holds depends on their order.
        let strongest = if strongest == Source::Python { Source::CeleryArgument } else { strongest };
        settings.filter(move |setting| setting.source >= strongest).flat_map(|setting| {
            setting.alternatives.iter().map(move |alternative| Said {
                setting,
                known: &alternative.known,
                conditions: &alternative.conditions,
            })
        })
    }

    /// What is known of a setting here. Only a closed scope can say that nothing sets it.
    pub fn answer<'a>(&'a self, name: &'a str) -> Answer<'a> {
        let said: Vec<Said<'a>> = self.said(name).collect();
        // What only code can set needs no environment to be shown.
        let is_closed = self.closed || (self.code_is_closed && is_set_by_code_alone(name));
        match (said.is_empty(), is_closed) {
            (false, _) => Answer::Said(said),
            (true, true) => Answer::Default,
            (true, false) => Answer::NotShown,
        }
    }

    /// Whether the app's code has a word anywhere, as a name of its own: `acks_late` in a decorator, `register`.
    /// Rules ask it to stay silent where a task or a module may do what the settings do not.
    pub fn mentions(&self, word: &str) -> bool {
        self.code.have(word)
    }

    /// Whether the code takes variables from a file of its own, which may not be in sight.
    pub fn reads_env_file(&self) -> bool {
        let readers = ["load_dotenv", "dotenv_values", "read_env", "decouple", "env_file", "dynaconf"];
        readers.iter().any(|word| self.mentions(word))
    }

    /// Whether the code looks up a variable of this name itself. Its name then stands in quotes.
    pub fn looks_up_variable(&self, name: &str) -> bool {
        [format!("\"{name}\""), format!("'{name}'")].iter().any(|it| self.mentions(it))
            && ["environ", "getenv"].iter().any(|word| self.mentions(word))
    }

    /// Whether a setting has its default, for a setting that code alone sets: no option and no variable.
    pub fn no_code_sets(&self, name: &str) -> bool {
        self.code_is_closed && self.of_name(name).next().is_none()
    }

    /// Every pair of values that two settings may have at the same time. A rule about two values judges only these.
    pub fn together<'a>(&'a self, first: &'a str, second: &'a str) -> impl Iterator<Item = (Said<'a>, Said<'a>)> {
        self.said(first).flat_map(move |one| {
            self.said(second).filter_map(move |two| one.can_hold_with(&two).then(|| (one.clone(), two)))
        })
    }
}

/// Whether a setting certainly holds: its value is not empty in the environment and stands under no condition.
fn is_certain(setting: &Setting) -> bool {
    setting.alternatives.iter().all(|alternative| {
        alternative.conditions.is_empty()
            && match (&alternative.known.value, setting.source) {
                (Value::Text(template), Source::Environment | Source::CommandLine) => !template.text.is_empty(),
                (Value::Unknown(_), Source::Environment | Source::CommandLine) => false,
                _ => true,
            }
    })
}

impl<'a> Said<'a> {
    pub fn text(&self) -> Option<&'a Template> {
        self.known.text()
    }

    /// Whether the value holds only where a variable is not set, or in one branch of a test.
    pub fn is_conditional(&self) -> bool {
        !self.conditions.is_empty()
    }

    /// Whether the value holds only while testing or debugging.
    pub fn is_for_tests(&self) -> bool {
        self.conditions.iter().any(Condition::is_for_tests)
    }

    /// Whether both values can hold at the same time: their conditions do not exclude each other.
    pub fn can_hold_with(&self, other: &Said<'_>) -> bool {
        let both: Vec<Condition> = self.conditions.iter().chain(other.conditions).cloned().collect();
        is_possible(&both)
    }

    /// The number that it is, in the setting's own unit; a boolean or a text is none.
    pub fn number(&self) -> Option<f64> {
        match self.known.value {
            #[allow(clippy::cast_precision_loss, reason = "nobody sets a limit beyond 2^53")]
            Value::Integer(number) => Some(number as f64),
            Value::Float(number) => Some(number),
            _ => None,
        }
    }

    /// True or False, where it is written so.
    pub fn boolean(&self) -> Option<bool> {
        match self.known.value {
            Value::Boolean(boolean) => Some(boolean),
            _ => None,
        }
    }

    /// Whether the value is Python's `None`.
    pub fn is_none(&self) -> bool {
        matches!(self.known.value, Value::None)
    }

    /// The strings of a list, if it is one and every entry is known.
    pub fn all_strings(&self) -> Option<Vec<&'a Text>> {
        match &self.known.value {
            Value::List(items) => items.iter().map(Known::whole_text).collect(),
            _ => None,
        }
    }

    /// The places of the strings in a list; `None` where the value is no list.
    pub fn strings(&self) -> Option<Vec<&'a Text>> {
        match &self.known.value {
            Value::List(items) => Some(items.iter().filter_map(Known::whole_text).collect()),
            _ => None,
        }
    }
}

impl Condition {
    /// Whether it holds only while testing, debugging or developing, as far as its words tell.
    pub fn is_for_tests(&self) -> bool {
        let test = self.test.as_str().to_ascii_lowercase();
        matches!(self.is, ConditionKind::If | ConditionKind::Class)
            && self.holds
            && ["debug", "test", "local", "develop", "eager"].iter().any(|word| test.contains(word))
            && !test.contains("not ")
    }
}

/// A setting that a text sets: a variable or an option.
pub(super) fn of_text(name: &'static str, written: &Text, source: Source, value: Option<Template>) -> Setting {
    let known = match value {
        Some(template) => Known { at: template.text.clone(), value: Value::Text(template) },
        None => Known::unknown(Why::Template, written),
    };
    of_known(name, written, source, known)
}

/// A setting with one value.
pub(super) fn of_known(name: &'static str, written: &Text, source: Source, known: Known) -> Setting {
    let mut alternatives = vec![Alternative { known, conditions: Vec::new() }];
    // Where the variable is set, its value is not known; where it is not, the default holds.
    if let Some(fallback) = alternatives[0].known.at.fallback() {
        let condition = |holds| vec![Condition { test: fallback.site.clone(), is: ConditionKind::Set, holds }];
        alternatives[0].conditions = condition(false);
        let why = Why::Environment { name: fallback.variable.clone(), none_if_unset: false };
        let known = Known::unknown(why, &fallback.site);
        alternatives.insert(0, Alternative { known, conditions: condition(true) });
    }
    Setting { name, written: written.clone(), source, alternatives, expression: None }
}
