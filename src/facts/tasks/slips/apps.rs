//! How the app is made and started from code: `Celery(…)`, `worker_main`, options and steps of its own, its logger.

use super::arguments::{named, parts, positional};
use super::{Reader, SlipKind};
use crate::facts::tasks::names::{function_of, given_once};
use crate::read::python::{Argument, Expression, Function, Node, Statement, StatementKind};
use crate::text::Text;

impl Reader<'_> {
    /// `Celery(…)`
    pub(super) fn app_made(&mut self, statement: &Statement, function: &Node, arguments: &[Argument]) {
        let is_open = arguments.iter().any(|it| it.unpacked);
        if let Some(name) = name_of_script(positional(arguments, 0).or_else(|| named(arguments, "main")))
            && !is_open
        {
            self.add(statement, SlipKind::AppNamed(name), &function.at);
        }
        // celery/app/base.py, `__init__(self, main, loader, backend, …)`.
        let is_address = |it: &&Node| it.string().is_some_and(|text| text.as_str().contains("://"));
        if let Some(loader) = positional(arguments, 1).filter(is_address) {
            self.add(statement, SlipKind::AddressAsLoader, &loader.at);
        }
        if is_open || named(arguments, "task_cls").is_some() {
            self.add(statement, SlipKind::TaskClassGiven, &function.at);
        }
    }

    /// A function that makes an app for itself alone, and returns nothing.
    pub(super) fn not_returned(&mut self, number: usize, statement: &Statement, function: &Function) {
        let mut made = None;
        // Most functions make no app: only of others is the whole body looked at.
        if !statement.at.as_str().contains("Celery") {
            return;
        }
        for inner in self.body(number) {
            match &inner.kind {
                StatementKind::Return(Some(_)) | StatementKind::Global(_) => return,
                StatementKind::Assign { target: Node { is: Expression::Name(_), .. }, value }
                    if self.names.is_celerys(parts(value).0, "Celery") =>
                {
                    made = Some(());
                }
                // `app.extensions["celery"] = celery`
                StatementKind::Assign { value: Node { is: Expression::Name(_), .. }, .. } => return,
                _ => {}
            }
        }
        if made.is_some() && !statement.at.as_str().contains("yield") {
            self.add(statement, SlipKind::AppNotReturned(function.name.as_str().to_owned()), &function.name);
        }
    }

    /// Whether an attribute is `celery.task`, where `celery` is the package.
    pub(super) fn is_task_of_package(&self, object: &Node, name: &Text) -> bool {
        name.as_str() == "task"
            && self.imports_package
            && matches!(&object.is, Expression::Name(package) if package == "celery" && !self.names.apps.contains(package))
    }

    /// `from celery import app`
    pub(super) fn is_module_of_library(&self, object: &Node) -> bool {
        matches!(&object.is, Expression::Name(name) if name == "app")
            && self.document.statements.iter().any(|it| {
                matches!(&it.kind, StatementKind::FromImport { module, level: 0, name, renamed: None, .. }
                    if module == "celery" && name.as_str() == "app")
            })
    }

    /// `app.steps["workers"]`
    pub(super) fn steps(&mut self, statement: &Statement, object: &Node, index: &Node) {
        if let Expression::Attribute { object: app, name } = &object.is
            && name.as_str() == "steps"
            && self.names.is_app(app)
            && let Some(key) = index.string()
            && !matches!(key.as_str(), "worker" | "consumer")
        {
            self.add(statement, SlipKind::StepsKey, key);
        }
    }

    /// `app.worker_main([…])`, `app.start([…])`
    pub(super) fn started(&mut self, statement: &Statement, (app, name): (&Node, &Text), arguments: &[Argument]) {
        let argv = positional(arguments, 0).or_else(|| named(arguments, "argv"));
        let Some(argv) = argv else { return };
        let held = match &argv.is {
            Expression::Name(name) => given_once(self.document, function_of(statement), name),
            _ => None,
        };
        let argv = held.unwrap_or(argv);
        let (Expression::List(items) | Expression::Tuple(items)) = &argv.is else { return };
        // celery/bin/celery.py: click reads every word, the first too. 4.4 took that for the program.
        let is_subcommand = |it: &&Node| it.string().is_some_and(|it| matches!(it.as_str(), "worker" | "beat"));
        if let Some(program) = items.first().and_then(Node::string)
            && program.as_str() == "celery"
            && items.iter().any(|it| is_subcommand(&it))
            && (name.as_str() == "worker_main" || self.names.is_app(app))
        {
            self.add(statement, SlipKind::ProgramInArguments, program);
        }
        // `f"-c{number}"` is an option, whatever the number is.
        let is_option = |it: &Node| {
            matches!(it.is, Expression::Format(_))
                && ["f\"-", "f'-"].iter().any(|start| it.at.as_str().starts_with(start))
        };
        let is_another = |it: &Node| it.string().map_or_else(|| is_option(it), |word| word.as_str() != "worker");
        if name.as_str() == "worker_main" && items.iter().all(is_another) {
            self.add(statement, SlipKind::WorkerMain, name);
        }
    }

    /// `app.user_options["worker"].add(…)`
    pub(super) fn user_option(&mut self, statement: &Statement, arguments: &[Argument]) {
        if let Some(Node { is: Expression::Name(function), at }) = positional(arguments, 0)
            && self.is_function(function)
        {
            self.add(statement, SlipKind::UserOptionFunction, at);
        }
    }
}

/// What the tasks of a file that is run as a script are called (celery/utils/imports.py, gen_task_name), by the first
/// argument of `Celery(…)`. The name of a module that is run, and Flask's `import_name`, are `__main__`.
fn name_of_script(given: Option<&Node>) -> Option<String> {
    let is_main = given.is_none_or(|node| match &node.is {
        Expression::None => true,
        Expression::Name(name) => name == "__name__",
        Expression::Attribute { name, .. } => name.as_str() == "import_name",
        _ => false,
    });
    if is_main { Some("__main__".to_owned()) } else { Some(given?.string()?.as_str().to_owned()) }
}
