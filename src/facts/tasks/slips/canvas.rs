//! Signatures and canvases: what is read without being sent, and arguments that they do not have.
//! Which signature gives which task its result is in the module `canvas` of tasks.

use super::arguments::{is_called, positional};
use super::{Reader, SlipKind};
use crate::facts::tasks::locals::{CANVAS, Local, unwrapped};
use crate::facts::tasks::names::function_of;
use crate::read::python::{Argument, Expression, Node, Statement};
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
