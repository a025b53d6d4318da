//! What Python code says: names followed to their values, and the Celery settings among them.

mod assignments;
mod builtins;
mod calls;
mod changes;
mod classes;
mod definitions;
mod dynaconf;
mod env_readers;
mod env_writes;
mod evaluate;
mod f_strings;
pub(in crate::facts) mod flask;
mod flow;
mod format;
mod imports;
mod items;
mod loops;
mod methods;
mod modules;
mod names;
mod operators;
mod outside;
mod paths;
mod pydantic;
mod reads;
pub(in crate::facts) mod settings;
mod worlds;

pub(in crate::facts) use evaluate::is_possible;
pub use evaluate::{Alternative, Evaluator};
pub(in crate::facts) use modules::{EVERY_VARIABLE, Modules};
pub use reads::NamesRead;

use super::environment::Environment;
use crate::read::python::{PythonDocument, Statement};

/// Runs a module; `visit` sees every statement that can run, with the names known just before it.
pub(in crate::facts) fn visit(
    document: &PythonDocument,
    evaluator: &mut Evaluator<'_>,
    visit: impl FnMut(&Statement, &Evaluator<'_>),
) {
    struct Visitor<F>(F);
    impl<F: FnMut(&Statement, &Evaluator<'_>)> flow::Observer for Visitor<F> {
        fn statement(&mut self, statement: &Statement, evaluator: &Evaluator<'_>) {
            (self.0)(statement, evaluator);
        }
        fn changed(&mut self, _: &str, _: &Evaluator<'_>) {}
    }
    flow::run(document, evaluator, &mut Visitor(visit));
}

/// The names of a module when it has run, each with every value that it may have.
pub fn names(
    document: &PythonDocument,
    environment: &Environment,
) -> std::collections::HashMap<String, Vec<Alternative>> {
    settings::run(document, environment, None).names
}

/// The names of the last of several modules that import one another; each with its path.
pub fn names_beside(
    files: &[(&str, &PythonDocument)],
    environment: &Environment,
) -> std::collections::HashMap<String, Vec<Alternative>> {
    let left = std::rc::Rc::new(std::cell::Cell::new(usize::MAX));
    let modules = Modules::new(files.iter().copied(), environment, &left);
    let last = files.len().checked_sub(1).and_then(|last| modules.get(last));
    last.map(|module| module.names.clone()).unwrap_or_default()
}
