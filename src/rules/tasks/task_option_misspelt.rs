use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, SlipKind};
use crate::facts::value::Value;
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
const MEANT: [(&str, &str); 18] = [
    ("backoff", "retry_backoff"),
    ("hard_time_limit", "time_limit"),
    ("interval_start", "default_retry_delay"),
    ("soft_timeout", "soft_time_limit"),
    ("task_acks_late", "acks_late"),
    ("task_reject_on_worker_lost", "reject_on_worker_lost"),
    ("timeout", "time_limit"),
    ("max_retry", "max_retries"),
    ("maxretries", "max_retries"),
    ("retries", "max_retries"),
    ("max_tries", "max_retries"),
    ("retry_delay", "default_retry_delay"),
    ("timelimit", "time_limit"),
    ("soft_timelimit", "soft_time_limit"),
    ("auto_retry_for", "autoretry_for"),
    ("ratelimit", "rate_limit"),
    ("expire", "expires"),
    ("queue_name", "queue"),
];

/// Options of sending, which a task's decorator does not read.
const OF_SENDING: [&str; 8] = ["countdown", "eta", "args", "kwargs", "link", "link_error", "task_id", "retry_policy"];
/// Options that went with Celery 4.0 (docs/history/whatsnew-4.0).
const GONE: [&str; 4] = ["send_error_emails", "disable_error_emails", "error_whitelist", "accept_magic_kwargs"];
/// What somebody gives `apply_async`, and what it calls that (celery/app/task.py, apply_async, 5.7.0).
const MEANT_IN_SENDING: [(&str, &str); 14] = [
    ("delay", "countdown"),
    ("wait", "countdown"),
    ("count_down", "countdown"),
    ("timeout", "time_limit"),
    ("soft_timeout", "soft_time_limit"),
    ("ttl", "expires"),
    ("expire", "expires"),
    ("expiry", "expires"),
    ("queue_name", "queue"),
    ("routing", "routing_key"),
    ("callback", "link"),
    ("errback", "link_error"),
    ("on_error", "link_error"),
    ("max_retries", "retry_policy"),
];
/// The keys of `retry_kwargs`: what `retry` takes.
const OF_RETRY: [&str; 8] =
    ["max_retries", "countdown", "eta", "queue", "expires", "priority", "time_limit", "soft_time_limit"];

fn check(facts: &Facts, findings: &mut Findings) {
    let has_own_class =
        facts.python_code.iter().flat_map(|file| &file.slips).any(|slip| slip.is == SlipKind::TaskClassGiven);
    for (file, task) in facts.tasks() {
        if let Some(Value::Dict(entries)) = task.option("retry_kwargs").and_then(|it| it.known()).map(|it| &it.value) {
            for key in entries.iter().filter_map(|(key, _)| key.whole_text()) {
                if OF_RETRY.contains(&key.as_str()) {
                    continue;
                }
                let listed = MEANT.iter().find(|(written, _)| *written == key.as_str()).map(|(_, meant)| *meant);
                let Some(meant) = listed.or_else(|| nearest(key.as_str(), OF_RETRY)) else { continue };
                findings
                    .add(cards::TaskOptionMisspelt::Option { found: key, meant, task: task.name.as_str() })
                    .at(key)
                    .replace(key, meant);
            }
        }
        for option in &task.options {
            let found = option.name.as_str();
            // celery/app/task.py: pydantic came with 5.5. Whoever does not say the version has a newer one.
            if found == "pydantic" && facts.celery.is_known() && facts.celery.all_in("<5.5") {
                let message =
                    cards::TaskOptionMisspelt::TooNew { found: &option.name, meant: "", task: task.name.as_str() };
                findings.add(message).at(&option.name);
            }
            if OPTIONS.contains(&found) || task.option("base").is_some() {
                continue;
            }
            let is_class = task.made_by == MadeBy::Class;
            // A class has attributes of its own.
            let is_of_class = (is_class || has_own_class) && matches!(found, "timeout" | "soft_timeout" | "backoff");
            let is_listed = |written: &str| written == found && !is_of_class;
            let listed = MEANT.iter().find(|(written, _)| is_listed(written)).map(|(_, meant)| *meant);
            let near = || nearest(found, OPTIONS.into_iter().filter(|name| name.len() > 5));
            // Any attribute may be given to a task; one that the code reads is meant.
            let reads = format!("self.{found}");
            if file.retries.iter().any(|retry| retry.at.as_str().contains(&reads)) {
                continue;
            }
            let name = task.name.as_str();
            if !is_class && OF_SENDING.contains(&found) {
                let message = cards::TaskOptionMisspelt::OfSending { found: &option.name, meant: "", task: name };
                findings.add(message).at(&option.name);
                continue;
            }
            if GONE.contains(&found) {
                let message = cards::TaskOptionMisspelt::Gone { found: &option.name, meant: "", task: name };
                findings.add(message).at(&option.name);
                continue;
            }
            // A task that reaches itself may read what it calls its timeout.
            if found.ends_with("timeout") && (is_class || task.option("bind").is_some()) {
                continue;
            }
            let Some(meant) = listed.or_else(near).filter(|meant| task.option(meant).is_none()) else { continue };
            findings
                .add(cards::TaskOptionMisspelt::Option { found: &option.name, meant, task: name })
                .at(&option.name)
                .replace(&option.name, meant);
        }
    }
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        for (option, _) in &sending.options {
            let listed = MEANT_IN_SENDING.iter().find(|(written, _)| *written == option.as_str());
            let Some((_, meant)) = listed else { continue };
            if sending.options.iter().any(|(name, _)| name.as_str() == *meant) {
                continue;
            }
            let message =
                cards::TaskOptionMisspelt::InSending { found: option, meant: *meant, task: sending.what.as_str() };
            let finding = findings.add(message).at(option);
            if !matches!(option.as_str(), "max_retries" | "timeout") {
                finding.replace(option, meant);
            }
        }
    }
}

/// Whether an option of sending has another name that people give it.
pub(super) fn is_meant_in_sending(name: &str) -> bool {
    MEANT_IN_SENDING.iter().any(|(written, _)| *written == name)
}
