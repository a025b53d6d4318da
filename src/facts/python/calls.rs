//! Calls: of what Python and its libraries bring, of functions that were pasted, and of classes, whose instances are kept.

use super::evaluate::{Alternative, DEEPEST, Evaluator, size};
use super::{builtins, dynaconf, format, methods};
use crate::facts::value::{Called, Known, Value, Why};
use crate::read::python::{Argument, Expression, Node};

impl Evaluator<'_> {
    pub(super) fn call(&self, node: &Node, function: &Node, arguments: &[Argument], depth: u32) -> Vec<Alternative> {
        let at = &node.at;
        if let Expression::Name(name) = &function.is
            && let Some(returning) = self.functions.get(name)
            && self.lookup(name).is_none()
            && depth < DEEPEST
            && let Some(found) = returning.called(self, arguments, depth)
        {
            return found;
        }
        if let Expression::Attribute { object, name } = &function.is
            && name.as_str() == "format"
        {
            return self.over_each(object, depth, |text| match text.text() {
                Some(template) => format::str_format(self, template, arguments, at, depth),
                None => Self::one(Known::unknown(Why::Call("format".into()), at)),
            });
        }
        if let Some(found) = dynaconf::call(self, function, arguments, at, depth)
            .or_else(|| builtins::call(self, node, function, arguments, depth))
        {
            return found;
        }
        if let Expression::Attribute { object, name } = &function.is
            && depth < DEEPEST
        {
            let objects = self.alternatives(object, depth + 1);
            let called: Option<Vec<Vec<Alternative>>> = objects
                .iter()
                .map(|it| {
                    let mut found = methods::call(self, &it.known, name.as_str(), arguments, at, depth)?.each();
                    found.iter_mut().for_each(|new| new.conditions.extend(it.conditions.iter().cloned()));
                    Some(found)
                })
                .collect();
            if let Some(called) = called.map(|all| all.concat()) {
                return match self.spend(size(&called)) {
                    true => called,
                    false => Self::one(Known::unknown(Why::TooMuch, at)),
                };
            }
        }
        if let Expression::Name(name) = &function.is
            && arguments.is_empty()
            && let Some(returned) = self.returns.get(name)
            && self.spend(size(returned))
        {
            return returned.clone();
        }
        let function_name = self.full_name(function).unwrap_or_default();
        let last = function_name.rsplit('.').next().unwrap_or_default().to_owned();
        let is_value = last.starts_with(char::is_uppercase)
            || matches!(last.as_str(), "crontab" | "timedelta")
            || function_name.starts_with("celery.schedules.");
        let value = if is_value {
            let called = Called {
                may_be_another: self.open && last == function_name,
                // A function of the module's own is no other library's.
                full_name: match self.defined.contains(&function_name) {
                    true => format!("__main__.{function_name}"),
                    false => function_name,
                },
                at: function.at.clone(),
                keywords: arguments.iter().map(|argument| argument.name.clone()).collect(),
                unpacks: arguments.iter().any(|argument| argument.unpacked),
            };
            let arguments = arguments
                .iter()
                .map(|argument| {
                    let name = argument.name.as_ref().map(|name| name.as_str().to_owned());
                    (name, self.single(&argument.value, depth))
                })
                .collect();
            Value::Call { function: last, arguments, called }
        } else {
            Value::Unknown(Why::Call(function_name))
        };
        Self::one(Known { value, at: at.clone() })
    }
}
