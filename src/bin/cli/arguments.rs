//! What may be said on the command line.

use std::path::PathBuf;

use celery_checkup::present::text::Language;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Checks what runs Celery: settings, commands, logs, Dockerfiles, compose files, Kubernetes manifests.
#[derive(Parser)]
#[command(name = "celery-checkup", version, about, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check files together and report what is wrong.
    Check(CheckOptions),
    /// Show what the files say: processes, settings, versions.
    Facts(CheckOptions),
    /// Explain a rule, a setting, an option, an environment variable or a log line.
    Explain {
        /// A name, or the first word of a log line; an option is written as it is, `--concurrency`.
        #[arg(value_name = "WORD", allow_hyphen_values = true)]
        word: String,
        /// The other words of a log line.
        #[arg(value_name = "WORD")]
        more: Vec<String>,
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
    /// List the rules.
    Rules {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        #[arg(long, value_enum)]
        lang: Option<Lang>,
    },
}

#[derive(Args)]
pub(crate) struct CheckOptions {
    /// Files and folders, read together; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// The language of the text report; by default that of the locale.
    #[arg(long, value_enum)]
    pub(crate) lang: Option<Lang>,
    /// Overrule the kind of a file, or of the N-th part of a note.
    #[arg(long, value_name = "KIND=PATH[#N]")]
    pub(crate) kind: Vec<String>,
    /// The name that standard input is reported under.
    #[arg(long, value_name = "NAME")]
    pub(crate) stdin_name: Option<String>,
    /// Which version of Celery it is.
    #[arg(long, value_name = "VERSION")]
    pub(crate) celery: Option<String>,
    /// Which version of RabbitMQ it is.
    #[arg(long, value_name = "VERSION")]
    pub(crate) rabbitmq: Option<String>,
    /// From which severity on the exit status is 1.
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,
    /// Report only these rules.
    #[arg(long, value_name = "ID")]
    pub(crate) rule: Vec<String>,
    /// Leave a rule out, everywhere or in one file.
    #[arg(long, value_name = "ID[=PATH]")]
    pub(crate) ignore: Vec<String>,
    /// Also list what was recognised.
    #[arg(long)]
    pub(crate) said: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Sarif,
    Markdown,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    Ko,
    En,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

/// The language that was chosen, else the locale's, else English.
pub(crate) fn language(chosen: Option<Lang>) -> Language {
    match chosen {
        Some(Lang::Ko) => Language::Ko,
        Some(Lang::En) => Language::En,
        None => match sys_locale::get_locale() {
            Some(locale) if locale.starts_with("ko") => Language::Ko,
            _ => Language::En,
        },
    }
}

/// `KIND=PATH` or `KIND=PATH#N`, taken apart.
pub(crate) struct KindOverride {
    pub(crate) kind: celery_checkup::intake::Kind,
    pub(crate) path: PathBuf,
    pub(crate) part: Option<usize>,
}

/// The kinds that the call overrules; an error says which word is wrong.
pub(crate) fn kind_overrides(words: &[String]) -> Result<Vec<KindOverride>, String> {
    words
        .iter()
        .map(|word| {
            let (kind, path) = word.split_once('=').ok_or_else(|| format!("--kind {word}: KIND=PATH is needed"))?;
            let kind = kind.parse().map_err(|_| format!("--kind {word}: there is no kind `{kind}`"))?;
            let (path, part) = match path.rsplit_once('#').map(|(path, part)| (path, part.parse::<usize>())) {
                Some((path, Ok(part))) => (path, Some(part)),
                _ => (path, None),
            };
            Ok(KindOverride { kind, path: path.into(), part })
        })
        .collect()
}
