//! What names stand for: imports, the app, the functions of the file.

use std::collections::HashMap;

use crate::read::python::{Around, Expression, Node, PythonDocument, Statement, StatementKind};

/// What a name of a function, or of the module, was given, where that happens once and nothing seems to change it.
pub(super) fn given_once<'d>(document: &'d PythonDocument, function: Option<usize>, name: &str) -> Option<&'d Node> {
    let mut given = None;
    for statement in document.statements.iter().filter(|it| function_of(it) == function) {
        match &statement.kind {
            StatementKind::Assign { target: Node { is: Expression::Name(target), .. }, value } if target == name => {
                if given.is_some() || !statement.conditions.is_empty() && function.is_some() {
                    return None;
                }
                given = Some(value);
            }
            _ => {
                // `argv.append(…)`, `argv += …`, `argv[1] = …`
                let rest = statement.at.as_str().strip_prefix(name);
                if rest.is_some_and(|it| it.trim_start().starts_with(['.', '+', '['])) {
                    return None;
                }
            }
        }
    }
    given
}

/// The names of one file.
pub(super) struct Names {
    /// What an imported name stands for; a relative module begins with a dot.
    imports: HashMap<String, String>,
    /// Names that a call of something other than Celery's gave their value.
    other_apps: Vec<String>,
    /// Names that `Celery(…)` or a function that speaks of Celery gave their value.
    pub(super) apps: Vec<String>,
    /// Whether the file imports something of Celery's.
    pub(super) speaks_of_celery: bool,
    /// Whether it imports another task queue, whose tasks have `delay` and `task` as well.
    pub(super) speaks_of_others: bool,
}

/// Packages whose decorators and methods have the names of Celery's.
pub(super) const OTHER_QUEUES: [&str; 12] = [
    "rq",
    "django_rq",
    "huey",
    "dramatiq",
    "taskiq",
    "procrastinate",
    "airflow",
    "prefect",
    "invoke",
    "locust",
    "arq",
    "django_q",
];

impl Names {
    pub(super) fn of(document: &PythonDocument) -> Names {
        let mut names = Names {
            imports: HashMap::new(),
            other_apps: Vec::new(),
            apps: Vec::new(),
            speaks_of_celery: false,
            speaks_of_others: false,
        };
        for statement in &document.statements {
            names.statement(statement);
        }
        names
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Import { module, renamed } => {
                self.module(module.as_str());
                if let Some(renamed) = renamed {
                    self.imports.insert(renamed.as_str().to_owned(), module.as_str().to_owned());
                }
            }
            StatementKind::FromImport { module, level, name, renamed } => {
                self.module(module);
                let local = renamed.as_ref().unwrap_or(name).as_str().to_owned();
                let dots = if *level > 0 { "." } else { "" };
                self.imports.insert(local, format!("{dots}{module}.{}", name.as_str()));
            }
            StatementKind::Assign { target, value } => {
                let (Some(name), Expression::Call { function, .. }) = (target.dotted(), &value.is) else { return };
                let made_by = function.dotted().unwrap_or_default();
                if made_by.to_ascii_lowercase().contains("celery") {
                    self.apps.push(name);
                } else {
                    self.other_apps.push(name);
                }
            }
            _ => {}
        }
    }

    fn module(&mut self, module: &str) {
        let first = module.split('.').next().unwrap_or_default();
        self.speaks_of_celery |= matches!(first, "celery" | "kombu" | "django_celery_beat" | "django_celery_results");
        self.speaks_of_others |= OTHER_QUEUES.contains(&first);
    }

    /// The dotted name of a node, through imports: `celery.shared_task`.
    pub(super) fn full_name(&self, node: &Node) -> Option<String> {
        let dotted = node.dotted()?;
        let (head, rest) = dotted.split_once('.').map_or((dotted.as_str(), None), |(head, rest)| (head, Some(rest)));
        let head = self.imports.get(head).map_or(head, String::as_str);
        Some(rest.map_or_else(|| head.to_owned(), |rest| format!("{head}.{rest}")))
    }

    /// Every imported name, with what it stands for.
    pub(super) fn imported(&self) -> impl Iterator<Item = (&str, &str)> {
        self.imports.iter().map(|(name, full)| (name.as_str(), full.as_str()))
    }

    /// Whether a name was imported.
    pub(super) fn is_imported(&self, name: &str) -> bool {
        self.imports.contains_key(name.split('.').next().unwrap_or(name))
    }

    /// Whether a node is a function of Celery's with this name, such as `group`.
    pub(super) fn is_celerys(&self, node: &Node, name: &str) -> bool {
        let Some(full) = self.full_name(node) else { return false };
        let (module, last) = full.rsplit_once('.').unwrap_or(("", &full));
        last == name && (module == "celery" || module.starts_with("celery."))
    }

    /// Whether a node is a Celery app: made here by `Celery(…)`, or named so that nothing else is meant.
    pub(super) fn is_app(&self, node: &Node) -> bool {
        let Some(dotted) = node.dotted() else { return false };
        if self.apps.contains(&dotted) {
            return true;
        }
        if self.other_apps.contains(&dotted) {
            return false;
        }
        let full = self.full_name(node).unwrap_or_default();
        if full.to_ascii_lowercase().contains("celery") {
            return true;
        }
        let last = dotted.rsplit('.').next().unwrap_or(&dotted);
        last == "app" && !self.speaks_of_others && (self.speaks_of_celery || self.is_imported(&dotted))
    }
}

/// The function that a statement stands in, by the number of its statement.
pub(super) fn function_of(statement: &Statement) -> Option<usize> {
    statement.around.iter().rev().find_map(|around| match around {
        Around::Function(number) => Some(*number),
        _ => None,
    })
}

/// What stands around a statement within its own function, innermost last.
pub(super) fn within_function(statement: &Statement) -> &[Around] {
    let start =
        statement.around.iter().rposition(|around| matches!(around, Around::Function(_))).map_or(0, |at| at + 1);
    &statement.around[start..]
}
