//! Lines of logs: what only a log has, and what is merely usual in one.

use std::sync::OnceLock;

use aho_corasick::Input;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::noncontiguous::NFA;

/// What only a log has, wherever it stands in a line.
const ANYWHERE: [&str; 26] = [
    ": INFO/",
    ": ERROR/",
    ": WARNING/",
    ": DEBUG/",
    ": CRITICAL/",
    "[error] <",
    "[info] <",
    "[warning] <",
    "[notice] <",
    "[debug] <",
    "[warn] <",
    "Traceback (most recent call last):",
    "User information: uid=",
    "-------------- celery@",
    ".> transport:",
    ".> app: ",
    "Unable to load celery application",
    "worker: Warm shutdown",
    "worker: Cold shutdown",
    "Received unregistered task of type",
    "The message has been ignored and discarded",
    "consumer: Cannot connect to ",
    "Please specify a different user using the --u",
    "exited prematurely: signal",
    "exited prematurely: exitcode",
    ": celery: error: ",
];

/// A line that only a log, a terminal or a traceback has.
pub(super) fn is_telling_log(line: &str) -> bool {
    const AT_START: [&str; 12] = [
        "=INFO REPORT====",
        "=ERROR REPORT====",
        "=WARNING REPORT====",
        "Error: No such command",
        "Error: No such option",
        "Error: no such option",
        "Error: Invalid value for",
        "Usage: celery ",
        "usage: celery ",
        "celery: error: ",
        "Trying again in ",
        "Try 'celery ",
    ];
    let line = line.trim();
    if line.starts_with('#') || line.starts_with("//") || line.contains('`') {
        return false;
    }
    holds_a_sign(line)
        || AT_START.iter().any(|sign| line.starts_with(sign))
        || (line.contains("File \"") && line.contains("\", line "))
        || (line.contains(".py:") && line.contains("Warning:"))
        || is_exception(line)
}

/// `kombu.exceptions.OperationalError: [Errno 111] …`, the last line of a traceback.
fn is_exception(line: &str) -> bool {
    let end = line.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_')).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let last = name.rsplit('.').next().unwrap_or(name);
    let named_so = ["Error", "Exception", "Warning", "Timeout", "Interrupt"].iter().any(|ending| {
        last.strip_suffix(ending).is_some_and(|before| before.starts_with(|c: char| c.is_ascii_uppercase()))
    });
    let dotted = name.contains(".exceptions.") || name.contains(".errors.");
    (named_so || dotted) && (rest.starts_with(": ") || (rest.is_empty() && dotted))
}

/// A line that begins with a time, a level or a container's name: alone it proves little.
pub(super) fn is_log_like(line: &str) -> bool {
    let line = line.trim_start();
    let line = without_compose_prefix(line).unwrap_or(line).trim_start_matches(['[', '(', '"', '\'']);
    begins_with_time(line)
        || ["INFO", "WARNING", "WARN", "ERROR", "DEBUG", "CRITICAL"]
            .iter()
            .any(|level| line.strip_prefix(level).is_some_and(|rest| rest.starts_with([' ', ':', ']', '\t'])))
}

/// `2024-01-02 10:00`, `2024-01-02T10:00`, `Jan  2 10:00`, `10:00:00`.
fn begins_with_time(line: &str) -> bool {
    let shape: String = line.chars().take(16).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape.starts_with("0000-00-00 00:00")
        || shape.starts_with("0000-00-00T00:00")
        || shape.starts_with("0000/00/00 00:00")
        || shape.starts_with("00:00:00")
        || (MONTHS.iter().any(|month| line.starts_with(month)) && shape.get(6..15) == Some(" 00:00:00"))
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What follows `worker-1  | `, as `docker compose logs` writes it.
pub(super) fn without_compose_prefix(line: &str) -> Option<&str> {
    let end = line.find(|c: char| !(c.is_alphanumeric() || "_.-".contains(c)))?;
    let rest = line[end..].trim_start_matches(' ');
    (end > 0 && rest.len() < line.len() - end).then_some(())?;
    rest.strip_prefix("| ").or_else(|| (rest == "|").then_some(""))
}

/// Looks for all of [`ANYWHERE`] in one pass.
fn holds_a_sign(line: &str) -> bool {
    static SIGNS: OnceLock<Option<NFA>> = OnceLock::new();
    let signs = SIGNS.get_or_init(|| NFA::new(ANYWHERE).ok());
    signs.as_ref().is_some_and(|signs| signs.try_find(&Input::new(line)).is_ok_and(|found| found.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_lines() {
        for line in [
            "[2024-05-01 10:00:00,123: INFO/MainProcess] mingle: all alone",
            "worker-1  | [2024-05-01 10:00:00,123: ERROR/ForkPoolWorker-1] boom",
            "2021-09-27 13:46:23.946464+00:00 [error] <0.222.0> closing AMQP connection",
            "/usr/local/lib/python3.8/site-packages/celery/platforms.py:800: RuntimeWarning: You're running",
            "User information: uid=0 euid=0 gid=0 egid=0",
            "kombu.exceptions.OperationalError: [Errno 111] Connection refused",
            "  File \"/app/tasks.py\", line 3, in <module>",
            "Error: No such command 'worked'.",
        ] {
            assert!(is_telling_log(line), "{line}");
        }
        for line in ["ERROR_MAIL = 'x'", "# Traceback (most recent call last):", "except ValueError:", "Errors: none"] {
            assert!(!is_telling_log(line), "{line}");
        }
        assert!(is_log_like("worker_1  | 2024-01-02 10:00:00 ready"));
        assert!(is_log_like("Jan  2 10:00:00 host celery[12]: ready"));
        assert!(!is_log_like("ERRORS = 3"));
    }
}
