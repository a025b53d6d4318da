//! "Why does it not start?": the command line.

use super::Rule;

mod app_option_after_subcommand;
mod option_unknown;
mod subcommand_unknown;

pub(super) const RULES: &[Rule] = &[subcommand_unknown::RULE, option_unknown::RULE, app_option_after_subcommand::RULE];
