//! What a single line looks like. Each question is asked of a line alone, and answered cheaply.

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
        "import" if !line.contains(" from ") && !line.ends_with(';') && line.len() > 7 => {
            return Pythonic::Surely;
        }
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
    if let Some(decorator) = line.strip_prefix('@').filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
        let known = ["task", "shared_task", "periodic_task", "property", "staticmethod", "classmethod", "receiver"];
        let last = decorator.rsplit('.').next().unwrap_or(decorator);
        return match decorator.find('(') {
            Some(at) if is_name(&decorator[..at]) => Pythonic::Surely,
            None if known.contains(&last) => Pythonic::Surely,
            _ => Pythonic::No,
        };
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
    if let Some((_, kind)) = left.split_once(':')
        && !kind.trim().chars().all(|c| c.is_alphanumeric() || "_.[], |\"'".contains(c))
    {
        return None;
    }
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
    fn python_lines() {
        for line in [
            "import os",
            "from celery import Celery",
            "@app.task(bind=True)",
            "X = 'a'",
            "x = os.getenv('Y')",
            "CELERY_BEAT_SCHEDULE = {",
            "DEBUG=env.bool('DEBUG')",
            "timeout: int = 3",
        ] {
            assert_eq!(pythonic(line), Pythonic::Surely, "{line}");
        }
        for line in [
            "import x from 'y'",
            "command=/usr/bin/celery",
            "FROM python:3",
            "worker: celery -A x",
            "listeners.tcp = /x",
            "set -e",
            "A=amqp://x",
        ] {
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
