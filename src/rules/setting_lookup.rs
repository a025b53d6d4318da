//! How the names of settings are looked up: what several rules ask.

use crate::facts::settings::is_telling_name;
use crate::facts::written::{Configured, Namespace, Place, Style, Written};
use crate::facts::{Said, Scope};
use crate::finding::{Finding, Fix};
use crate::read::python::ConditionKind;
use crate::text::Text;

/// The configuration that reads a name, if the paste shows it.
pub(super) fn reader<'a>(scope: &'a Scope, written: &Written) -> Option<&'a Configured> {
    scope.configured.get(written.read_by?)
}

/// Whether other code may use the name for itself: then it is not meant for Celery alone.
pub(super) fn is_read_elsewhere(scope: &Scope, written: &Written) -> bool {
    scope.names_read.contains(written.name.as_str())
}

/// Whether the name is certainly meant for Celery: `S3_BUCKET` in Django's settings is not.
pub(super) fn is_certainly_for_celery(written: &Written) -> bool {
    is_telling_name(written.name.as_str()) || matches!(written.place, Place::Conf | Place::Argument)
}

/// The name of a setting behind a namespace: `CELERY_BROKER_URL`.
pub(super) fn in_namespace(namespace: &str, name: &str) -> String {
    format!("{}_{}", namespace.trim_end_matches('_'), name.to_ascii_uppercase())
}

/// The namespace of the only configuration of a scope that has one; `None` also where several differ.
pub(super) fn only_namespace(scope: &Scope) -> Option<&Text> {
    let mut given = scope.configured.iter().filter_map(|configured| match &configured.namespace {
        Namespace::Given(text) => Some(text),
        _ => None,
    });
    let only = given.next()?;
    given.next().is_none().then_some(only)
}

/// Whether some configuration of the scope has a namespace, or may have one.
pub(super) fn may_have_namespace(scope: &Scope) -> bool {
    scope.configured.iter().any(|configured| !matches!(configured.namespace, Namespace::Absent))
}

/// Whether it is a name before 4.0, whatever else it is.
pub(super) fn is_old(written: &Written) -> bool {
    matches!(written.style, Style::Old | Style::OldAndNamespaced)
}

/// One fix that renames several names at once; none if one of them cannot be edited.
pub(super) fn rename_all(finding: &mut Finding, names: &[(&Text, String)]) {
    let edits: Option<Vec<_>> = names.iter().map(|(name, new)| name.replacement(new)).collect();
    if let Some(edits) = edits.filter(|edits| !edits.is_empty()) {
        finding.fixes.push(Fix { edits });
    }
}

/// Whether a value holds where a variable is not set: the variable itself is then reported beside it.
pub(super) fn is_default_of_variable(said: &Said<'_>) -> bool {
    said.conditions.iter().all(|condition| condition.is == ConditionKind::Set && !condition.holds)
}
