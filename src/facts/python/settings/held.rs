//! What one Python file says about Celery: its settings with what holds them, and what the apps are configured from.

use super::MOST_GROUPS;
use super::chosen_class::ChosenClass;
use crate::facts::python::Alternative;
use crate::facts::settings::{Setting, is_telling_name};
use crate::facts::written::{Namespace, Written};
use crate::text::Text;

/// What one Python file says about Celery.
#[derive(Clone, Debug, Default)]
pub(in crate::facts) struct PythonSettings {
    pub(in crate::facts) settings: Vec<Held>,
    pub(in crate::facts) written: Vec<Written>,
    /// What holds the names of each group.
    pub(in crate::facts) groups: Vec<Holder>,
    /// Why more settings may be there than we see: star imports, `update(…)` of something unknown.
    pub(in crate::facts) open_at: Vec<Text>,
    /// Calls of `Celery(…)`, by the callee's place.
    pub(in crate::facts) apps: Vec<Text>,
    /// Calls of `setup_security()`, which turns signed messages on.
    pub(in crate::facts) signed_at: Vec<Text>,
    /// The schedules that `add_periodic_task(…)` is called with.
    pub(in crate::facts) periodic_tasks: Vec<Alternative>,
    /// What the apps are configured from.
    pub(in crate::facts) configured: Vec<ConfiguredFrom>,
    /// `Celery(namespace=…)`, with the callee's place.
    pub(in crate::facts) namespaces: Vec<(Text, Namespace)>,
    /// Pasted files whose names all came in by `from … import *`: their settings are among these.
    pub(in crate::facts) taken_in: Vec<usize>,
    /// Settings that it sets in other modules.
    pub(in crate::facts) outside: Vec<Outside>,
    /// The variables of the environment that it sets: where each is named, and what it may be then.
    pub(in crate::facts) variables: Vec<(Text, Vec<Alternative>)>,
    /// Whether it sets what only Django reads.
    pub(in crate::facts) is_django: bool,
}

/// A setting that one module sets in another: in the file of that number, or in Django's settings.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Outside {
    pub(in crate::facts) file: Option<usize>,
    /// The module itself, or a class in it.
    pub(in crate::facts) holder: Holder,
    pub(in crate::facts) setting: Setting,
    /// Whether it happens whenever the module runs.
    pub(in crate::facts) is_certain: bool,
}

/// A setting and what holds it.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Held {
    pub(in crate::facts) holder: Holder,
    pub(in crate::facts) setting: Setting,
}

/// What holds a setting. A later assignment replaces an earlier one of the same holder.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::facts) enum Holder {
    Module,
    /// A class, by the number of its file and its name there.
    Class(usize, String),
    Conf,
    FlaskConfig,
    Argument,
    /// A dictionary, by its number in the file.
    Dictionary(usize),
}

/// `config_from_object(…)` and its kin.
#[derive(Clone, Debug)]
pub(in crate::facts) struct ConfiguredFrom {
    pub(in crate::facts) at: Text,
    pub(in crate::facts) what: What,
    pub(in crate::facts) namespace: Namespace,
    pub(in crate::facts) is_conditional: bool,
}

#[derive(Clone, Debug)]
pub(in crate::facts) enum What {
    /// A dotted name: a module, or a class in one behind a colon or a dot.
    Dotted(String),
    /// A class, by the number of its file and its name there.
    Class(usize, String),
    /// A dictionary, by its group in this file.
    Group(usize),
}

impl PythonSettings {
    /// What is meant for Celery. A lower-case name such as `timezone` is Celery's only beside names that are
    /// certainly Celery's, or where the app `is_configured` from this file.
    /// `line`: the class that the app is configured from, and its bases, where that is certain.
    pub(in crate::facts) fn of_celery(
        &self,
        line: Option<&ChosenClass>,
        is_configured: bool,
    ) -> (Vec<Setting>, Vec<Written>) {
        let is_celery_config = is_configured
            || !self.apps.is_empty()
            || self.settings.iter().any(|held| is_telling_name(held.setting.written.as_str()));
        let is_meant = |name: &Text| is_celery_config || is_telling_name(name.as_str());
        let written = self.written.iter().filter(|it| is_meant(&it.name)).cloned().collect();
        let settings = self.settings.iter().filter(|held| is_meant(&held.setting.written));
        let Some(line) = line else { return (settings.map(|held| held.setting.clone()).collect(), written) };
        let chosen = settings.filter(|held| line.holds(held)).map(|held| {
            let mut setting = held.setting.clone();
            for alternative in &mut setting.alternatives {
                alternative.conditions.retain(|it| !line.line.iter().any(|(_, class)| class == it.test.as_str()));
            }
            setting
        });
        (chosen.collect(), written)
    }

    pub(super) fn group(&mut self, holder: &Holder) -> usize {
        match self.groups.iter().position(|known| known == holder) {
            Some(group) => group,
            None => {
                self.groups.push(holder.clone());
                self.groups.len() - 1
            }
        }
    }

    /// What a holder holds was replaced as a whole.
    pub(super) fn forget(&mut self, holder: &Holder) {
        let group = self.group(holder);
        self.settings.retain(|held| held.holder != *holder);
        self.written.retain(|written| written.group != group);
    }

    pub(super) fn new_dictionary(&mut self) -> Holder {
        if let Some(last) = self.groups.last().filter(|_| self.groups.len() > MOST_GROUPS) {
            return last.clone();
        }
        let holder = Holder::Dictionary(self.groups.len());
        self.group(&holder);
        holder
    }
}
