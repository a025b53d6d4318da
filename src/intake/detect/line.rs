//! What a single line looks like. Each question is asked of a line alone, and answered cheaply.

/// A line that only a log, a terminal or a traceback has.
pub(super) fn is_telling_log(line: &str) -> bool {
    const ANYWHERE: [&str; 26] = [
        ": INFO/", ": ERROR/", ": WARNING/", ": DEBUG/", ": CRITICAL/",
        "[error] <", "[info] <", "[warning] <", "[notice] <", "[debug] <", "[warn] <",
        "Traceback (most recent call last):",
        "User information: uid=",
        "-------------- celery@",
        ".> transport:", ".> app: ",
        "Unable to load celery application",
        "worker: Warm shutdown", "worker: Cold shutdown",
        "Received unregistered task of type",
        "The message has been ignored and discarded",
        "consumer: Cannot connect to ", "Please specify a different user using the --u",
        "exited prematurely: signal", "exited prematurely: exitcode",
        ": celery: error: ",
    ];
    const AT_START: [&str; 12] = [
        "=INFO REPORT====", "=ERROR REPORT====", "=WARNING REPORT====",
        "Error: No such command", "Error: No such option", "Error: no such option", "Error: Invalid value for",
        "Usage: celery ", "usage: celery ", "celery: error: ", "Trying again in ", "Try 'celery ",
    ];
    let line = line.trim();
    if line.starts_with('#') || line.starts_with("//") || line.contains('`') {
        return false;
    }
    ANYWHERE.iter().any(|sign| line.contains(sign))
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
        || ["INFO", "WARNING", "WARN", "ERROR", "DEBUG", "CRITICAL"].iter().any(|level| {
            line.strip_prefix(level).is_some_and(|rest| rest.starts_with([' ', ':', ']', '\t']))
        })
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

/// How sure a line makes us that it is Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pythonic {
    Surely,
    Maybe,
    No,
}

pub(super) fn pythonic(line: &str) -> Pythonic {
    let line = line.trim();
    let first = line.split([' ', '(', ':', '=']).next().unwrap_or("");
    match first {
        "import" if !line.contains(" from ") && !line.ends_with(';') && line.len() > 7 => return Pythonic::Surely,
        "from" if line.contains(" import ") => return Pythonic::Surely,
        "def" | "async" if line.contains("def ") && line.contains('(') => return Pythonic::Surely,
        "class" if line.ends_with(':') => return Pythonic::Surely,
        "elif" | "except" | "with" | "raise" | "return" | "try" | "global" | "print" | "lambda" | "assert" => {
            return Pythonic::Maybe;
        }
        "if" if line.contains("__name__") => return Pythonic::Surely,
        ">>>" => return Pythonic::Surely,
        _ => {}
    }
    if line.starts_with("@") && line[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return if line.contains(' ') && !line.contains('(') { Pythonic::No } else { Pythonic::Surely };
    }
    if line.starts_with("\"\"\"") {
        return Pythonic::Maybe;
    }
    match assignment(line) {
        Some(Assignment { value, spaced: true, .. }) if is_python_value(value) => Pythonic::Surely,
        Some(Assignment { value, spaced: false, .. }) if is_python_call(value) => Pythonic::Surely,
        Some(Assignment { value, .. }) if is_python_value(value) => Pythonic::Maybe,
        _ if is_python_call(line) => Pythonic::Maybe,
        _ => Pythonic::No,
    }
}

/// `name = value` or `NAME=value`.
pub(super) struct Assignment<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) spaced: bool,
}

pub(super) fn assignment(line: &str) -> Option<Assignment<'_>> {
    let (left, value) = line.split_once('=')?;
    let value = value.strip_prefix('=').map_or(Some(value), |_| None)?;
    let left = left.trim_end_matches(['+', '|']);
    let spaced = left.ends_with(' ') && value.starts_with(' ');
    // `name: type = value` and `settings["x"] = value` are assignments to the name in front.
    let name = left.split([':', '[']).next().unwrap_or(left).trim();
    let ok = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    ok.then(|| Assignment { name, value: value.trim(), spaced })
}

pub(super) fn is_python_value(value: &str) -> bool {
    let first = value.chars().next();
    let quoted = value.trim_start_matches(['f', 'r', 'b', 'u', 'F', 'R', 'B']);
    quoted.starts_with(['\'', '"'])
        || matches!(first, Some('[' | '{' | '('))
        || matches!(value.trim_end_matches(','), "True" | "False" | "None" | "...")
        || value.starts_with("lambda")
        || value.starts_with("not ")
        || is_number(value)
        || is_python_call(value)
        || is_name(value.split([' ', '[']).next().unwrap_or(value))
}

fn is_number(value: &str) -> bool {
    let value = value.split(" #").next().unwrap_or(value).trim();
    !value.is_empty()
        && value.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && value.chars().all(|c| c.is_ascii_digit() || "._ */+-()eE".contains(c))
}

fn is_name(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}

/// `os.getenv(…`, `app.autodiscover_tasks(`: a dotted name and a bracket right behind it.
pub(super) fn is_python_call(text: &str) -> bool {
    match text.find('(') {
        Some(at) => is_name(&text[..at]) && !text[at..].starts_with("() {") && !text[at..].starts_with("(){"),
        None => false,
    }
}

/// `NAME=value` without blanks around the sign, perhaps behind `export`.
pub(super) fn env_assignment(line: &str) -> Option<Assignment<'_>> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let ok = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !value.starts_with([' ', '=']);
    ok.then_some(Assignment { name, value, spaced: false })
}

/// A key and its indentation: `- name: x` is the key `name` two further in.
pub(super) fn yaml_key(line: &str) -> Option<(usize, &str, &str)> {
    let mut rest = line.trim_start_matches(' ');
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start_matches(' ');
    }
    let indent = line.len() - rest.len();
    let (key, value) = match rest.chars().next()? {
        quote @ ('"' | '\'') => {
            let (key, after) = rest[1..].split_once(quote)?;
            (key, after.strip_prefix(':')?)
        }
        _ => {
            let at = rest.find(": ").or_else(|| rest.ends_with(':').then(|| rest.len() - 1))?;
            (&rest[..at], &rest[at + 1..])
        }
    };
    let ok = !key.is_empty()
        && key.len() < 80
        && key.chars().all(|c| c.is_alphanumeric() || "_-./$<{}~".contains(c))
        && !value.ends_with(',')
        && (value.is_empty() || value.starts_with(' '));
    ok.then_some((indent, key, value.trim()))
}

/// `celery[redis]>=5.2,<6 ; python_version > "3.8"`, `-r base.txt`, `git+https://…`.
pub(super) fn is_requirement(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or(line).trim();
    if ["-r ", "-e ", "-c ", "--hash", "--index-url", "--extra-index-url", "--find-links", "-i ", "git+"]
        .iter()
        .any(|option| line.starts_with(option))
    {
        return true;
    }
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map_or("?", |(_, rest)| rest),
        None => rest,
    };
    let rest = rest.trim_start();
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && ["==", ">=", "~=", "<=", "!=", "<", ">", "@ ", ";"].iter().any(|sign| rest.starts_with(sign))
        && !rest.starts_with("<<")
}

/// A package's bare name on a line of its own: a requirement only among others.
pub(super) fn is_bare_word(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(|c: char| c.is_ascii_alphabetic())
        && line.chars().all(|c| c.is_ascii_alphanumeric() || "._-[],".contains(c))
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

    #[test]
    fn python_lines() {
        for line in ["import os", "from celery import Celery", "@app.task(bind=True)", "X = 'a'", "x = os.getenv('Y')",
            "CELERY_BEAT_SCHEDULE = {", "DEBUG=env.bool('DEBUG')", "timeout: int = 3"]
        {
            assert_eq!(pythonic(line), Pythonic::Surely, "{line}");
        }
        for line in ["import x from 'y'", "command=/usr/bin/celery", "FROM python:3", "worker: celery -A x",
            "listeners.tcp = /x", "set -e", "A=amqp://x"]
        {
            assert_ne!(pythonic(line), Pythonic::Surely, "{line}");
        }
    }

    #[test]
    fn yaml_keys_and_requirements() {
        assert_eq!(yaml_key("  - name: x"), Some((4, "name", "x")));
        assert_eq!(yaml_key("services:"), Some((0, "services", "")));
        assert_eq!(yaml_key("  \"kind\": Pod"), Some((2, "kind", "Pod")));
        assert_eq!(yaml_key("    'task': 'x',"), None);
        assert_eq!(yaml_key("a plain sentence: yes"), None);
        for line in ["celery==5.2.7", "celery[redis] >= 5 # why", "-r base.txt", "git+https://x/y.git"] {
            assert!(is_requirement(line), "{line}");
        }
        for line in ["A=b", "celery worker", "X = 1", "cat <<EOF"] {
            assert!(!is_requirement(line), "{line}");
        }
    }
}
