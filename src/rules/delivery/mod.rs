//! "Why is my task lost, late, or run twice?": acknowledgement, limits, prefetch, pools and processes.

use super::Rule;

pub(super) const RULES: &[Rule] = &[];
