//! Django's `INSTALLED_APPS`, where the whole list is in view.

use super::Piece;
use super::environment::Environment;
use super::python::{Evaluator, visit};
use super::value::{Known, Value};
use crate::read::Document;
use crate::read::python::{Expression, StatementKind};
use crate::text::Text;

/// The list, written once and out in full.
#[derive(Clone, Debug)]
pub struct InstalledApps {
    /// The name where it is set.
    pub at: Text,
    pub names: Vec<Text>,
}

impl InstalledApps {
    /// Whether an app is in the list, as itself, misspelt, or by the path of its configuration.
    pub fn has(&self, app: &str) -> bool {
        let is_it = |name: &Text| name.as_str().split('.').next() == Some(app) || meant_by(name.as_str()) == Some(app);
        self.names.iter().any(is_it)
    }
}

/// What a misspelt entry of `INSTALLED_APPS` means: the apps of Celery, by the names of their packages or nearly so.
pub fn meant_by(entry: &str) -> Option<&'static str> {
    const APPS: [&str; 2] = ["django_celery_beat", "django_celery_results"];
    let app = entry.split('.').next()?;
    let near = |it: &&&str| strsim::osa_distance(&app.replace('-', "_"), it) <= 2;
    APPS.iter().find(near).copied().filter(|meant| *meant != app)
}

/// The list; `None` where there is none, where it is made of parts, or where some code may change it.
pub(super) fn gather(pieces: &[Piece]) -> Option<InstalledApps> {
    // Named twice, some code may change it.
    let (at, known) = assignment(pieces, "INSTALLED_APPS")?;
    let Value::List(items) = &known.value else { return None };
    let names: Option<Vec<Text>> = items.iter().map(|item| item.whole_text().cloned()).collect();
    Some(InstalledApps { at, names: names? })
}

/// How often the Python files name something.
fn mentions(pieces: &[Piece], name: &str) -> usize {
    let in_piece = |piece: &Piece| match piece.document {
        Document::Python(_) => piece.text.as_str().matches(name).count(),
        _ => 0,
    };
    pieces.iter().map(in_piece).sum()
}

/// What a name of Django's settings is set to, where one statement says it for certain and nothing else names it.
pub(super) fn assigned_once(pieces: &[Piece], name: &str) -> Option<Known> {
    assignment(pieces, name).map(|(_, known)| known)
}

/// The name and its value.
fn assignment(pieces: &[Piece], name: &str) -> Option<(Text, Known)> {
    if mentions(pieces, name) != 1 {
        return None;
    }
    let mut found = None;
    for piece in pieces.iter().filter(|piece| piece.text.as_str().contains(name)) {
        let Document::Python(document) = &piece.document else { continue };
        let environment = Environment::default();
        let mut evaluator = Evaluator::new(&environment);
        visit(document, &mut evaluator, |statement, evaluator| {
            if let StatementKind::Assign { target, value } = &statement.kind
                && matches!(&target.is, Expression::Name(it) if it == name)
                && statement.conditions.is_empty()
                && let [only] = &evaluator.evaluate(value)[..]
            {
                found = Some((target.at.clone(), only.known.clone()));
            }
        });
    }
    found
}

/// The place of `USE_TZ = False`, where nothing tells django-celery-beat.
pub(super) fn without_zones(pieces: &[Piece]) -> Option<Text> {
    let known = assigned_once(pieces, "USE_TZ")?;
    let is_off = matches!(known.value, Value::Boolean(false));
    (is_off && mentions(pieces, "DJANGO_CELERY_BEAT_TZ_AWARE") == 0).then_some(known.at)
}

/// The name in `"ATOMIC_REQUESTS": True` or `DATABASES["default"]["ATOMIC_REQUESTS"] = True`.
pub(super) fn atomic_requests(pieces: &[Piece]) -> Option<Text> {
    const NAME: &str = "ATOMIC_REQUESTS";
    pieces.iter().filter(|piece| matches!(piece.document, Document::Python(_))).find_map(|piece| {
        let text = piece.text.as_str();
        let (at, _) = text.match_indices(NAME).find(|(at, _)| {
            let line = text[..*at].rsplit('\n').next().unwrap_or_default();
            let behind = text[at + NAME.len()..].trim_start_matches(['"', '\'', ']', ' ']);
            let value = behind.strip_prefix([':', '=']).unwrap_or_default().trim_start();
            !line.contains('#') && value.starts_with("True")
        })?;
        Some(piece.text.slice(at..at + NAME.len()))
    })
}
