//! "Why does my task code fail?": decorators, retries, calls, canvases, and Django beside Celery.

use super::Rule;

pub(super) const RULES: &[Rule] = &[];
