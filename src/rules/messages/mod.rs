//! "Why are my messages refused?": serializers, what a worker accepts, and who may send code.

use super::Rule;

pub(super) const RULES: &[Rule] = &[];
