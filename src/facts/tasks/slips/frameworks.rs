//! Django's models before Django is set up, what Flask binds to a request or an app, and models on the GPU.
//! What the app is told of Django and Flask is in the module `wiring` of tasks.

use super::arguments::{named, parts, positional};
use super::{Reader, SlipKind};
use crate::facts::tasks::names::{function_of, within_function};
use crate::facts::tasks::top_level::is_web_app;
use crate::facts::tasks::walk::expressions;
use crate::read::python::{Argument, Around, Condition, Expression, Function, Node, Statement, StatementKind};
use crate::text::Text;

impl Reader<'_> {
    pub(super) fn models(&mut self, number: usize, statement: &Statement, at: &Text) {
        let is_plain = statement.inside.is_empty() && statement.conditions.is_empty();
        let is_set_up = self.document.statements[..number].iter().flat_map(expressions).any(|it| {
            it.any(&|node| {
                matches!(&node.is, Expression::Call { function, .. } if self.full(function).ends_with("django.setup"))
            })
        });
        if is_plain && !is_set_up {
            self.add(statement, SlipKind::ModelsEarly, at);
        }
    }

    /// The function around a statement, where a web framework calls it for a request: `@app.get("/")`.
    fn view(&self, statement: &Statement) -> Option<&Function> {
        const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "route", "api_route", "head"];
        let StatementKind::Function(function) = &self.document.statements.get(function_of(statement)?)?.kind else {
            return None;
        };
        let is_path = |it: &Node| {
            matches!(&it.is, Expression::Call { function, .. }
            if matches!(&function.is, Expression::Attribute { name, .. } if METHODS.contains(&name.as_str())))
        };
        function.decorators.iter().any(is_path).then_some(function)
    }

    /// Whether a statement runs in a task or for a request: long after beat has read its schedule.
    pub(super) fn runs_late(&self, statement: &Statement) -> bool {
        self.is_in_task(statement) || self.view(statement).is_some()
    }

    /// Whether it is the schedule of an app, or an entry of it, in a statement that runs late.
    pub(super) fn is_schedule_late(&self, statement: &Statement, target: &Node) -> bool {
        let schedule = match &target.is {
            Expression::Subscript { object, .. } => object,
            _ => target,
        };
        let Expression::Attribute { object, name } = &schedule.is else { return false };
        let is_conf = || matches!(&object.is, Expression::Attribute { name, .. } if name.as_str() == "conf");
        matches!(name.as_str(), "beat_schedule" | "CELERYBEAT_SCHEDULE") && is_conf() && self.runs_late(statement)
    }

    /// The framework that may run the function in a thread: a path of FastAPI without `async`, a view of Flask.
    pub(super) fn threaded(&self, statement: &Statement) -> Option<&'static str> {
        if self.view(statement)?.is_async {
            return None;
        }
        let imports = |package: &str| self.names.imported().any(|(_, full)| full.split('.').next() == Some(package));
        match (imports("fastapi"), imports("flask")) {
            (true, false) => Some("FastAPI"),
            (false, true) => Some("Flask"),
            _ => None,
        }
    }

    /// `app.run()`, `uvicorn.run(app)`: what is given as a text is imported again under its own name.
    pub(super) fn served(&mut self, statement: &Statement, object: &Node, arguments: &[Argument]) {
        let Expression::Name(server) = &object.is else { return };
        let makes_app = || {
            self.document.statements.iter().any(|it| {
                matches!(&it.kind, StatementKind::Assign { target: Node { is: Expression::Name(target), .. }, value }
                    if target == server && is_web_app(parts(value).0))
            })
        };
        let is_server = match server.as_str() {
            "uvicorn" | "socketio" => positional(arguments, 0).is_some_and(|it| it.string().is_none()),
            _ => makes_app(),
        };
        if is_server {
            self.add(statement, SlipKind::ServesHere, &object.at);
        }
    }

    /// Whether a call starts CUDA: `model.cuda()`, `model.to("cuda")`, `pipeline(…, device="cuda")`.
    pub(super) fn is_on_gpu(&self, statement: &Statement, function: &Node, arguments: &[Argument]) -> bool {
        const LIBRARIES: [&str; 6] =
            ["torch", "transformers", "sentence_transformers", "diffusers", "ultralytics", "faster_whisper"];
        let is_one = |module: &str| LIBRARIES.contains(&module.split('.').next().unwrap_or_default());
        let (method, to) = match &function.is {
            Expression::Attribute { name, .. } => (name.as_str(), positional(arguments, 0)),
            _ => ("", None),
        };
        let device = named(arguments, "device").or(to.filter(|_| method == "to"));
        let is_cuda = match device.map(|it| (&it.is, it)) {
            Some((Expression::Name(name), _)) => self.document.statements.iter().any(|it| {
                matches!(&it.kind, StatementKind::Assign { target: Node { is: Expression::Name(target), .. }, value }
                    if target == name && value.at.as_str().contains("\"cuda"))
            }),
            Some((_, node)) => node.string().is_some_and(|it| it.as_str().starts_with("cuda")),
            None => method == "cuda" && arguments.is_empty(),
        };
        is_cuda
            && !statement.conditions.iter().any(Condition::is_of_main)
            && self.document.statements.iter().any(|it| match &it.kind {
                StatementKind::Import { module, .. } => is_one(module.as_str()),
                StatementKind::FromImport { module, .. } => is_one(module),
                _ => false,
            })
    }

    /// FastAPI's `Depends(…)` among the parameters of a task.
    pub(super) fn depends(&mut self, statement: &Statement, function: &Function) {
        for default in function.parameters.iter().filter_map(|it| it.default.as_ref()) {
            if self.full(parts(default).0) == "fastapi.Depends" {
                self.add(statement, SlipKind::Depends, &default.at);
            }
        }
    }

    /// Whether a name is an extension of Flask's for databases, made in this file.
    fn is_flask_database(&self, name: &str) -> bool {
        self.document.statements.iter().any(|it| {
            matches!(&it.kind, StatementKind::Assign { target: Node { is: Expression::Name(target), .. }, value }
                if target == name && self.full(parts(value).0) == "flask_sqlalchemy.SQLAlchemy")
        })
    }

    /// Whether an attribute is `database.session` in a task, outside of any context.
    pub(super) fn is_flask_session(&self, statement: &Statement, object: &Node, name: &Text) -> bool {
        name.as_str() == "session"
            && self.is_in_task(statement)
            && matches!(&object.is, Expression::Name(database) if self.is_flask_database(database))
            && !is_in_context(statement)
    }

    /// Whether an attribute may be one of a database or a model of Flask's that another file makes.
    pub(super) fn is_flask_model(&self, statement: &Statement, object: &Node, name: &Text) -> bool {
        let Expression::Name(imported) = &object.is else { return false };
        let is_one = match name.as_str() {
            "session" => imported == "db",
            "query" => imported.starts_with(char::is_uppercase),
            _ => false,
        };
        is_one && self.names.is_imported(imported) && self.is_in_task(statement) && !is_in_context(statement)
    }

    /// `current_app`, `request` and their kin in a task.
    pub(super) fn flask_name(&mut self, statement: &Statement, node: &Node, name: &str) {
        let full = self.full(node);
        let Some(of_flask) = full.strip_prefix("flask.") else { return };
        let is_request = matches!(of_flask, "request" | "session");
        if (is_request || matches!(of_flask, "current_app" | "g" | "url_for" | "render_template"))
            && self.locals.get(function_of(statement), name).is_none()
            && !is_in_context(statement)
        {
            self.add(statement, SlipKind::FlaskName { is_request }, &node.at);
        }
    }
}

/// Whether a `with` stands around a statement, which may be Flask's context.
fn is_in_context(statement: &Statement) -> bool {
    within_function(statement).iter().any(|around| matches!(around, Around::With(_)))
}
