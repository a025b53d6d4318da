//! Settings by their present names, whatever they are called where they are set.

use super::python::Alternative;
use crate::knowledge::celery;
use crate::text::Text;

/// A setting as one place sets it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The present name: `result_backend`.
    pub name: &'static str,
    /// The name where it is set: `CELERY_RESULT_BACKEND`, `backend`, `--result-backend`.
    pub written: Text,
    pub source: Source,
    pub alternatives: Vec<Alternative>,
    /// The expression or text that gives the value, where it can be replaced as a whole.
    pub expression: Option<Text>,
}

/// What sets it. The order is that of Celery: a later one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// `Celery(backend=…)`.
    CeleryArgument,
    /// A settings module, `app.conf`, a dictionary.
    Python,
    /// `CELERY_BROKER_URL` and its kin overrule code (celery/app/utils.py, Settings.broker_url).
    Environment,
    /// `--result-backend`, which Celery hands on as the environment variable (celery/bin/celery.py).
    CommandLine,
}

/// The present name of what a Python name sets, if it is a setting: `CELERY_RESULT_BACKEND`, `BROKER_URL`,
/// `result_backend`.
pub fn canonical_name(written: &str) -> Option<&'static str> {
    if let Some(row) = celery::setting(written) {
        return Some(row.name);
    }
    if let Some(row) = celery::setting_by_old_name(written) {
        return Some(row.name);
    }
    let namespaced = written.strip_prefix("CELERY_")?.to_ascii_lowercase();
    celery::setting(&namespaced).map(|row| row.name)
}

/// What is meant where one letter of the namespace `CELERY` is wrong: `CELERY_BROKER_URL` for `CELER_BROKER_URL`.
pub fn behind_misspelt_celery(written: &str) -> Option<String> {
    let (first, rest) = written.split_once('_').filter(|(first, _)| first.starts_with('C') && *first != "CELERY")?;
    let meant = format!("CELERY_{rest}");
    // `CELERYD_` and its kin are names of their own.
    let is_near = strsim::osa_distance(first, "CELERY") == 1 && canonical_name(written).is_none();
    (is_near && canonical_name(&meant).is_some()).then_some(meant)
}

/// What is meant where one letter of the group is wrong: `broker_url` for `borker_url`.
pub fn behind_misspelt_group(written: &str) -> Option<&'static str> {
    const GROUPS: [&str; 5] = ["task", "worker", "broker", "result", "beat"];
    let (first, rest) = written.split_once('_').filter(|(first, _)| !GROUPS.contains(first))?;
    let mut near = GROUPS.into_iter().filter(|group| strsim::osa_distance(first, group) == 1);
    near.find_map(|group| Some(celery::setting(&format!("{group}_{rest}"))?.name))
}

/// Whether a name is written in the upper-case style of Django settings and of Celery 3.
pub fn is_namespaced(written: &str) -> bool {
    written.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether a name alone shows that it is Celery's: `result_backend` and `CELERY_IMPORTS` do, `timezone` and
/// `database_engine_options` do not.
pub fn is_telling_name(written: &str) -> bool {
    const TELLING: [&str; 8] =
        ["CELERY", "task_", "worker_", "beat_", "broker_", "result_", "accept_content", "BROKER_"];
    TELLING.iter().any(|start| written.starts_with(start))
        || ["backend", "broker", "--"].iter().any(|start| written.starts_with(start))
}

/// What an environment variable overrules, in every version of Celery since 4.0.
pub fn overruled_by_variable(variable: &str) -> Option<&'static str> {
    match variable {
        "CELERY_BROKER_URL" => Some("broker_url"),
        "CELERY_RESULT_BACKEND" => Some("result_backend"),
        "CELERY_BROKER_READ_URL" => Some("broker_read_url"),
        "CELERY_BROKER_WRITE_URL" => Some("broker_write_url"),
        _ => None,
    }
}

/// What an option of the command line, by its command and long name, sets. The command is empty for options of the
/// program itself (celery/bin/celery.py; celery/worker/worker.py, setup_defaults; celery/apps/beat.py).
pub fn set_by_option(command: &str, long: &str) -> Option<&'static str> {
    Some(match (command, long) {
        (_, "--broker") => "broker_url",
        (_, "--result-backend") => "result_backend",
        ("worker", "--concurrency") => "worker_concurrency",
        ("worker", "--pool") => "worker_pool",
        ("worker", "--pool-start-method") => "worker_pool_start_method",
        ("worker", "--max-tasks-per-child") => "worker_max_tasks_per_child",
        ("worker", "--max-memory-per-child") => "worker_max_memory_per_child",
        ("worker", "--prefetch-multiplier") => "worker_prefetch_multiplier",
        ("worker", "--disable-prefetch") => "worker_disable_prefetch",
        ("worker", "--time-limit") => "task_time_limit",
        ("worker", "--soft-time-limit") => "task_soft_time_limit",
        ("worker", "--task-events") => "worker_send_task_events",
        ("worker", "--statedb") => "worker_state_db",
        ("worker", "--schedule-filename") | ("beat", "--schedule") => "beat_schedule_filename",
        ("worker" | "beat", "--scheduler") => "beat_scheduler",
        ("beat", "--max-interval") => "beat_max_loop_interval",
        _ => return None,
    })
}

/// Whether code alone sets a setting: no option of the command line and no variable.
pub fn is_set_by_code_alone(name: &str) -> bool {
    const OUTSIDE: [&str; 18] = [
        "beat_max_loop_interval",
        "beat_schedule_filename",
        "beat_scheduler",
        "broker_read_url",
        "broker_url",
        "broker_write_url",
        "result_backend",
        "task_soft_time_limit",
        "task_time_limit",
        "worker_concurrency",
        "worker_disable_prefetch",
        "worker_max_memory_per_child",
        "worker_max_tasks_per_child",
        "worker_pool",
        "worker_pool_start_method",
        "worker_prefetch_multiplier",
        "worker_send_task_events",
        "worker_state_db",
    ];
    !OUTSIDE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_finds_the_present_name() {
        for written in ["result_backend", "CELERY_RESULT_BACKEND"] {
            assert_eq!(canonical_name(written), Some("result_backend"));
        }
        assert_eq!(canonical_name("BROKER_URL"), Some("broker_url"));
        assert_eq!(canonical_name("CELERY_BROKER_URL"), Some("broker_url"));
        assert_eq!(canonical_name("CELERYD_CONCURRENCY"), Some("worker_concurrency"));
        assert_eq!(canonical_name("CELERY_TASK_ACKS_LATE"), Some("task_acks_late"));
        assert_eq!(canonical_name("MY_SETTING"), None);
    }
}
