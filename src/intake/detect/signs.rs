//! One pass over a text: how often each sign was seen, and where first.

use super::line::{self, Pythonic};
use super::log_line;
use super::shell_line;

/// How often a sign was seen, and in which line first (counted from 1).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sign {
    pub(super) count: u32,
    pub(super) first: u32,
}

impl Sign {
    fn seen(&mut self, number: u32) {
        self.count += 1;
        if self.first == 0 {
            self.first = number;
        }
    }
}

/// A key of something that looks like YAML.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'a> {
    pub(super) indent: usize,
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

#[derive(Debug, Default)]
pub(super) struct Signs<'a> {
    /// Lines that are neither blank nor comments; fenced blocks are not counted.
    pub(super) lines: u32,
    pub(super) first_line: &'a str,
    pub(super) first_content: &'a str,
    pub(super) log: Sign,
    pub(super) log_like: Sign,
    pub(super) python: Sign,
    pub(super) python_at_margin: Sign,
    pub(super) python_maybe: Sign,
    pub(super) dockerfile: Sign,
    pub(super) from: Sign,
    pub(super) env: Sign,
    /// Env lines whose value is no Python value, or unquoted words.
    pub(super) env_only: Sign,
    pub(super) celeryd: Sign,
    pub(super) lower_case_env: Sign,
    pub(super) command: Sign,
    pub(super) prompt: Sign,
    pub(super) celery_command: Sign,
    pub(super) script: Sign,
    pub(super) yaml: Sign,
    pub(super) document_start: Sign,
    pub(super) template: Sign,
    pub(super) section: Vec<(&'a str, u32)>,
    pub(super) requirement: Sign,
    pub(super) bare_word: Sign,
    /// One of the bare words is a package that stands beside Celery.
    pub(super) names_packages: bool,
    pub(super) rabbit: Sign,
    pub(super) assignment: Sign,
    pub(super) procfile: Sign,
    pub(super) fence: Sign,
    pub(super) heading: Sign,
    /// `# NAME=value`: an example file shows what could be set.
    pub(super) commented_env: Sign,
    pub(super) prose: Sign,
    pub(super) inline_code: Sign,
    pub(super) table_or_link: Sign,
    pub(super) kubectl: Sign,
    pub(super) keys: Vec<Key<'a>>,
}

pub(super) fn gather(text: &str) -> Signs<'_> {
    let mut signs = Signs::default();
    let mut in_fence: Option<&str> = None;
    // Whether the line before ends with a backslash, so that this one belongs to it.
    let mut continued = false;
    for (index, line) in text.split('\n').enumerate() {
        let number = index as u32 + 1;
        let line = line.trim_end_matches('\r');
        if number == 1 {
            signs.first_line = line;
        }
        let trimmed = line.trim();
        if let Some(fence) = ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence)) {
            match in_fence {
                Some(open) if open == fence => in_fence = None,
                Some(_) => {}
                None => {
                    in_fence = Some(fence);
                    signs.fence.seen(number);
                }
            }
            continue;
        }
        if in_fence.is_some() || trimmed.is_empty() {
            continue;
        }
        if trimmed.starts_with('#') {
            heading(&mut signs, trimmed, number);
            if shell_line::behind_prompt(line).is_none() {
                continue;
            }
        }
        // What goes on from the line before is no line of its own.
        signs.lines += u32::from(!continued);
        if signs.first_content.is_empty() {
            signs.first_content = line;
        }
        of_line(&mut signs, line, number, continued);
        continued = trimmed.ends_with('\\');
    }
    signs
}

fn heading(signs: &mut Signs<'_>, line: &str, number: u32) {
    let level = line.bytes().take_while(|&byte| byte == b'#').count();
    if level <= 6 && line[level..].starts_with(' ') {
        signs.heading.seen(number);
    }
    if line::env_assignment(line.trim_start_matches(['#', ' '])).is_some() {
        signs.commented_env.seen(number);
    }
}

fn of_line<'a>(signs: &mut Signs<'a>, line: &'a str, number: u32, continued: bool) {
    let trimmed = line.trim();
    if log_line::is_telling_log(line) {
        signs.log.seen(number);
    } else if log_line::is_log_like(line) {
        signs.log_like.seen(number);
    }
    match line::pythonic(line) {
        Pythonic::Surely => {
            signs.python.seen(number);
            if !line.starts_with([' ', '\t']) {
                signs.python_at_margin.seen(number);
            }
        }
        Pythonic::Maybe => signs.python_maybe.seen(number),
        Pythonic::No => {}
    }
    if !continued {
        instruction(signs, trimmed, number);
        environment(signs, trimmed, number);
        if shell_line::behind_prompt(line).is_some() {
            signs.prompt.seen(number);
        }
        if shell_line::is_command(line) {
            signs.command.seen(number);
            if line.contains("celery") {
                signs.celery_command.seen(number);
            }
        }
        if shell_line::is_script(line) {
            signs.script.seen(number);
        }
    }
    if let Some((indent, name, value)) = line::yaml_key(line) {
        signs.yaml.seen(number);
        signs.keys.push(Key { indent, name, value });
        let plain = !name.contains(['.', '/', '$']);
        if plain && indent == 0 && !line.starts_with('-') && shell_line::is_command(value) {
            signs.procfile.seen(number);
        }
    } else if trimmed.starts_with("- ") {
        signs.yaml.seen(number);
    }
    if trimmed == "---" || trimmed.starts_with("--- ") {
        signs.document_start.seen(number);
    }
    if trimmed.contains("{{") && trimmed.contains("}}") {
        signs.template.seen(number);
    }
    if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        && !name.is_empty()
        && !name.contains(['"', '\'', ','])
    {
        signs.section.push((trimmed, number));
    }
    if line::is_requirement(line) {
        signs.requirement.seen(number);
    } else if line::is_bare_word(line) {
        signs.bare_word.seen(number);
        let name = trimmed.split('[').next().unwrap_or(trimmed).to_ascii_lowercase();
        signs.names_packages |=
            ["celery", "django", "flask", "fastapi", "redis", "kombu", "flower", "requests"].contains(&name.as_str());
    }
    if let Some(assigned) = line::assignment(line) {
        signs.assignment.seen(number);
        if is_rabbit_setting(assigned.name) {
            signs.rabbit.seen(number);
        }
    }
    prose(signs, trimmed, number);
    if is_kubectl(line) {
        signs.kubectl.seen(number);
    }
}

fn instruction(signs: &mut Signs<'_>, line: &str, number: u32) {
    const INSTRUCTIONS: [&str; 18] = [
        "FROM",
        "RUN",
        "CMD",
        "LABEL",
        "MAINTAINER",
        "EXPOSE",
        "ENV",
        "ADD",
        "COPY",
        "ENTRYPOINT",
        "VOLUME",
        "USER",
        "WORKDIR",
        "ARG",
        "ONBUILD",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "SHELL",
    ];
    let Some((first, rest)) = line.split_once([' ', '\t']) else {
        return;
    };
    if INSTRUCTIONS.contains(&first) && !rest.trim_start().starts_with(['=', ':']) {
        signs.dockerfile.seen(number);
    }
    // In prose a sentence may begin with "From"; a Dockerfile in small letters begins with `from image`.
    let begins = first == "FROM" || (first.eq_ignore_ascii_case("FROM") && signs.lines == 1);
    if begins && is_image(rest) {
        signs.from.seen(number);
    }
}

/// `python:3.8`, `--platform=x python AS base`.
fn is_image(rest: &str) -> bool {
    let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
    let names_one = |image: &str| {
        image.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '$' | '"' | '{'))
            && !image.contains(['(', ')', ',', '=', ';'])
    };
    match words.as_slice() {
        [image] => names_one(image),
        [image, keyword, _] => names_one(image) && keyword.eq_ignore_ascii_case("AS"),
        _ => false,
    }
}

fn environment(signs: &mut Signs<'_>, line: &str, number: u32) {
    const CELERYD: [&str; 17] = [
        "CELERYD_NODES",
        "CELERY_BIN",
        "CELERYD_MULTI",
        "CELERYD_OPTS",
        "CELERYD_CHDIR",
        "CELERYD_USER",
        "CELERYD_GROUP",
        "CELERYD_LOG_FILE",
        "CELERYD_PID_FILE",
        "CELERY_CREATE_DIRS",
        "CELERYBEAT_OPTS",
        "CELERYBEAT_CHDIR",
        "CELERYBEAT_USER",
        "CELERYBEAT_PID_FILE",
        "CELERYBEAT_LOG_FILE",
        "CELERYD_LOG_LEVEL",
        "CELERYEV_CAM",
    ];
    let Some(assigned) = line::env_assignment(line) else {
        return;
    };
    let value = assigned.value;
    // `A=1 celery worker` is a command; `$(…)` is a script's.
    if shell_line::is_command(line) && value.contains(' ') && !value.starts_with(['"', '\'']) {
        return;
    }
    signs.env.seen(number);
    let quoted = value.starts_with(['"', '\'']);
    if !quoted && !line::is_python_value(value) {
        signs.env_only.seen(number);
    }
    if assigned.name.chars().any(|c| c.is_ascii_lowercase()) {
        signs.lower_case_env.seen(number);
    }
    if CELERYD.contains(&assigned.name) {
        signs.celeryd.seen(number);
    }
}

fn is_rabbit_setting(name: &str) -> bool {
    const FIRST: [&str; 35] = [
        "listeners",
        "loopback_users",
        "default_user",
        "default_pass",
        "default_vhost",
        "default_permissions",
        "vm_memory_high_watermark",
        "vm_memory_high_watermark_paging_ratio",
        "disk_free_limit",
        "management",
        "consumer_timeout",
        "channel_max",
        "frame_max",
        "log",
        "cluster_formation",
        "cluster_name",
        "cluster_partition_handling",
        "auth_backends",
        "auth_mechanisms",
        "ssl_options",
        "queue_master_locator",
        "queue_leader_locator",
        "mqtt",
        "stomp",
        "prometheus",
        "load_definitions",
        "definitions",
        "collect_statistics_interval",
        "tcp_listen_options",
        "handshake_timeout",
        "num_acceptors",
        "total_memory_available_override_value",
        "default_queue_type",
        "management_agent",
        "deprecated_features",
    ];
    FIRST.contains(&name.split('.').next().unwrap_or(name))
}

fn prose(signs: &mut Signs<'_>, line: &str, number: u32) {
    let words = line.split_whitespace().count();
    let ends = line.ends_with(['.', '!', '?', ':']) || line.ends_with(".)") || line.ends_with(".**");
    let letters = line.chars().filter(|c| c.is_alphabetic() || *c == ' ').count();
    let mostly_words = letters * 5 >= line.chars().count() * 4;
    let korean = line.chars().filter(|c| ('가'..='힣').contains(c)).count() >= 4;
    if (words >= 5 && mostly_words && ends) || (words >= 3 && korean) || (words >= 9 && mostly_words) {
        signs.prose.seen(number);
    }
    if line.matches('`').count() >= 2 {
        signs.inline_code.seen(number);
    }
    if line.contains("](") || line.contains("**") || (line.starts_with('|') && line.ends_with('|')) {
        signs.table_or_link.seen(number);
    }
}

/// The tables and descriptions that `kubectl` prints for people.
fn is_kubectl(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(4).collect();
    matches!(
        words.as_slice(),
        ["NAME", "READY", ..] | ["LAST", "SEEN", "TYPE", ..] | ["NAMESPACE", "NAME", "READY", ..]
    ) || line.starts_with("Name:   ")
        || line.starts_with("Namespace:   ")
        || (words.len() >= 3 && words[0] == "Last" && words[1] == "State:")
        || (words.len() == 3 && words[0] == "Exit" && words[1] == "Code:")
        || (words.len() == 2 && words[0] == "Reason:" && matches!(words[1], "OOMKilled" | "CrashLoopBackOff"))
        || (line.starts_with("  ")
            && matches!(words.as_slice(), ["Warning" | "Normal", reason, ..]
            if matches!(*reason, "BackOff" | "Unhealthy" | "FailedScheduling" | "Scheduled" | "Pulled" | "Killing" | "Failed")))
}
