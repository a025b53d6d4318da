//! Names of a module that other modules set: `celeryconfig.broker_url = …`, `setattr(settings, "CELERY_X", …)`.
//!
//! Whether that happens before somebody reads the name depends on who imports what first, so a name that is set from
//! outside is never certain in its own module; only the module that makes the app is sure to run before Celery reads.

use std::collections::HashMap;

use crate::read::python::{Expression, Node, PythonDocument, Statement, StatementKind};
use crate::text::Text;

/// Django's settings as code imports them.
pub(super) const DJANGO: &str = "django.conf.settings";

/// The object and the name that a statement sets, and the value, if it is one.
pub(super) fn set_by(statement: &Statement) -> Option<(&Node, &Text, Option<&Node>)> {
    match &statement.kind {
        StatementKind::Assign { target: Node { is: Expression::Attribute { object, name }, .. }, value } => {
            Some((object, name, Some(value)))
        }
        StatementKind::AugmentedAssign { target: Node { is: Expression::Attribute { object, name }, .. }, .. } => {
            Some((object, name, None))
        }
        _ => None,
    }
}

/// The modules and names that a file sets in others, as it imports them.
pub(super) fn sets(document: &PythonDocument) -> Vec<(String, String)> {
    let set = || document.statements.iter().filter_map(|it| Some((it, set_by(it)?)));
    if set().next().is_none() {
        return Vec::new();
    }
    let mut imports = HashMap::new();
    let mut parameters = Vec::new();
    for statement in &document.statements {
        match &statement.kind {
            StatementKind::Import { module, renamed: Some(renamed) } => {
                imports.insert(renamed.as_str(), module.as_str().to_owned());
            }
            StatementKind::Import { module, renamed: None } => {
                let head = module.as_str().split('.').next().unwrap_or_default();
                imports.insert(head, head.to_owned());
            }
            StatementKind::FromImport { module, level, name, renamed } => {
                let dot = if module.is_empty() { "" } else { "." };
                let full = format!("{}{module}{dot}{}", ".".repeat(*level as usize), name.as_str());
                imports.insert(renamed.as_ref().unwrap_or(name).as_str(), full);
            }
            StatementKind::Function(function) => {
                parameters.extend(function.parameters.iter().map(|it| it.name.as_str()))
            }
            _ => {}
        }
    }
    let found = set().filter_map(|(statement, (object, name, _))| {
        let dotted = object.dotted()?;
        let (head, rest) = dotted.split_once('.').map_or((dotted.as_str(), ""), |(head, rest)| (head, rest));
        // A fixture of pytest may be called `settings`, too.
        if !statement.inside.is_empty() && parameters.contains(&head) {
            return None;
        }
        let module = imports.get(head)?;
        let module = if rest.is_empty() { module.clone() } else { format!("{module}.{rest}") };
        Some((module, name.as_str().to_owned()))
    });
    found.collect()
}
