//! "Why is my setting ignored?": names of settings, namespaces, types, variables that overrule code.

use super::Rule;

pub(super) const RULES: &[Rule] = &[];
