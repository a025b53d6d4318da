//! "Why does my schedule not run, or run twice?": beat, crontab, time zones.

use super::Rule;
use crate::facts::schedule::crontab::Crontab;
use crate::facts::schedule::{self, Entry, Schedule, Scheduler, When};
use crate::facts::{Facts, Scope, Variant};

mod beat_database_naive;
mod beat_entry_args_invalid;
mod beat_entry_incomplete;
mod beat_entry_key_unknown;
mod beat_entry_schedule_invalid;
mod beat_entry_task_unknown;
mod beat_entry_twice;
mod beat_interval_not_positive;
mod beat_multiple;
mod beat_pidfile_left;
mod beat_schedule_beside_database;
mod beat_schedule_changed_late;
mod beat_schedule_file_read_only;
mod beat_schedule_not_a_dict;
mod beat_schedule_without_beat;
mod beat_scheduler_app_missing;
mod crontab_argument_unknown;
mod crontab_date_impossible;
mod crontab_every_minute;
mod crontab_field_invalid;
mod crontab_month_name;
mod crontab_name_misplaced;
mod crontab_step_too_long;
mod enable_utc_off;
mod rate_limit_below_schedule;
mod scheduler_misspelt;
mod timezone_not_set;
mod timezone_unknown;

pub(super) const RULES: &[Rule] = &[
    crontab_field_invalid::RULE,
    crontab_argument_unknown::RULE,
    crontab_date_impossible::RULE,
    crontab_month_name::RULE,
    crontab_name_misplaced::RULE,
    crontab_every_minute::RULE,
    crontab_step_too_long::RULE,
    beat_schedule_not_a_dict::RULE,
    beat_schedule_without_beat::RULE,
    beat_entry_schedule_invalid::RULE,
    beat_entry_key_unknown::RULE,
    beat_entry_incomplete::RULE,
    beat_entry_args_invalid::RULE,
    beat_entry_task_unknown::RULE,
    beat_entry_twice::RULE,
    beat_interval_not_positive::RULE,
    beat_multiple::RULE,
    beat_scheduler_app_missing::RULE,
    beat_schedule_file_read_only::RULE,
    timezone_unknown::RULE,
    timezone_not_set::RULE,
    enable_utc_off::RULE,
    beat_schedule_beside_database::RULE,
    beat_schedule_changed_late::RULE,
    beat_pidfile_left::RULE,
    scheduler_misspelt::RULE,
    rate_limit_below_schedule::RULE,
    beat_database_naive::RULE,
];

/// Every entry of every schedule, with who keeps it.
fn each_entry(facts: &Facts, mut see: impl FnMut(&Scope, Scheduler, &Schedule<'_>, &Entry<'_>)) {
    for (variant, scope) in facts.scopes() {
        each_entry_of(variant, scope, &mut see);
    }
}

fn each_entry_of(variant: &Variant, scope: &Scope, mut see: impl FnMut(&Scope, Scheduler, &Schedule<'_>, &Entry<'_>)) {
    // Most scopes have none, and who keeps one takes a look at every process.
    let mut schedules = schedule::schedules(scope).peekable();
    if schedules.peek().is_none() {
        return;
    }
    let scheduler = schedule::scheduler(variant, scope);
    for schedule in schedules {
        for entry in schedule.entries.iter().flatten() {
            see(scope, scheduler, &schedule, entry);
        }
    }
}

/// What stands around a crontab.
struct Seen {
    /// It stands under a condition, or another function may have the name.
    is_uncertain: bool,
    is_for_tests: bool,
}

/// Every `crontab(…)` of every schedule, and of `add_periodic_task(…)`.
fn each_crontab(facts: &Facts, mut see: impl FnMut(&Scope, &Seen, &Crontab<'_>)) {
    for (variant, scope) in facts.scopes() {
        each_crontab_of(variant, scope, &mut see);
    }
}

fn each_crontab_of(variant: &Variant, scope: &Scope, mut see: impl FnMut(&Scope, &Seen, &Crontab<'_>)) {
    each_entry_of(variant, scope, |scope, _, schedule, entry| {
        if let When::Crontab(crontab) = entry.when() {
            let is_uncertain = schedule.said.is_conditional() || crontab.called.may_be_another;
            see(scope, &Seen { is_uncertain, is_for_tests: schedule.said.is_for_tests() }, &crontab);
        }
    });
    for added in scope.periodic_tasks.iter() {
        let When::Crontab(crontab) = schedule::when(&added.known) else { continue };
        let is_uncertain = !added.conditions.is_empty() || crontab.called.may_be_another;
        see(scope, &Seen { is_uncertain, is_for_tests: false }, &crontab);
    }
}
