//! The kinds of input, under the names that the report gives them.

use std::fmt;
use std::str::FromStr;

/// What a pasted text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A settings module, a module with tasks, or a stretch of either.
    Python,
    /// One or more shell lines, as typed: `$ celery -A proj worker`.
    Command,
    /// What a program wrote: Celery, RabbitMQ, a traceback, a container's output.
    Log,
    Dockerfile,
    Compose,
    Kubernetes,
    HelmTemplate,
    HelmValues,
    /// Lines of `NAME=value`.
    Env,
    /// `/etc/default/celeryd`, or the file of the same variables that systemd reads.
    Celeryd,
    Systemd,
    Supervisord,
    /// The new style: `listeners.tcp.default = 5672`.
    RabbitmqConf,
    /// Exported users, queues and policies, as JSON.
    RabbitmqDefinitions,
    /// The old style, and what only it can say: Erlang terms.
    RabbitmqAdvanced,
    /// Also what `pip freeze` prints.
    Requirements,
    Pyproject,
    /// `poetry.lock`, `uv.lock`, `Pipfile.lock`.
    Lock,
    Procfile,
    /// What tells another program which commands to start: a task definition of ECS, `package.json`, `fly.toml`.
    Launcher,
    /// A shell script.
    Shell,
    /// What `kubectl describe` and `kubectl get` print for people.
    KubectlOutput,
    FlowerConfig,
    /// Notes whose fenced blocks are inputs of their own.
    Markdown,
    Unknown,
}

impl Kind {
    pub const ALL: [Kind; 25] = [
        Kind::Python,
        Kind::Command,
        Kind::Log,
        Kind::Dockerfile,
        Kind::Compose,
        Kind::Kubernetes,
        Kind::HelmTemplate,
        Kind::HelmValues,
        Kind::Env,
        Kind::Celeryd,
        Kind::Systemd,
        Kind::Supervisord,
        Kind::RabbitmqConf,
        Kind::RabbitmqDefinitions,
        Kind::RabbitmqAdvanced,
        Kind::Requirements,
        Kind::Pyproject,
        Kind::Lock,
        Kind::Procfile,
        Kind::Launcher,
        Kind::Shell,
        Kind::KubectlOutput,
        Kind::FlowerConfig,
        Kind::Markdown,
        Kind::Unknown,
    ];

    /// The name in reports, on the command line and in links.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Python => "python",
            Kind::Command => "command",
            Kind::Log => "log",
            Kind::Dockerfile => "dockerfile",
            Kind::Compose => "compose",
            Kind::Kubernetes => "kubernetes",
            Kind::HelmTemplate => "helm-template",
            Kind::HelmValues => "helm-values",
            Kind::Env => "env",
            Kind::Celeryd => "celeryd",
            Kind::Systemd => "systemd",
            Kind::Supervisord => "supervisord",
            Kind::RabbitmqConf => "rabbitmq-conf",
            Kind::RabbitmqDefinitions => "rabbitmq-definitions",
            Kind::RabbitmqAdvanced => "rabbitmq-advanced",
            Kind::Requirements => "requirements",
            Kind::Pyproject => "pyproject",
            Kind::Lock => "lock",
            Kind::Procfile => "procfile",
            Kind::Launcher => "launcher",
            Kind::Shell => "shell",
            Kind::KubectlOutput => "kubectl-output",
            Kind::FlowerConfig => "flower-config",
            Kind::Markdown => "markdown",
            Kind::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The name is none of [`Kind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchKind;

impl FromStr for Kind {
    type Err = NoSuchKind;

    fn from_str(name: &str) -> Result<Kind, NoSuchKind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(NoSuchKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_is_listed_once_and_found_by_its_name() {
        assert_eq!(BTreeSet::from(Kind::ALL).len(), Kind::ALL.len());
        // `Unknown` is the last variant: the list is as long as the enum.
        assert_eq!(Kind::Unknown as usize + 1, Kind::ALL.len());
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("Python".parse::<Kind>(), Err(NoSuchKind));
    }
}
