//! States that code writes itself: `update_state`, `store_result`. How states are read is in `results`.

use super::arguments::{named, positional};
use super::{Reader, SlipKind};
use crate::facts::tasks::names::function_of;
use crate::read::python::{Argument, Expression, Node, Statement, StatementKind};

impl Reader<'_> {
    /// Every string among the arguments may be the name of a state.
    pub(super) fn own_states(&mut self, statement: &Statement, arguments: &[Argument]) {
        for argument in arguments {
            if let Some(text) = argument.value.string() {
                self.add(statement, SlipKind::StateOwn(text.as_str().to_owned()), text);
            }
        }
    }

    pub(super) fn update_state(&mut self, statement: &Statement, arguments: &[Argument]) {
        if let Some(Node { is: Expression::String(text), at }) = positional(arguments, 0)
            && text.as_str().bytes().all(|it| it.is_ascii_uppercase() || it == b'_')
            && !text.is_empty()
        {
            self.add(statement, SlipKind::StatePositional, at);
        }
        self.own_states(statement, arguments);
        let number = function_of(statement);
        let start = statement.at.span().start;
        let goes_on = number.is_some_and(|number| {
            !self.body(number).any(|it| matches!(it.kind, StatementKind::Raise(_)) && it.at.span().start > start)
        });
        let state = named(arguments, "state").or_else(|| positional(arguments, 1));
        let meta = named(arguments, "meta").or_else(|| positional(arguments, 2));
        let is_failure = state.is_some_and(|it| {
            it.string().is_some_and(|it| it.as_str() == "FAILURE") || self.full(it) == "celery.states.FAILURE"
        });
        if let (true, Some(state), Some(Node { is: Expression::Dict(entries), .. })) = (is_failure, state, meta) {
            let keys = || entries.iter().map(|(key, _)| key.as_ref().and_then(Node::string));
            if goes_on && keys().any(|key| key.is_some_and(|key| key.as_str() == "exc_type")) {
                self.add(statement, SlipKind::StateOverwritten, &state.at);
            }
            if keys().all(|key| key.is_some_and(|key| key.as_str() != "exc_type")) {
                self.add(statement, SlipKind::StateFailure, &state.at);
            }
        }
    }
}
