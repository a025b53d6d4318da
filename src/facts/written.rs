//! Names of settings as they are written, and how the program that reads them looks them up.

use super::python::Alternative;
use super::settings::canonical_name;
use crate::knowledge::celery;
use crate::read::python::Condition;
use crate::text::Text;

/// A name where something sets it, also one that is no setting but looks like one.
#[derive(Clone, Debug)]
pub struct Written {
    pub name: Text,
    /// The present name of the setting that it stands for, if it is one.
    pub means: Option<&'static str>,
    pub style: Style,
    pub place: Place,
    /// Names of one group stand in one module, class or dictionary, and are read together.
    pub group: usize,
    pub conditions: Vec<Condition>,
    pub values: Vec<Alternative>,
    /// The configuration that reads it, as a number in the scope's list; absent where that is not shown.
    pub read_by: Option<usize>,
    /// Whether its file sets what only Django reads.
    pub in_django: bool,
}

/// Which of the three ways to write a setting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `result_backend`.
    New,
    /// `BROKER_URL`, `CELERYD_CONCURRENCY`: only a name before 4.0.
    Old,
    /// `CELERY_BROKER_URL`: only a present name behind a namespace.
    Namespaced,
    /// `CELERY_RESULT_BACKEND`: a name before 4.0 and a present name behind a namespace.
    OldAndNamespaced,
    /// No setting.
    Unknown,
}

/// Where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Module,
    Class,
    /// `app.conf.name`, `app.conf["name"]`, `app.conf.update(…)`.
    Conf,
    /// Flask's `app.config`.
    FlaskConfig,
    /// A dictionary, wherever it goes.
    Dictionary,
    /// `Celery(name=…)`.
    Argument,
}

/// A module, class or dictionary that an app is configured from.
#[derive(Clone, Debug)]
pub struct Configured {
    /// What names it: `"proj.celeryconfig"`, `Config`.
    pub at: Text,
    pub namespace: Namespace,
    /// Whether it is `django.conf:settings`, where only names in upper case count.
    pub is_django: bool,
    /// Whether something may keep it from being read: a branch, a function that is never called.
    pub is_conditional: bool,
    /// Nothing names it: Celery reads a `celeryconfig.py` by itself where no app is given, or the app only has a
    /// namespace.
    pub is_implicit: bool,
}

impl Configured {
    /// Whether it is Flask's pattern: the dictionary under `CELERY` of `app.config`.
    pub fn is_flask_mapping(&self) -> bool {
        ["[\"CELERY\"]", "['CELERY']"].iter().any(|end| self.at.as_str().ends_with(end))
    }
}

#[derive(Clone, Debug)]
pub enum Namespace {
    Absent,
    /// The text of the namespace.
    Given(Text),
    NotKnown,
}

impl Style {
    /// The style of a name; `namespaces` are those that the paste names besides `CELERY`.
    pub(super) fn of(written: &str, namespaces: &[String]) -> (Style, Option<&'static str>) {
        if let Some(row) = celery::setting(written) {
            return (Style::New, Some(row.name));
        }
        let old = celery::setting_by_old_name(written).map(|row| row.name);
        let namespaced = in_namespace(written, "CELERY")
            .or_else(|| namespaces.iter().find_map(|namespace| in_namespace(written, namespace)));
        match (old, namespaced) {
            (Some(old), Some(_)) => (Style::OldAndNamespaced, Some(old)),
            (Some(old), None) => (Style::Old, Some(old)),
            (None, Some(namespaced)) => (Style::Namespaced, Some(namespaced)),
            (None, None) => (Style::Unknown, canonical_name(written)),
        }
    }
}

/// The present name behind a namespace: `NAMESPACE_NAME` in the case of the namespace (celery/utils/collections.py,
/// match_case).
fn in_namespace(written: &str, namespace: &str) -> Option<&'static str> {
    let rest = written.strip_prefix(namespace.trim_end_matches('_'))?.strip_prefix('_')?;
    let is_upper = namespace.chars().any(|letter| letter.is_ascii_uppercase());
    let name = if is_upper { rest.to_ascii_lowercase() } else { rest.to_owned() };
    let has_right_case = if is_upper { rest == rest.to_ascii_uppercase() } else { rest == rest.to_ascii_lowercase() };
    has_right_case.then(|| celery::setting(&name).map(|row| row.name)).flatten()
}

impl Written {
    pub fn is_conditional(&self) -> bool {
        !self.conditions.is_empty()
    }
}
