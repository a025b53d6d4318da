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
    let mentions = |piece: &Piece| match piece.document {
        Document::Python(_) => piece.text.as_str().matches("INSTALLED_APPS").count(),
        _ => 0,
    };
    // Named twice, some code may change it.
    if pieces.iter().map(mentions).sum::<usize>() != 1 {
        return None;
    }
    let mut found = None;
    for piece in pieces.iter().filter(|piece| mentions(piece) > 0) {
        let Document::Python(document) = &piece.document else { continue };
        let environment = Environment::default();
        let mut evaluator = Evaluator::new(&environment);
        visit(document, &mut evaluator, |statement, evaluator| {
            if let StatementKind::Assign { target, value } = &statement.kind
                && matches!(&target.is, Expression::Name(name) if name == "INSTALLED_APPS")
                && statement.conditions.is_empty()
                && let [only] = &evaluator.evaluate(value)[..]
                && let Value::List(items) = &only.known.value
            {
                let names: Vec<Text> = items.iter().filter_map(Known::whole_text).cloned().collect();
                if names.len() == items.len() {
                    found = Some(InstalledApps { at: target.at.clone(), names });
                }
            }
        });
    }
    found
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
