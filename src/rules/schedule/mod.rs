//! "Why does my schedule not run, or run twice?": beat, crontab, time zones.

use super::Rule;

pub(super) const RULES: &[Rule] = &[];
