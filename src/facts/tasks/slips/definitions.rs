//! How tasks are defined: their decorators and classes, and `yield`. Also how such classes are registered and sent.

use super::arguments::parts;
use super::{Reader, SlipKind};
use crate::facts::tasks::decorators::{class_of, made_by};
use crate::facts::tasks::names::{Names, function_of};
use crate::facts::tasks::walk::{expressions, walk};
use crate::read::python::{Argument, Expression, Function, Node, Statement, StatementKind};
use crate::text::Text;

impl Reader<'_> {
    /// `@app.task("name")`
    pub(super) fn decorated(&mut self, statement: &Statement, function: &Function) {
        for decorator in &function.decorators {
            self.not_a_decorator(statement, decorator);
            if let Expression::Call { arguments, .. } = &decorator.is
                && made_by(decorator, self.names).is_some()
                && let Some(first) = arguments.first().filter(|it| it.name.is_none() && !it.unpacked)
                && first.value.string().is_some()
            {
                self.add(statement, SlipKind::DecoratorString, &first.value.at);
            }
        }
    }

    /// `@app.shared_task`, `@app.on_after_configure`, or `@app.task` of an app of Flask or FastAPI.
    fn not_a_decorator(&mut self, statement: &Statement, decorator: &Node) {
        let callee = parts(decorator).0;
        let Expression::Attribute { object, name } = &callee.is else { return };
        let Expression::Name(app) = &object.is else { return };
        let is_wrong = match name.as_str() {
            "tasks" | "shared_task" | "on_after_configure" | "on_after_finalize" => self.names.apps.contains(app),
            "task" => {
                let mut given = self.document.statements.iter().filter_map(|it| match &it.kind {
                    StatementKind::Assign { target: Node { is: Expression::Name(target), .. }, value }
                        if target == app =>
                    {
                        Some(self.full(parts(value).0))
                    }
                    _ => None,
                });
                let is_web = given.next().is_some_and(|it| matches!(it.as_str(), "flask.Flask" | "fastapi.FastAPI"));
                is_web && given.next().is_none()
            }
            _ => false,
        };
        if is_wrong {
            self.add(statement, SlipKind::NoDecorator, &callee.at);
        }
    }

    pub(super) fn dunder_call(&mut self, number: usize, statement: &Statement, name: &Text) {
        let Some(class) = class_of(statement) else { return };
        let StatementKind::Class { bases, .. } = &self.document.statements[class].kind else { return };
        if !bases.iter().any(|base| self.names.is_celerys(base, "Task") || is_task_of_app(base, self.names)) {
            return;
        }
        let runs = |node: &Node| match &node.is {
            Expression::Call { function, .. } => match &function.is {
                Expression::Attribute { object, name } => match name.as_str() {
                    "run" => matches!(&object.is, Expression::Name(object) if object == "self"),
                    "__call__" => true,
                    _ => false,
                },
                _ => false,
            },
            _ => false,
        };
        let mut drops = false;
        for it in self.body(number) {
            match &it.kind {
                StatementKind::Return(Some(_)) => return,
                StatementKind::Expression(node) if runs(node) => drops = true,
                _ if it.at.as_str().starts_with("yield") => return,
                _ => {}
            }
        }
        if drops {
            self.add(statement, SlipKind::CallWithoutReturn, name);
        }
    }

    pub(super) fn class(&mut self, statement: &Statement, name: &Text, bases: &[Node]) {
        let is_base = bases.iter().any(|base| self.names.is_celerys(base, "Task") || is_task_of_app(base, self.names));
        if !is_base || function_of(statement).is_none() {
            return;
        }
        let mut uses = 0;
        for expression in self.document.statements.iter().flat_map(expressions) {
            walk(expression, false, &mut |node, _| {
                uses += usize::from(matches!(&node.is, Expression::Name(used) if used == name.as_str()));
            });
        }
        let is_used = uses > 0
            || self.document.statements.iter().any(|it| match &it.kind {
                StatementKind::Class { bases, .. } => bases.iter().any(|base| base.at.as_str() == name.as_str()),
                StatementKind::Global(global) => global == name.as_str(),
                _ => false,
            });
        if !is_used {
            self.add(statement, SlipKind::BaseUnused, name);
        }
    }

    /// `yield` in a task.
    pub(super) fn yields(&mut self, statement: &Statement) {
        let written = statement.at.as_str();
        let is_plain = matches!(statement.kind, StatementKind::Expression(_) | StatementKind::Assign { .. });
        if is_plain && (written.starts_with("yield ") || written == "yield" || written.contains("= yield ")) {
            self.add(statement, SlipKind::Yields, &statement.at);
        }
    }

    /// `app.register_task(Import())`
    pub(super) fn registered(&mut self, statement: &Statement, arguments: &[Argument]) {
        for argument in arguments {
            let (callee, _) = parts(&argument.value);
            if let Some(class) = callee.dotted() {
                let class = class.rsplit('.').next().unwrap_or_default().to_owned();
                self.add(statement, SlipKind::ClassRegistered(class), &callee.at);
            }
        }
    }

    /// `Import.delay()`, `Import().delay()`
    pub(super) fn class_sent(&mut self, statement: &Statement, object: &Node, class: &Node) {
        // The real name, where it is imported under another one.
        let full = self.full(class);
        let real = full.rsplit('.').next().unwrap_or_default().to_owned();
        if real.starts_with(|first: char| first.is_ascii_uppercase()) {
            let on_class = matches!(object.is, Expression::Name(_));
            self.add(statement, SlipKind::ClassSent { class: real, on_class }, &object.at);
        }
    }
}

pub(super) fn is_task_of_app(base: &Node, names: &Names) -> bool {
    matches!(&base.is, Expression::Attribute { object, name } if name.as_str() == "Task" && names.is_app(object))
}
