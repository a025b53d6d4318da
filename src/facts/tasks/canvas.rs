//! Signatures, and the canvases that give one the result of another.

use super::locals::{CANVAS, SIGNATURE_METHODS, unwrapped};
use super::names::function_of;
use super::sending::Place;
use super::{CalledEarly, Chord, Early, GivenArguments, Signature};
use crate::read::python::{Argument, BinaryOperator, Expression, Node};
use crate::text::Text;

/// A stretch of a canvas.
enum Part {
    One(Box<Signature>),
    /// Signatures that run side by side.
    Group(Vec<Signature>),
    /// Something that is not followed.
    Unknown,
}

/// What the canvases of a file do with results.
#[derive(Default)]
pub(super) struct Canvases {
    pub(super) chords: Vec<Chord>,
    pub(super) callbacks: Vec<Signature>,
    pub(super) errbacks: Vec<Signature>,
    pub(super) early: Vec<CalledEarly>,
}

impl Place<'_> {
    fn is(&self, node: &Node, name: &str) -> bool {
        self.names.is_celerys(node, name)
    }

    /// `task.s(…)`, `task.si(…).set(…)`.
    pub(super) fn signature(&self, node: &Node) -> Option<Signature> {
        let Expression::Call { function, arguments } = &unwrapped(node).is else { return None };
        let Expression::Attribute { object, name } = &function.is else { return None };
        if matches!(name.as_str(), "set" | "on_error" | "clone") {
            return Some(Signature { is_changed: true, ..self.signature(object)? });
        }
        if !SIGNATURE_METHODS.contains(&name.as_str()) || object.dotted().is_none() {
            return None;
        }
        let is_shortcut = matches!(name.as_str(), "s" | "si");
        let given = self.arguments(arguments, node);
        let is_set = |option: &str| given.named.iter().any(|(name, _)| name.as_str() == option);
        Some(Signature {
            at: node.at.clone(),
            method: name.clone(),
            is_immutable: name.as_str() == "si" || (!is_shortcut && is_set("immutable")),
            task: None,
            what: object.at.clone(),
            full_name: self.names.full_name(object)?,
            // signature(args=…) is read like apply_async, which is seldom written: nothing is said of it.
            arguments: if is_shortcut { given } else { GivenArguments { is_open: true, ..given } },
            is_changed: false,
        })
    }

    /// The signatures of a list, a comprehension, or of several arguments.
    fn side_by_side(&self, arguments: &[Argument]) -> Vec<Signature> {
        let mut found = Vec::new();
        for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
            self.collect(&argument.value, &mut found);
        }
        found
    }

    /// The signatures of a value that may be the header of a chord.
    pub(super) fn header(&self, node: &Node) -> Vec<Signature> {
        let mut found = Vec::new();
        match &node.is {
            Expression::List(_) | Expression::Comprehension { .. } => self.collect(node, &mut found),
            Expression::Call { function, .. } if self.is(function, "group") => self.collect(node, &mut found),
            _ => {}
        }
        found
    }

    fn collect(&self, node: &Node, found: &mut Vec<Signature>) {
        match &node.is {
            Expression::List(items) | Expression::Tuple(items) => {
                for item in items {
                    self.collect(item, found);
                }
            }
            Expression::Comprehension { element, .. } => self.collect(element, found),
            Expression::Name(name) => {
                found.extend(self.locals.headers.get(&(self.function(), name.clone())).into_iter().flatten().cloned());
            }
            Expression::Starred(inner) => self.collect(inner, found),
            Expression::Call { function, arguments } if self.is(function, "group") => {
                found.extend(self.side_by_side(arguments));
            }
            _ => found.extend(self.signature(node)),
        }
    }

    /// The parts of a chain, in the order in which they run.
    fn parts(&self, node: &Node, parts: &mut Vec<Part>) {
        let node = unwrapped(node);
        match &node.is {
            Expression::Binary { left, operator: BinaryOperator::BitOr, right } => {
                self.parts(left, parts);
                self.parts(right, parts);
            }
            Expression::Call { function, arguments } if self.is(function, "chain") => {
                for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
                    match &argument.value.is {
                        _ if argument.unpacked => parts.push(Part::Unknown),
                        Expression::List(items) | Expression::Tuple(items) => {
                            for item in items {
                                self.parts(item, parts);
                            }
                        }
                        _ => self.parts(&argument.value, parts),
                    }
                }
            }
            Expression::Call { function, arguments } if self.is(function, "group") => {
                parts.push(Part::Group(self.side_by_side(arguments)));
            }
            _ => parts.push(self.signature(node).map_or(Part::Unknown, |signature| Part::One(Box::new(signature)))),
        }
    }

    /// Reads one expression; those that belong to a chain already read are left out by the caller.
    pub(super) fn canvas(&self, node: &Node, into: &mut Canvases) {
        self.early_in(node, into);
        match &node.is {
            Expression::Binary { operator: BinaryOperator::BitOr, .. } => self.chain(node, into),
            Expression::Call { function, .. } if self.is(function, "chain") => self.chain(node, into),
            Expression::Call { function, arguments } if self.is(function, "chord") => {
                let mut positional = arguments.iter().filter(|argument| argument.name.is_none());
                let header = positional.next().map(std::slice::from_ref).unwrap_or_default();
                into.chords.push(Chord { at: function.at.clone(), header: self.side_by_side(header) });
                let body = positional.next().or_else(|| arguments.iter().find(|it| is_named(it, "body")));
                into.callbacks.extend(body.and_then(|body| self.signature(&body.value)));
            }
            // chord(header)(body)
            Expression::Call { function, arguments } => {
                if let Expression::Call { function: inner, .. } = &function.is
                    && self.is(inner, "chord")
                {
                    into.callbacks.extend(arguments.first().and_then(|body| self.signature(&body.value)));
                }
                // apply_async(link=…)
                let link = arguments.iter().find(|it| is_named(it, "link"));
                if let Some(link) = link {
                    self.collect(&link.value, &mut into.callbacks);
                }
                let errback = arguments.iter().find(|it| is_named(it, "link_error"));
                if let Some(errback) = errback {
                    self.collect(&errback.value, &mut into.errbacks);
                }
            }
            _ => {}
        }
    }

    /// Looks where signatures belong for tasks that run, or are sent, while the line is read.
    fn early_in(&self, node: &Node, into: &mut Canvases) {
        let Expression::Call { function, arguments } = &node.is else { return };
        let called = match &function.is {
            // chord(header)(body)
            Expression::Call { function: inner, .. } => inner,
            _ => function,
        };
        let is_canvas = CANVAS.iter().any(|canvas| self.is(called, canvas));
        let is_periodic =
            matches!(&called.is, Expression::Attribute { name, .. } if name.as_str() == "add_periodic_task");
        let is_replace = matches!(&called.is, Expression::Attribute { object, name }
            if matches!(name.as_str(), "replace" | "add_to_chord") && matches!(&object.is, Expression::Name(itself) if itself == "self"));
        let is_commit = called.dotted().is_some_and(|it| it == "on_commit" || it.ends_with(".on_commit"));
        for (position, argument) in arguments.iter().enumerate() {
            let taker = match &argument.name {
                None if is_canvas || (is_periodic && position == 1) || (is_replace && position == 0) => &called.at,
                None if is_commit && position == 0 => {
                    let before = into.early.len();
                    self.early(&argument.value, &called.at, &mut into.early);
                    for early in &mut into.early[before..] {
                        early.how = Early::SentAtOnce;
                    }
                    continue;
                }
                Some(name) if matches!(name.as_str(), "link" | "link_error") => name,
                Some(name) if is_canvas && matches!(name.as_str(), "body" | "header") => &called.at,
                Some(name) if is_periodic && name.as_str() == "sig" => &called.at,
                _ => continue,
            };
            self.early(&argument.value, taker, &mut into.early);
        }
    }

    fn early(&self, node: &Node, taker: &Text, found: &mut Vec<CalledEarly>) {
        match &unwrapped(node).is {
            Expression::List(items) | Expression::Tuple(items) => {
                for item in items {
                    self.early(item, taker, found);
                }
            }
            Expression::Comprehension { element: inner, .. } | Expression::Starred(inner) => {
                self.early(inner, taker, found);
            }
            Expression::Call { function, arguments } => {
                let how = match &function.is {
                    Expression::Name(name) if self.locals.is_known_task(name) => Early::Run,
                    Expression::Attribute { object, name } if matches!(name.as_str(), "delay" | "apply_async") => {
                        let within = function_of(self.statement);
                        if !self.locals.is_sender(within, object, name.as_str(), arguments, self.names) {
                            return;
                        }
                        Early::Sent
                    }
                    _ => return,
                };
                let full_name = self.names.full_name(function).unwrap_or_default();
                let (call, taker) = (function.at.clone(), taker.clone());
                found.push(CalledEarly { call, taker, how, task: None, full_name });
            }
            _ => {}
        }
    }

    fn chain(&self, node: &Node, into: &mut Canvases) {
        let mut parts = Vec::new();
        self.parts(node, &mut parts);
        let mut before: Option<Part> = None;
        for part in parts {
            match (&before, &part) {
                (Some(Part::Group(header)), Part::One(_)) => {
                    into.chords.push(Chord { at: node.at.clone(), header: header.clone() });
                }
                (None, _) => {
                    before = Some(part);
                    continue;
                }
                _ => {}
            }
            match &part {
                Part::One(signature) => into.callbacks.push(signature.as_ref().clone()),
                Part::Group(signatures) => into.callbacks.extend(signatures.iter().cloned()),
                Part::Unknown => {}
            }
            before = Some(part);
        }
    }
}

fn is_named(argument: &Argument, wanted: &str) -> bool {
    argument.name.as_ref().is_some_and(|name| name.as_str() == wanted)
}
