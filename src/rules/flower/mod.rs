//! "Why does Flower not show it?": its options, its doors, its variables.

use super::Rule;

pub(super) const RULES: &[Rule] = &[];
