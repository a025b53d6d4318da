//! "Why does it not install or import?": requirements, extras, Python versions, imports that went away.

use super::Rule;

pub(super) const RULES: &[Rule] = &[];
