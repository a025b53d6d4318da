use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::Scheduler;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_KEY_UNKNOWN, sees: &[Kind::Python], check };

/// What an entry takes (celery/beat.py, ScheduleEntry, 4.4.7 to 5.7.0). `name` and `app` are overwritten.
const TAKEN: [&str; 10] =
    ["name", "task", "last_run_at", "total_run_count", "schedule", "args", "kwargs", "options", "relative", "app"];

/// What people misspell: the names that an entry is written with.
const WRITTEN: [&str; 6] = ["task", "schedule", "args", "kwargs", "options", "relative"];

/// What `apply_async` takes and an entry has under `options` (celery/app/base.py, send_task).
const OPTIONS: [&str; 17] = [
    "queue",
    "expires",
    "priority",
    "routing_key",
    "exchange",
    "countdown",
    "eta",
    "retry",
    "retry_policy",
    "headers",
    "time_limit",
    "soft_time_limit",
    "serializer",
    "compression",
    "link",
    "link_error",
    "ignore_result",
];

/// Fields of django-celery-beat's model, which its scheduler takes at the top (django_celery_beat/models.py,
/// PeriodicTask, 2.9.0), and RedBeat's `enabled`.
const OF_OTHER_SCHEDULERS: [&str; 13] = [
    "enabled",
    "description",
    "one_off",
    "start_time",
    "expires",
    "expire_seconds",
    "queue",
    "exchange",
    "routing_key",
    "headers",
    "priority",
    "date_changed",
    "run_immediately",
];

/// Nobody writes an entry with more fields than these.
const MOST_FIELDS: usize = 64;

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_entry(facts, |scope, scheduler, schedule, entry| {
        for (key, _) in entry.fields.iter().take(MOST_FIELDS).filter(|(key, _)| !TAKEN.contains(&key.as_str())) {
            let may_be_taken = OF_OTHER_SCHEDULERS.contains(&key.as_str());
            let is_silent = match scheduler {
                Scheduler::Other => true,
                Scheduler::Database | Scheduler::RedBeat => may_be_taken,
                Scheduler::Persistent | Scheduler::NotShown => false,
            };
            if is_silent {
                continue;
            }
            let meant = nearest(key.as_str(), WRITTEN).filter(|meant| entry.field(meant).is_none());
            let message = match meant {
                _ if OPTIONS.contains(&key.as_str()) => {
                    cards::BeatEntryKeyUnknown::Option { key: key.as_str(), meant: "" }
                }
                Some(meant) => cards::BeatEntryKeyUnknown::Near { key: key.as_str(), meant },
                None => cards::BeatEntryKeyUnknown::Unknown { key: key.as_str(), meant: "" },
            };
            let is_typo = !OPTIONS.contains(&key.as_str());
            let finding = findings
                .add(message)
                .at(key)
                .scope(&scope.name)
                .uncertain_if(schedule.said.is_conditional() || (may_be_taken && scheduler == Scheduler::NotShown))
                .at_most_info_if(schedule.said.is_for_tests());
            if let Some(meant) = meant.filter(|_| is_typo) {
                finding.replace(key, meant);
            }
        }
    });
}
