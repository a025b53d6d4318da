//! "Why does my schedule not run, or run twice?": beat, crontab, time zones.

use super::Rule;
use crate::facts::schedule::crontab::Crontab;
use crate::facts::schedule::{self, Entry, Schedule, Scheduler, When};
use crate::facts::{Facts, Scope};

mod beat_entry_args_invalid;
mod beat_entry_incomplete;
mod beat_entry_key_unknown;
mod beat_entry_schedule_invalid;
mod beat_entry_twice;
mod beat_interval_not_positive;
mod beat_multiple;
mod beat_schedule_file_read_only;
mod beat_schedule_not_a_dict;
mod crontab_argument_unknown;
mod crontab_date_impossible;
mod crontab_every_minute;
mod crontab_field_invalid;
mod crontab_month_name;
mod crontab_step_too_long;
mod timezone_unknown;

pub(super) const RULES: &[Rule] = &[
    crontab_field_invalid::RULE,
    crontab_argument_unknown::RULE,
    crontab_date_impossible::RULE,
    crontab_month_name::RULE,
    crontab_every_minute::RULE,
    crontab_step_too_long::RULE,
    beat_schedule_not_a_dict::RULE,
    beat_entry_schedule_invalid::RULE,
    beat_entry_key_unknown::RULE,
    beat_entry_incomplete::RULE,
    beat_entry_args_invalid::RULE,
    beat_entry_twice::RULE,
    beat_interval_not_positive::RULE,
    beat_multiple::RULE,
    beat_schedule_file_read_only::RULE,
    timezone_unknown::RULE,
];

/// Every entry of every schedule, with who keeps it.
fn each_entry(facts: &Facts, mut see: impl FnMut(&Scope, Scheduler, &Schedule<'_>, &Entry<'_>)) {
    for (variant, scope) in facts.scopes() {
        let scheduler = schedule::scheduler(variant, scope);
        for schedule in schedule::schedules(scope) {
            for entry in schedule.entries.iter().flatten() {
                see(scope, scheduler, &schedule, entry);
            }
        }
    }
}

/// Every `crontab(…)` of every schedule.
fn each_crontab(facts: &Facts, mut see: impl FnMut(&Scope, &Schedule<'_>, &Crontab<'_>)) {
    each_entry(facts, |scope, _, schedule, entry| {
        if let When::Crontab(crontab) = entry.when() {
            see(scope, schedule, &crontab);
        }
    });
}
