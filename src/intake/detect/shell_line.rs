//! Lines that somebody typed into a terminal, and lines of shell scripts.

/// Programs whose name in front makes a line a command. Celery's neighbours, and what installs them.
const PROGRAMS: [&str; 66] = [
    "celery",
    "flower",
    "rabbitmqctl",
    "rabbitmq-plugins",
    "rabbitmq-server",
    "rabbitmq-diagnostics",
    "rabbitmqadmin",
    "docker",
    "docker-compose",
    "podman",
    "kubectl",
    "helm",
    "minikube",
    "oc",
    "k9s",
    "kind",
    "pip",
    "pip3",
    "pipenv",
    "poetry",
    "uv",
    "conda",
    "python",
    "python2",
    "python3",
    "django-admin",
    "flask",
    "gunicorn",
    "uvicorn",
    "supervisorctl",
    "supervisord",
    "systemctl",
    "journalctl",
    "service",
    "sudo",
    "su",
    "gosu",
    "exec",
    "env",
    "nohup",
    "export",
    "source",
    "cd",
    "echo",
    "cat",
    "ls",
    "mkdir",
    "rm",
    "cp",
    "mv",
    "chmod",
    "chown",
    "touch",
    "apt",
    "apt-get",
    "apk",
    "brew",
    "yum",
    "git",
    "curl",
    "wget",
    "npm",
    "make",
    "redis-cli",
    "redis-server",
    "watchmedo",
];

/// Where a sign first stands before a blank. Asked for every line of a log: looking for two characters takes longer.
fn before_blank(line: &str, sign: char) -> Option<usize> {
    line.match_indices(sign).map(|(at, _)| at).find(|at| line[at + sign.len_utf8()..].starts_with(' '))
}

/// What stands behind a prompt: `$ `, `% `, `user@host:~$ `, `(venv) $ `, `root@5f3c:/app# `.
pub(crate) fn behind_prompt(line: &str) -> Option<&str> {
    let rest = line.trim_start();
    if let Some(rest) = rest.strip_prefix("$ ").or_else(|| rest.strip_prefix("% ")) {
        return Some(rest.trim_start());
    }
    let end = before_blank(rest, '$').or_else(|| before_blank(rest, '#')).filter(|&at| at > 0)?;
    let (prompt, command) = (&rest[..end], &rest[end + 2..]);
    let host = prompt.rsplit(' ').next().unwrap_or(prompt);
    // `root@5f3c:/app`, or only an environment's name in brackets.
    let looks_so = (host.contains('@') && prompt.len() < 80 && !prompt.contains(['=', '"', '\'', ',']))
        || (prompt.starts_with('(') && prompt.trim_end().ends_with(')'));
    looks_so.then_some(command.trim_start())
}

/// Whether a line runs a program that we know, perhaps behind a prompt and variables.
pub(crate) fn is_command(line: &str) -> bool {
    let line = behind_prompt(line).unwrap_or(line).trim();
    let mut words = line.split_whitespace().skip_while(|word| {
        word.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
    });
    let Some(first) = words.next() else {
        return false;
    };
    let second = words.next();
    let program = first.rsplit('/').next().unwrap_or(first);
    if first.starts_with("./") || (first.starts_with('/') && first.contains("/bin/")) {
        return true;
    }
    if !PROGRAMS.contains(&program) {
        return false;
    }
    match second {
        // A word alone: `celery` may be a sentence's or a list's.
        None => matches!(program, "flower" | "supervisord" | "rabbitmq-server" | "redis-server" | "ls" | "make"),
        // `celery is a task queue`, `make sure that …`.
        Some(second) => !is_prose_word(second) && !second.starts_with(['=', ':']),
    }
}

fn is_prose_word(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "is", "are", "was", "has", "can", "does", "will", "and", "or", "to", "sure", "for", "the", "a", "in", "with",
        "from", "uses", "runs", "should", "must", "tasks", "of", "on",
    ];
    WORDS.contains(&word) || !word.is_ascii()
}

/// A line that only a script has: control structures, `set -e`, a function's head.
pub(super) fn is_script(line: &str) -> bool {
    let line = line.trim();
    let first = line.split(' ').next().unwrap_or("");
    match first {
        "if" | "elif" | "while" | "until" => {
            line.contains("[ ") || line.contains("[[") || line.ends_with("then") || line.contains("; do")
        }
        "for" => line.contains("; do") || line.ends_with(" do") || line.contains(" in \"$") || line.contains(" in $"),
        "fi" | "done" | "esac" | "then" | "do" | "done;" | "fi;" | ";;" => line.len() < 40,
        "case" => line.ends_with(" in"),
        "function" => line.ends_with('{'),
        "set" => line.starts_with("set -") || line.starts_with("set +"),
        "trap" | "shift" | "local" | "readonly" | "unset" => true,
        _ => line.ends_with("() {") || line.ends_with("(){"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts() {
        for (line, command) in [
            ("$ celery -A proj worker", Some("celery -A proj worker")),
            ("  (venv) $ celery report", Some("celery report")),
            ("ubuntu@ip-10-0-0-1:~/app$ celery status", Some("celery status")),
            ("root@5f3c:/app# celery status", Some("celery status")),
            ("# celery status", None),
            ("X = 'a$ b'", None),
            ("mail to a@b.c, then # x", None),
        ] {
            assert_eq!(behind_prompt(line), command, "{line}");
        }
    }

    #[test]
    fn commands() {
        for line in [
            "celery -A proj worker -l info",
            "$ celery -A con_item worked -l info",
            "C_FORCE_ROOT=1 celery worker",
            "docker compose up -d",
            "/usr/local/bin/celery multi start w1",
            "python -m celery -A x worker",
        ] {
            assert!(is_command(line), "{line}");
        }
        for line in ["celery is a queue", "celery", "make sure that it runs", "X=1", "", "celery는 좋다"] {
            assert!(!is_command(line), "{line}");
        }
        assert!(is_script("if [ -z \"$X\" ]; then"));
        assert!(!is_script("if it rains, then stay"));
    }
}
