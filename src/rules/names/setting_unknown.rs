use std::collections::HashMap;

use crate::catalogue::{Message, cards};
use crate::facts::settings::{self, is_telling_name};
use crate::facts::value::Value;
use crate::facts::written::{Namespace, Place, Style, Written};
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_UNKNOWN, sees: &[Kind::Python], check };

/// Names of extensions that share Celery's words.
const EXTENSIONS: [&str; 8] = [
    "DJANGO_CELERY_",
    "REDBEAT_",
    "CELERY_CACHE_",
    "CELERY_ONCE",
    "CELERY_BEAT_SCHEDULER_",
    "CELERY_FLOWER_",
    "CELERY_SINGLETON_",
    "CELERY_PROGRESS_",
];

fn check(facts: &Facts, findings: &mut Findings) {
    // Scopes of one app share their names: each is compared with all of Celery's once.
    let mut compared: HashMap<*const Written, Option<String>> = HashMap::new();
    for (_, scope) in facts.scopes() {
        for written in scope.written.iter().filter(|it| it.style == Style::Unknown && it.means.is_none()) {
            let name = written.name.as_str();
            let is_of_extension = EXTENSIONS.iter().any(|prefix| name.starts_with(prefix));
            if is_of_extension || lookup::is_read_elsewhere(scope, written) {
                continue;
            }
            if !is_in_configuration(scope, written) {
                continue;
            }
            let meant;
            // What django-celery-beat and django-celery-results read has their own name in front, and no other.
            let doubled = name.strip_prefix("CELERY_").filter(|it| {
                ["DJANGO_CELERY_BEAT_", "DJANGO_CELERY_RESULTS_"].iter().any(|package| it.starts_with(package))
            });
            let message: Message = if let Some(own) = doubled {
                meant = own.to_owned();
                cards::SettingUnknown::Misspelt { found: &written.name, meant: &meant }.into()
            } else if let Some(means) = celery::dead_setting(name).and_then(|it| it.means) {
                meant = in_convention(scope, written, means.name, means.old_name);
                cards::SettingUnknown::Documented { found: &written.name, meant: &meant }.into()
            } else if let Some((option, setting)) = invented(scope, written) {
                match setting {
                    Some(setting) => {
                        meant = setting;
                        cards::SettingUnknown::Misspelt { found: &written.name, meant: &meant }.into()
                    }
                    None => {
                        let found = &written.name;
                        let message: Message = match option.strip_prefix('@') {
                            Some(meant) => cards::SettingUnknown::OfTask { found, meant }.into(),
                            None => cards::SettingUnknown::Option { found, meant: option }.into(),
                        };
                        findings.add(message).at(found).scope(&scope.name);
                        continue;
                    }
                }
            } else if let Some(other) = behind_misspelt_celery(scope, written) {
                meant = other;
                cards::SettingUnknown::Misspelt { found: &written.name, meant: &meant }.into()
            } else if let Some(other) = upper_case(scope, written) {
                meant = other;
                cards::SettingUnknown::Misspelt { found: &written.name, meant: &meant }.into()
            } else if let Some(parameter) = parameter(scope, written) {
                meant = parameter.to_owned();
                cards::SettingUnknown::Misspelt { found: &written.name, meant: &meant }.into()
            } else if let Some(near) = compared
                .entry(written)
                .or_insert_with(|| nearest(scope, written).or_else(|| half_renamed(scope, written)))
            {
                meant = near.clone();
                cards::SettingUnknown::Misspelt { found: &written.name, meant: &meant }.into()
            } else {
                continue;
            };
            findings.add(message).at(&written.name).scope(&scope.name).replace(&written.name, &meant);
        }
    }
}

/// `CELER_BROKER_URL`: the namespace is what is misspelt.
fn behind_misspelt_celery(scope: &Scope, written: &Written) -> Option<String> {
    let meant = settings::behind_misspelt_celery(written.name.as_str())?;
    let means = settings::canonical_name(&meant)?;
    (namespace_of(scope, written)? == "CELERY" && !scope.written.iter().any(|it| it.means == Some(means)))
        .then_some(meant)
}

/// A present name in upper case, where no namespace is taken off: `RESULT_BACKEND` of `Config`. Beside names before 4.0
/// it has to be one of those, because Celery refuses to mix them.
fn upper_case(scope: &Scope, written: &Written) -> Option<String> {
    let lower = written.name.as_str().to_ascii_lowercase();
    let row = celery::setting(&lower).filter(|_| lower != written.name.as_str() && is_telling_name(&lower))?;
    let is_read = match lookup::reader(scope, written) {
        Some(reader) => matches!(reader.namespace, Namespace::Absent) && !reader.is_django,
        None => written.place == Place::Conf && !lookup::may_have_namespace(scope),
    };
    if !is_read || scope.written.iter().any(|it| it.means == Some(row.name)) {
        return None;
    }
    let has_old = scope.written.iter().any(|it| it.read_by == written.read_by && lookup::is_old(it));
    let meant = if has_old { row.old_name.split(' ').next().filter(|old| !old.is_empty())? } else { row.name };
    Some(meant.to_owned())
}

/// Lower-case names are everywhere in Python: these stand where Celery reads them, or among settings that it knows.
fn is_in_configuration(scope: &Scope, written: &Written) -> bool {
    let is_upper = written.name.as_str().starts_with(|letter: char| letter.is_ascii_uppercase());
    let is_on_app = matches!(written.place, Place::Conf | Place::Argument);
    let neighbours = || {
        scope
            .written
            .iter()
            .filter(|it| it.group == written.group && it.style == Style::New && is_telling_name(it.name.as_str()))
    };
    is_upper || is_on_app || written.read_by.is_some() || neighbours().count() >= 2
}

/// The real name in the way in which names are written here.
fn in_convention(scope: &Scope, written: &Written, new: &str, old: &str) -> String {
    match namespace_of(scope, written) {
        Some(namespace) => lookup::in_namespace(&namespace, new),
        None if written.name.as_str().bytes().any(|letter| letter.is_ascii_uppercase()) => {
            old.split(' ').next().unwrap_or(new).to_owned()
        }
        None => new.to_owned(),
    }
}

/// The namespace in which a name stands: the one that its configuration has, else the one that its neighbours show.
fn namespace_of(scope: &Scope, written: &Written) -> Option<String> {
    match lookup::reader(scope, written).map(|reader| &reader.namespace) {
        Some(Namespace::Given(text)) => return Some(text.as_str().trim_end_matches('_').to_owned()),
        Some(Namespace::Absent) => return None,
        _ => {}
    }
    let is_neighbour = |it: &&Written| it.group == written.group && it.style == Style::Namespaced;
    scope.written.iter().any(|it| is_neighbour(&it)).then(|| "CELERY".to_owned())
}

/// The real name that is at most two letters away, begins with the same word, and is not set beside it.
fn nearest(scope: &Scope, written: &Written) -> Option<String> {
    let name = written.name.as_str();
    let namespace = namespace_of(scope, written);
    let is_upper = name.starts_with(|letter: char| letter.is_ascii_uppercase());
    let mut best: Option<(usize, String, &celery::SettingRow)> = None;
    for row in celery::settings() {
        let mut spellings = Vec::new();
        if !is_upper {
            spellings.push(row.name.to_owned());
        } else {
            let namespace = namespace.as_deref().unwrap_or("CELERY");
            spellings.push(lookup::in_namespace(namespace, row.name));
            spellings.extend(row.old_name.split(' ').filter(|old| !old.is_empty()).map(str::to_owned));
        }
        for spelling in spellings {
            let is_derived = has_another_ending(name, &spelling);
            if spelling.len() < 6
                || (spelling.len().abs_diff(name.len()) > 2 && !is_derived)
                || !begins_alike(&spelling, name)
            {
                continue;
            }
            let distance = if is_derived { 2 } else { strsim::osa_distance(name, &spelling) };
            if (1..=2).contains(&distance)
                && !is_another_word(name, &spelling)
                && best.as_ref().is_none_or(|(least, ..)| distance < *least)
            {
                best = Some((distance, spelling, row));
            }
        }
    }
    let (_, spelling, row) = best?;
    // A project's own CELERY_TASK_QUEUE beside CELERY_TASK_QUEUES, or a text where a list belongs, is no slip.
    let is_set_too = scope.written.iter().any(|it| it.means == Some(row.name));
    let is_text = written.values.iter().any(|it| matches!(it.known.value, Value::Text(_)));
    let is_container = matches!(row.kind, "dict" | "list" | "tuple" | "any") || row.name == "task_queues";
    let is_own = is_set_too || (is_text && is_container);
    (!is_own).then_some(spelling)
}

/// Whether only the endings of the last words differ: `…_EAGER_PROPAGATION` for `…_EAGER_PROPAGATES`.
fn has_another_ending(name: &str, spelling: &str) -> bool {
    const STEM: usize = 5;
    let (Some((before, last)), Some((other, meant))) = (name.rsplit_once('_'), spelling.rsplit_once('_')) else {
        return false;
    };
    let same = last.bytes().zip(meant.bytes()).take_while(|(one, two)| one == two).count();
    before == other && same >= STEM && last.len().max(meant.len()) <= same + STEM
}

/// The parameter of `Celery(…)` that was meant: any other keyword is a setting (celery/app/base.py, __init__).
fn parameter(scope: &Scope, written: &Written) -> Option<&'static str> {
    const PARAMETERS: [&str; 6] = ["broker", "backend", "include", "namespace", "config_source", "task_cls"];
    let name = written.name.as_str();
    let meant = crate::rules::nearest::nearest(name, PARAMETERS).filter(|_| written.place == Place::Argument)?;
    let is_given = |it: &Written| it.place == Place::Argument && it.name.as_str() == meant;
    (!scope.written.iter().any(is_given)).then_some(meant)
}

/// Names that people make up, by what they stand for: a setting, an option of the command line, or with `@` one that
/// each task has (celery/app/task.py, Task and from_config).
const INVENTED: [(&str, &str); 40] = [
    ("task_max_retries", "@max_retries"),
    ("task_default_max_retries", "@max_retries"),
    ("task_default_retry_delay", "@default_retry_delay"),
    ("task_retry_delay", "@default_retry_delay"),
    ("task_retry_backoff", "@retry_backoff"),
    ("task_retry_backoff_max", "@retry_backoff_max"),
    ("task_retry_jitter", "@retry_jitter"),
    ("task_autoretry_for", "@autoretry_for"),
    ("worker_hostname", "--hostname"),
    ("worker_name", "--hostname"),
    ("worker_log_level", "--loglevel"),
    ("worker_loglevel", "--loglevel"),
    ("log_level", "--loglevel"),
    ("loglevel", "--loglevel"),
    ("beat_log_level", "--loglevel"),
    ("beat_loglevel", "--loglevel"),
    ("worker_log_file", "--logfile"),
    ("worker_autoscale", "--autoscale"),
    ("worker_queues", "--queues"),
    ("worker_prefetch_count", "worker_prefetch_multiplier"),
    ("prefetch_count", "worker_prefetch_multiplier"),
    ("worker_max_tasks", "worker_max_tasks_per_child"),
    ("worker_max_memory", "worker_max_memory_per_child"),
    ("worker_processes", "worker_concurrency"),
    ("worker_threads", "worker_concurrency"),
    ("worker_shutdown_timeout", "worker_soft_shutdown_timeout"),
    ("task_hard_time_limit", "task_time_limit"),
    ("task_soft_timeout", "task_soft_time_limit"),
    ("task_rate_limit", "task_default_rate_limit"),
    ("task_priority", "task_default_priority"),
    ("broker_heartbeat_interval", "broker_heartbeat"),
    ("broker_timeout", "broker_connection_timeout"),
    ("broker_max_retries", "broker_connection_max_retries"),
    ("broker_ssl", "broker_use_ssl"),
    ("broker_username", "broker_user"),
    ("result_backend_use_ssl", "redis_backend_use_ssl"),
    ("result_ttl", "result_expires"),
    ("beat_timezone", "timezone"),
    ("beat_schedule_file", "beat_schedule_filename"),
    ("task_acks_on_failure_or_timeouts", "task_acks_on_failure_or_timeout"),
];

fn invented(scope: &Scope, written: &Written) -> Option<(&'static str, Option<String>)> {
    let name = written.name.as_str();
    let namespace = namespace_of(scope, written);
    let lower = match &namespace {
        Some(namespace) => name.strip_prefix(namespace.as_str())?.strip_prefix('_')?.to_ascii_lowercase(),
        None => name.to_owned(),
    };
    let (_, meant) = INVENTED.iter().find(|(it, _)| *it == lower)?;
    if meant.starts_with(['-', '@']) {
        return Some((meant, None));
    }
    if scope.written.iter().any(|it| it.means == Some(*meant)) {
        return None;
    }
    Some((meant, Some(namespace.map_or_else(|| (*meant).to_owned(), |it| lookup::in_namespace(&it, meant)))))
}

/// The setting whose group was left out or mistaken: `transport_options` of `app.conf`, `worker_send_task_sent_event`,
/// and `task_eager_propagates_exceptions` with the end of a name before 4.0.
fn half_renamed(scope: &Scope, written: &Written) -> Option<String> {
    const GROUPS: [&str; 5] = ["task_", "worker_", "broker_", "beat_", "result_"];
    const SHORT: [(&str, &str); 4] = [
        ("broker", "broker_url"),
        ("backend", "result_backend"),
        ("backend_url", "result_backend"),
        ("result_backend_url", "result_backend"),
    ];
    let name = written.name.as_str();
    let namespace = namespace_of(scope, written);
    let lower = match &namespace {
        Some(namespace) => name.strip_prefix(namespace.as_str())?.strip_prefix('_')?.to_ascii_lowercase(),
        None if name.bytes().any(|letter| letter.is_ascii_uppercase()) => return None,
        None => name.to_owned(),
    };
    let rest = GROUPS.iter().find_map(|group| lower.strip_prefix(group));
    // Without a group it is certain only on the app's own configuration, and in what it certainly reads.
    // `celery_result_backend` where no namespace is taken off.
    let after_celery = lower.strip_prefix("celery_").and_then(celery::setting);
    let after_celery = after_celery.filter(|_| namespace.is_none() && written.read_by.is_some());
    let is_read = written.place == Place::Conf || (namespace.is_some() && written.read_by.is_some());
    if rest.is_none() && after_celery.is_none() && !is_read {
        return None;
    }
    let tail = rest.unwrap_or(&lower);
    let listed = SHORT.iter().find(|(short, _)| *short == lower).map(|(_, meant)| *meant);
    let is_telling = tail.contains('_') || tail == "concurrency";
    let ends_so = |row: &&celery::SettingRow| {
        let own = GROUPS.iter().any(|group| row.name.strip_prefix(group) == Some(tail));
        let old = || {
            row.old_name.split(' ').filter_map(|old| old.split_once('_')).any(|(_, old)| old.eq_ignore_ascii_case(tail))
        };
        own || (rest.is_some() && (row.name == tail || (GROUPS.iter().any(|it| row.name.starts_with(it)) && old())))
    };
    let mut rows = celery::settings().iter().filter(|row| is_telling && ends_so(row));
    let meant = listed
        .or(after_celery.map(|row| row.name))
        .or_else(|| rows.next().filter(|_| rows.next().is_none()).map(|row| row.name))?;
    if scope.written.iter().any(|it| it.means == Some(meant)) {
        return None;
    }
    Some(match namespace {
        Some(namespace) => lookup::in_namespace(&namespace, meant),
        None => meant.to_owned(),
    })
}

/// Whether a short word stands for another one: `WORKER_IP` is no slip of `WORKER_GID`.
fn is_another_word(name: &str, spelling: &str) -> bool {
    name.split('_').count() == spelling.split('_').count()
        && name
            .split('_')
            .zip(spelling.split('_'))
            .any(|(written, meant)| written.len().min(meant.len()) < 2 * strsim::osa_distance(written, meant))
}

/// Whether a name may be a slip of another: the first word is the same, and behind `CELERY` the second; or that word
/// alone is misspelt, and all that follows is right.
fn begins_alike(spelling: &str, name: &str) -> bool {
    let (one, other) = (first_words(spelling), first_words(name));
    if one == other {
        return true;
    }
    let end = |name: &str| name.splitn(if one.1.is_some() { 3 } else { 2 }, '_').last().unwrap_or_default().to_owned();
    match (one, other) {
        (("CELERY", Some(meant)), ("CELERY", Some(written))) => {
            let is_last = spelling.matches('_').count() == 1;
            is_slip(written, meant) && (is_last || end(spelling) == end(name))
        }
        ((meant, None), (written, None)) => is_slip(written, meant) && end(spelling) == end(name),
        _ => false,
    }
}

/// Whether one letter, or two of a long word, make the difference.
fn is_slip(written: &str, meant: &str) -> bool {
    const LONG: usize = 8;
    meant.len() >= 4 && strsim::osa_distance(written, meant) <= if meant.len() < LONG { 1 } else { 2 }
}

/// The first word, and the second behind `CELERY`.
fn first_words(name: &str) -> (&str, Option<&str>) {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default();
    (first, words.next().filter(|_| first == "CELERY"))
}
