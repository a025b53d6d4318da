use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_OPTION_MISSPELT, sees: &[Kind::Python], check };

/// The options of a task that Celery reads (celery/app/task.py and celery/app/autoretry.py, 5.7.0).
const OPTIONS: [&str; 33] = [
    "name",
    "bind",
    "base",
    "max_retries",
    "default_retry_delay",
    "rate_limit",
    "time_limit",
    "soft_time_limit",
    "ignore_result",
    "store_errors_even_if_ignored",
    "serializer",
    "compression",
    "backend",
    "acks_late",
    "acks_on_failure_or_timeout",
    "reject_on_worker_lost",
    "track_started",
    "trail",
    "send_events",
    "throws",
    "expires",
    "priority",
    "queue",
    "routing_key",
    "exchange",
    "autoretry_for",
    "dont_autoretry_for",
    "retry_kwargs",
    "retry_backoff",
    "retry_backoff_max",
    "retry_jitter",
    "typing",
    "pydantic",
];

/// Options that somebody may mean: they do not resemble the right one enough, or they are of another place.
const MEANT: [(&str, &str); 9] = [
    ("max_retry", "max_retries"),
    ("maxretries", "max_retries"),
    ("retries", "max_retries"),
    ("max_tries", "max_retries"),
    ("retry_delay", "default_retry_delay"),
    ("timelimit", "time_limit"),
    ("soft_timelimit", "soft_time_limit"),
    ("auto_retry_for", "autoretry_for"),
    ("ratelimit", "rate_limit"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (file, task) in facts.tasks() {
        for option in &task.options {
            let found = option.name.as_str();
            if OPTIONS.contains(&found) || task.option("base").is_some() {
                continue;
            }
            let listed = MEANT.iter().find(|(written, _)| *written == found).map(|(_, meant)| *meant);
            let near = || nearest(found, OPTIONS.into_iter().filter(|name| name.len() > 5));
            let Some(meant) = listed.or_else(near).filter(|meant| task.option(meant).is_none()) else { continue };
            // Any attribute may be given to a task; one that the code reads is meant.
            let reads = format!("self.{found}");
            if file.retries.iter().any(|retry| retry.at.as_str().contains(&reads)) {
                continue;
            }
            findings
                .add(cards::TaskOptionMisspelt { found: &option.name, meant, task: &task.name })
                .at(&option.name)
                .replace(&option.name, meant);
        }
    }
}
