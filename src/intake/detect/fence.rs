//! A fence's tag is what its writer called the block; writers call logs `bash`.

use super::super::kind::Kind;
use super::judge::Verdict;
use super::names::{ByName, by_name};
use super::{Because, of_name};

/// What a tag stands for.
enum Tag {
    Python,
    Shell,
    Yaml,
    Ini,
    Is(Kind),
    /// The writer said "just text".
    Plain,
    /// A language that we do not read.
    Foreign,
    /// `yaml:docker-compose.yml`, `python title="settings.py"`.
    Named(String),
}

/// The tag has the word where the content leaves a doubt; a clear log is a log under every tag.
pub(super) fn weigh(info: &str, text: &str, verdict: Verdict) -> (Kind, Because) {
    let tag_word = word_of(info);
    let by_tag = |kind: Kind| (kind, Because::FenceTag(tag_word.clone()));
    let by_content = |verdict: Verdict| (verdict.kind, verdict.because);
    if verdict.kind == Kind::Log && verdict.sure {
        return by_content(verdict);
    }
    match meaning(info, &tag_word) {
        Tag::Named(name) => of_name(&name, text, verdict).unwrap_or_else(by_content),
        Tag::Python => match verdict.kind {
            Kind::Dockerfile | Kind::Kubernetes | Kind::Compose | Kind::Systemd | Kind::Supervisord | Kind::Command
                if verdict.sure =>
            {
                by_content(verdict)
            }
            Kind::FlowerConfig => by_content(verdict),
            _ => by_tag(Kind::Python),
        },
        Tag::Shell => match verdict.kind {
            Kind::Unknown | Kind::Markdown => by_tag(Kind::Command),
            Kind::Python if !verdict.sure => by_tag(Kind::Command),
            // A Dockerfile that a command is fed with, or SQL with its own FROM.
            Kind::Dockerfile if text.contains("<<") || !begins_an_image(text) => by_tag(Kind::Command),
            _ => by_content(verdict),
        },
        Tag::Yaml => match verdict.kind {
            Kind::Compose | Kind::Kubernetes | Kind::HelmTemplate | Kind::HelmValues => by_content(verdict),
            _ => (Kind::Unknown, Because::Nothing),
        },
        Tag::Ini => match verdict.kind {
            Kind::Systemd
            | Kind::Supervisord
            | Kind::RabbitmqConf
            | Kind::Pyproject
            | Kind::Env
            | Kind::Celeryd
            | Kind::RabbitmqAdvanced
            | Kind::Requirements
            | Kind::Lock
            | Kind::Dockerfile => by_content(verdict),
            _ => (Kind::Unknown, Because::Nothing),
        },
        Tag::Is(Kind::Env) if verdict.kind == Kind::Celeryd => by_content(verdict),
        Tag::Is(kind) => by_tag(kind),
        // Words in a fence are no notes of their own.
        Tag::Plain if verdict.kind == Kind::Markdown => (Kind::Unknown, Because::Nothing),
        Tag::Plain => by_content(verdict),
        Tag::Foreign => (Kind::Unknown, Because::Nothing),
    }
}

/// Whether the first line says what a Dockerfile begins with.
fn begins_an_image(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let word = first.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("FROM") || word.eq_ignore_ascii_case("ARG")
}

/// The first word of an info string, without the dress that some tools give it: `{.python}`, `python{1,3}`.
fn word_of(info: &str) -> String {
    let info = info.trim().trim_start_matches(['{', '.']);
    info.chars().take_while(|&c| c.is_alphanumeric() || "+#_-./:$".contains(c)).take(40).collect()
}

fn meaning(info: &str, word: &str) -> Tag {
    if let Some(name) = file_name(info, word) {
        return Tag::Named(name);
    }
    let word = word.split(':').next().unwrap_or(word).to_ascii_lowercase();
    match word.as_str() {
        "python" | "py" | "python3" | "python2" | "pycon" | "ipython" | "django" => Tag::Python,
        "bash" | "sh" | "shell" | "zsh" | "console" | "terminal" | "shell-session" | "shellsession" | "sh-session"
        | "cmd" | "command" | "commandline" | "powershell" | "ps1" | "bat" | "$" | "fish" | "makefile" | "make" => {
            Tag::Shell
        }
        "yaml" | "yml" | "helm" | "k8s" | "kubernetes" | "compose" | "docker-compose" => Tag::Yaml,
        "dockerfile" | "docker" | "containerfile" => Tag::Is(Kind::Dockerfile),
        "env" | "dotenv" => Tag::Is(Kind::Env),
        "log" | "logs" => Tag::Is(Kind::Log),
        "pytb" | "py3tb" | "traceback" | "python-traceback" => Tag::Is(Kind::Log),
        "systemd" | "service" | "unit" => Tag::Is(Kind::Systemd),
        "procfile" => Tag::Is(Kind::Procfile),
        "requirements" | "pip-requirements" | "pip" => Tag::Is(Kind::Requirements),
        "ini" | "toml" | "conf" | "cfg" | "config" | "properties" | "desktop" | "erlang" => Tag::Ini,
        "" | "text" | "txt" | "plain" | "plaintext" | "output" | "none" | "json" | "jsonc" | "code" | "raw" => {
            Tag::Plain
        }
        _ => Tag::Foreign,
    }
}

/// A file's name in an info string.
fn file_name(info: &str, word: &str) -> Option<String> {
    let known = |name: &str| by_name(name) != ByName::Nothing && by_name(name) != ByName::Foreign;
    // `dockerfile` and `env` are languages here, though they are names of files too.
    let behind_colon = word.split_once(':').map(|(_, name)| name).filter(|name| known(name));
    let alone = (word.contains('.') && known(word)).then_some(word);
    let mut titled = info.split_whitespace().skip(1).map(|attribute| {
        attribute.split_once('=').map_or(attribute, |(_, value)| value).trim_matches(['"', '\'', '}', '(', ')', '`'])
    });
    behind_colon.or(alone).or_else(|| titled.find(|name| name.contains('.') && known(name))).map(str::to_owned)
}
