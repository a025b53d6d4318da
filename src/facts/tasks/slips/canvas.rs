//! Signatures and canvases: what is read without being sent, and arguments that they do not have.
//! Which signature gives which task its result is in the module `canvas` of tasks.

use super::arguments::{is_called, named, positional};
use super::{Reader, SlipKind};
use crate::facts::tasks::locals::{CANVAS, Local, unwrapped};
use crate::facts::tasks::names::function_of;
use crate::read::python::{Argument, Around, Expression, Node, Statement, StatementKind};
use crate::text::Text;

impl Reader<'_> {
    pub(super) fn is_canvas(&self, statement: &Statement, node: &Node) -> bool {
        self.locals.is_canvas(function_of(statement), node, self.names)
    }

    /// Whether a node is a canvas or a signature that was made and not sent.
    pub(super) fn is_unsent_canvas(&self, statement: &Statement, node: &Node) -> bool {
        match &unwrapped(node).is {
            Expression::Name(name) => {
                matches!(self.locals.get(function_of(statement), name), Some(Local::Canvas))
            }
            // chord(header)(body) was sent.
            Expression::Call { function, .. } => {
                self.is_canvas(statement, node)
                    && (CANVAS.iter().any(|canvas| self.names.is_celerys(function, canvas))
                        || matches!(&function.is, Expression::Attribute { name, .. } if matches!(name.as_str(), "s" | "si" | "set")))
            }
            _ => false,
        }
    }

    /// `link=function`, which is no signature.
    pub(super) fn links(&mut self, statement: &Statement, arguments: &[Argument]) {
        for option in ["link", "link_error"] {
            let Some(given) = arguments.iter().find(|it| is_called(it, option)) else { continue };
            if let Expression::Name(name) = &given.value.is
                && self.locals.get(function_of(statement), name).is_none()
                && (self.locals.is_known_task(name) || self.is_function(name))
                && let Some(option) = &given.name
            {
                self.add(statement, SlipKind::LinkNoSignature(option.clone()), &given.value.at);
            }
        }
    }

    /// Whether a node is a task itself, where nothing else has its name.
    pub(super) fn is_bare_task(&self, statement: &Statement, node: &Node) -> bool {
        let is_parameter = |name: &str| {
            statement.around.iter().any(|around| match around {
                Around::Function(number) => matches!(&self.document.statements[*number].kind,
                    StatementKind::Function(it) if it.parameters.iter().any(|it| it.name.as_str() == name)),
                _ => false,
            })
        };
        matches!(&node.is, Expression::Name(name)
            if self.locals.is_known_task(name)
                && self.locals.get(function_of(statement), name).is_none()
                && !is_parameter(name))
    }

    /// Tasks and texts in the places of signatures: `chain(add, save)`, `add_periodic_task(10.0, "shop.tasks.add")`.
    pub(super) fn canvas_of(&mut self, statement: &Statement, function: &Node, arguments: &[Argument]) {
        let of_canvas = |it: &Node| CANVAS.iter().find(|canvas| self.names.is_celerys(it, canvas)).copied();
        let given = || arguments.iter().filter(|it| it.name.is_none() && !it.unpacked).map(|it| &it.value);
        let (taker, nodes): (&str, Vec<&Node>) = match &function.is {
            // chord(header)(body)
            Expression::Call { function: inner, .. } if of_canvas(inner) == Some("chord") => {
                ("chord", given().collect())
            }
            Expression::Attribute { name, .. } if name.as_str() == "add_periodic_task" => {
                let (first, second) = (positional(arguments, 0), positional(arguments, 1));
                let is_swapped = first.is_some_and(|it| self.is_canvas(statement, it))
                    && second.is_some_and(|it| matches!(it.is, Expression::Integer(_) | Expression::Float(_)));
                let text = second.or_else(|| named(arguments, "sig")).filter(|it| it.string().is_some());
                ("add_periodic_task", second.filter(|_| is_swapped).or(text).into_iter().collect())
            }
            _ => match of_canvas(function) {
                Some(taker) => (
                    taker,
                    given()
                        .flat_map(|it| match &it.is {
                            Expression::List(items) | Expression::Tuple(items) => items.iter().collect(),
                            _ => vec![it],
                        })
                        .collect(),
                ),
                None => return,
            },
        };
        for node in nodes {
            if taker == "add_periodic_task" || node.string().is_some() || self.is_bare_task(statement, node) {
                self.add(statement, SlipKind::NoSignature(taker.to_owned()), &node.at);
            }
        }
    }

    /// `add.s(2, 3, queue="math")`
    pub(super) fn signature(&mut self, statement: &Statement, task: &Node, arguments: &[Argument]) {
        const OF_SENDING: [&str; 8] =
            ["queue", "countdown", "eta", "expires", "priority", "routing_key", "link", "link_error"];
        let option = arguments.iter().filter_map(|it| it.name.as_ref()).find(|it| OF_SENDING.contains(&it.as_str()));
        if let Some(option) = option {
            let full = self.full(task);
            let task = full.rsplit('.').next().unwrap_or(&full).to_owned();
            self.add(statement, SlipKind::SignatureOption(task), option);
        }
    }

    /// `add.starmap([…])`, `add.chunks([…], 10)`
    pub(super) fn starmap(&mut self, statement: &Statement, method: &Text, arguments: &[Argument]) {
        if let Some(Expression::List(items)) = positional(arguments, 0).map(|it| &it.is)
            && let Some(item) = items
                .iter()
                .find(|it| matches!(it.is, Expression::Integer(_) | Expression::Float(_) | Expression::String(_)))
        {
            self.add(statement, SlipKind::StarmapItem(method.clone()), &item.at);
        }
    }
}
