//! From signs to a kind. The order of the questions is the point: what only one kind has is asked first.

use super::super::kind::Kind;
use super::Because;
use super::log_line::is_telling_log;
use super::signs::{Sign, Signs};
use super::yaml_keys;

/// What the content says, and whether it leaves no doubt.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) kind: Kind,
    pub(super) because: Because,
    pub(super) sure: bool,
}

impl Verdict {
    fn sure(kind: Kind, because: Because) -> Self {
        Verdict { kind, because, sure: true }
    }

    fn likely(kind: Kind, because: Because) -> Self {
        Verdict { kind, because, sure: false }
    }

    fn unknown() -> Self {
        Verdict { kind: Kind::Unknown, because: Because::Nothing, sure: false }
    }
}

pub(super) fn judge(text: &str, signs: &Signs<'_>) -> Verdict {
    if signs.lines == 0 && signs.fence.count == 0 && signs.heading.count == 0 {
        return Verdict::unknown();
    }
    by_first_line(signs)
        .or_else(|| by_brackets(text, signs))
        .or_else(|| by_fences(signs))
        .or_else(|| by_sections(text, signs))
        .or_else(|| by_log_lines(signs))
        .or_else(|| by_kubectl(signs))
        .or_else(|| by_instructions(signs))
        .or_else(|| by_yaml(text, signs))
        .or_else(|| by_shape(signs))
        .or_else(|| by_code(signs))
        .or_else(|| by_prose(signs))
        .unwrap_or_else(Verdict::unknown)
}

fn at(sign: Sign) -> Because {
    Because::Line(sign.first)
}

fn by_first_line(signs: &Signs<'_>) -> Option<Verdict> {
    let line = signs.first_line.trim();
    if let Some(program) = line.strip_prefix("#!") {
        let shell = ["sh", "bash", "dash", "ash", "zsh", "ksh", "with-contenv"]
            .iter()
            .any(|shell| program.split([' ', '/']).any(|word| word == *shell));
        if shell {
            return Some(Verdict::sure(Kind::Shell, Because::FirstLine));
        }
        if program.contains("python") {
            return Some(Verdict::sure(Kind::Python, Because::FirstLine));
        }
    }
    let directive = line.replace(' ', "").to_ascii_lowercase();
    (directive.starts_with("#syntax=docker/") || directive.starts_with("#syntax=docker."))
        .then(|| Verdict::sure(Kind::Dockerfile, Because::FirstLine))
}

/// JSON and Erlang terms.
fn by_brackets(text: &str, signs: &Signs<'_>) -> Option<Verdict> {
    let start = text.trim_start();
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    let erlang = start.starts_with('[') || start.starts_with('%');
    if erlang && (text.contains("{rabbit,") || text.contains("{rabbitmq_") || text.contains("{kernel,")) {
        return Some(Verdict::sure(Kind::RabbitmqAdvanced, Because::Shape));
    }
    if !start.starts_with('{') || signs.template.first == 1 {
        return None;
    }
    if signs.lines > 1 && (has("levelname") || has("level") || has("log")) {
        let objects = text.lines().filter(|line| line.starts_with('{') && line.trim_end().ends_with('}')).count();
        if objects as u32 == signs.lines {
            return Some(Verdict::sure(Kind::Log, Because::Shape));
        }
    }
    if has("apiVersion") && has("kind") {
        return Some(Verdict::sure(Kind::Kubernetes, Because::Key("apiVersion")));
    }
    if has("containerDefinitions") || has("configurations") && has("module") && has("request") {
        return Some(Verdict::sure(Kind::Launcher, Because::Shape));
    }
    if has("_meta") && has("default") && has("hash") {
        return Some(Verdict::sure(Kind::Lock, Because::Key("_meta")));
    }
    let known = ["vhosts", "queues", "exchanges", "bindings", "policies", "permissions", "rabbit_version"];
    let mut found = known.into_iter().filter(|key| has(key));
    let first = found.next()?;
    found.next().map(|_| Verdict::sure(Kind::RabbitmqDefinitions, Because::Key(first)))
}

/// A fence makes it Markdown, unless what stands outside the fences is code or a log.
fn by_fences(signs: &Signs<'_>) -> Option<Verdict> {
    let code = signs.python_at_margin.count + signs.dockerfile.count + signs.script.count;
    let outside_is_code = code * 4 > signs.lines && signs.prose.count < code;
    let outside_is_log = signs.log.count * 4 > signs.lines;
    (signs.fence.count > 0 && !outside_is_code && !outside_is_log)
        .then(|| Verdict::sure(Kind::Markdown, at(signs.fence)))
}

fn by_sections(text: &str, signs: &Signs<'_>) -> Option<Verdict> {
    for &(section, number) in &signs.section {
        let name = section.trim_matches(['[', ']']);
        let kind = if matches!(name, "Unit" | "Service" | "Install" | "Timer" | "Socket") {
            Kind::Systemd
        } else if ["program:", "group:", "eventlistener:", "fcgi-program:"].iter().any(|p| name.starts_with(p))
            || matches!(name, "supervisord" | "unix_http_server" | "supervisorctl" | "inet_http_server")
        {
            Kind::Supervisord
        } else if name == "package" && section == "[[package]]" {
            Kind::Lock
        } else if name.starts_with("tool.")
            || matches!(name, "build-system" | "project")
            || name.starts_with("project.")
            || matches!(name, "dependency-groups" | "dev-packages")
            || (name == "packages" && text.contains("[[source]]"))
        {
            Kind::Pyproject
        } else {
            continue;
        };
        return Some(Verdict::sure(kind, Because::Line(number)));
    }
    let systemd = text.lines().position(|line| {
        ["ExecStart=", "ExecStop=", "ExecReload=", "ExecStartPre="].iter().any(|key| line.trim_start().starts_with(key))
    });
    systemd.map(|line| Verdict::sure(Kind::Systemd, Because::Line(line as u32 + 1)))
}

fn by_log_lines(signs: &Signs<'_>) -> Option<Verdict> {
    let code = signs.python_at_margin.count.max(signs.script.count).max(signs.dockerfile.count);
    // `Usage: celery …` and `ImportError: …` begin as YAML keys do.
    let yaml =
        yaml_keys::begins_as_yaml(signs) && !is_telling_log(signs.first_content) && signs.yaml.count > signs.log.count;
    if signs.log.count > 0 && signs.log.count >= code && !yaml {
        // In a page of prose one quoted line is not the page's nature.
        let notes = signs.heading.count + signs.table_or_link.count > 0 && signs.prose.count > signs.log.count * 3;
        return (!notes).then(|| Verdict::sure(Kind::Log, at(signs.log)));
    }
    (signs.log_like.count * 2 > signs.lines && code == 0).then(|| Verdict::likely(Kind::Log, at(signs.log_like)))
}

fn by_kubectl(signs: &Signs<'_>) -> Option<Verdict> {
    let commands = signs.command.count;
    (signs.kubectl.count > 0 && signs.kubectl.count > commands.saturating_sub(1) && signs.python.count == 0)
        .then(|| Verdict::sure(Kind::KubectlOutput, at(signs.kubectl)))
}

fn by_instructions(signs: &Signs<'_>) -> Option<Verdict> {
    let code = signs.python_at_margin.count + signs.script.count;
    let begins = signs.first_content.split([' ', '\t']).next().unwrap_or("");
    // SQL in the strings of a program has its own FROM.
    let is_image = matches!(begins, "FROM" | "ARG" | "from") || signs.python.count <= signs.dockerfile.count;
    if signs.from.count > 0 && is_image && signs.dockerfile.count + 1 > code {
        return Some(Verdict::sure(Kind::Dockerfile, at(signs.from)));
    }
    // A stretch of a Dockerfile: its lines begin with instructions, those between are their continuations.
    let begins_so = begins.len() > 2 && begins.chars().all(|c| c.is_ascii_uppercase());
    (signs.dockerfile.count > 0 && begins_so && signs.dockerfile.count > code && signs.log_like.count == 0)
        .then(|| Verdict::likely(Kind::Dockerfile, at(signs.dockerfile)))
}

fn by_yaml(text: &str, signs: &Signs<'_>) -> Option<Verdict> {
    let (kind, because, sure) = yaml_keys::judge(text, signs)?;
    Some(Verdict { kind, because, sure })
}

/// Kinds that are told by all their lines being of one shape.
fn by_shape(signs: &Signs<'_>) -> Option<Verdict> {
    let lines = signs.lines;
    if signs.celeryd.count > 0 && signs.env.count * 3 >= lines && signs.python.count == 0 && signs.script.count == 0 {
        return Some(Verdict::sure(Kind::Celeryd, at(signs.celeryd)));
    }
    if signs.rabbit.count > 0 && signs.assignment.count * 10 >= lines * 9 && signs.rabbit.count * 2 >= lines {
        return Some(Verdict::sure(Kind::RabbitmqConf, at(signs.rabbit)));
    }
    if signs.procfile.count == lines && lines > 0 {
        return Some(Verdict::sure(Kind::Procfile, at(signs.procfile)));
    }
    let requirements = signs.requirement.count;
    if signs.bare_word.count == lines && lines > 1 && signs.names_packages {
        return Some(Verdict::likely(Kind::Requirements, Because::Shape));
    }
    if requirements > 0 && (requirements + signs.bare_word.count) * 10 >= lines * 9 {
        return Some(Verdict::sure(Kind::Requirements, at(signs.requirement)));
    }
    if lines == 0 && signs.commented_env.count > 1 {
        return Some(Verdict::likely(Kind::Env, at(signs.commented_env)));
    }
    // `x=os.getenv("Y")` and lower-case names without a single unquoted word are Python.
    let python = signs.python.count > 0 || (signs.lower_case_env.count > 0 && signs.env_only.count == 0);
    let sure = signs.env_only.count > signs.python.count;
    let enough = if sure { signs.env.count * 4 >= lines * 3 } else { signs.env.count * 10 >= lines * 9 };
    (signs.env.count > 0 && enough && (sure || !python)).then_some(Verdict {
        kind: Kind::Env,
        because: Because::Shape,
        sure,
    })
}

fn by_code(signs: &Signs<'_>) -> Option<Verdict> {
    let python = signs.python.count;
    let shell = signs.script.count * 2 + signs.command.count;
    let noted = signs.heading.count + signs.table_or_link.count + signs.inline_code.count > 1;
    // In notes, a line of code is a line of the notes.
    let notes = noted && signs.prose.count > python + shell;
    if notes {
        return None;
    }
    if python > 0 && python >= shell {
        return Some(Verdict { kind: Kind::Python, because: at(signs.python), sure: python > 1 || signs.lines == 1 });
    }
    if signs.script.count > 0 {
        return Some(Verdict::sure(Kind::Shell, at(signs.script)));
    }
    if signs.prompt.count > 0 {
        return Some(Verdict::sure(Kind::Command, at(signs.prompt)));
    }
    if signs.celery_command.count > 0 && signs.prose.count <= signs.command.count {
        return Some(Verdict::sure(Kind::Command, at(signs.celery_command)));
    }
    if signs.command.count * 2 > signs.lines {
        return Some(Verdict::likely(Kind::Command, at(signs.command)));
    }
    if signs.python_maybe.count * 2 > signs.lines && signs.prose.count == 0 {
        return Some(Verdict::likely(Kind::Python, at(signs.python_maybe)));
    }
    None
}

fn by_prose(signs: &Signs<'_>) -> Option<Verdict> {
    let marks = signs.heading.count + signs.table_or_link.count + signs.inline_code.count;
    let written = signs.prose.count + signs.table_or_link.count + signs.inline_code.count;
    let notes = marks > 0 && signs.prose.count * 3 > signs.lines || signs.heading.count > 0 && written > 0;
    (notes && signs.yaml.count * 2 <= signs.lines).then(|| Verdict::likely(Kind::Markdown, Because::Shape))
}
