//! The environment variables that a process sees, and where each was set.

use std::collections::BTreeMap;

use super::value::Template;
use crate::text::Text;

/// The variables of one process, after everything that sets them was put in order.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, Variable>,
    /// Whether more variables may be set than the files show.
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The name where it is set.
    pub name: Text,
    /// `None`: it is set, but to what is not shown (a Secret, a template).
    pub value: Option<Template>,
    /// Whether an env file or a Secret sets it: the usual place for what must not stand in code.
    pub in_env_file: bool,
}

impl Environment {
    /// An environment of which nothing is known.
    pub fn unknown() -> Self {
        Environment { variables: BTreeMap::new(), open: true }
    }

    pub fn set(&mut self, name: Text, value: Option<Template>) {
        self.variables.insert(name.as_str().to_owned(), Variable { name, value, in_env_file: false });
    }

    /// A variable has its value from an env file or a Secret.
    pub fn is_kept_apart(&mut self, name: &str) {
        if let Some(variable) = self.variables.get_mut(name) {
            variable.in_env_file = true;
        }
    }

    /// Every variable so far stands in an env file.
    pub fn all_in_env_file(&mut self) {
        for variable in self.variables.values_mut() {
            variable.in_env_file = true;
        }
    }

    /// Everything that `later` sets wins over what was set before.
    pub fn overlaid(mut self, later: &Environment) -> Environment {
        self.open |= later.open;
        self.variables.extend(later.variables.iter().map(|(name, variable)| (name.clone(), variable.clone())));
        self
    }

    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }
}
