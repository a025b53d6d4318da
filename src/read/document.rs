//! What a reader made of a text, by kind.

use super::command_line::{self, CeleryCommand};
use super::python::{self, PythonDocument};
use super::sections::Sections;
use super::{Trouble, TroubleKind, dockerfile, env_file, launcher, log_text, supervisord, systemd, yaml};
use crate::intake::Kind;
use crate::text::Text;

/// A read text. Kinds without a reader of their own yet have no document.
#[derive(Debug)]
pub enum Document {
    Python(PythonDocument),
    /// Every call of Celery in shell text.
    Commands(Vec<CeleryCommand>),
    Dockerfile(dockerfile::Dockerfile),
    Yaml(yaml::Yaml),
    EnvFile(env_file::EnvFile),
    /// A unit of systemd, or a configuration of Supervisor: the kind tells which.
    Sections(Sections),
    Log(log_text::Log),
    None,
}

/// Reads a text as the given kind.
pub fn read(kind: Kind, text: &Text) -> (Document, Vec<Trouble>) {
    match kind {
        Kind::Python => {
            let (document, troubles) = python::read(text);
            (Document::Python(document), troubles)
        }
        Kind::Procfile => {
            // `worker: celery -A shop worker`
            let commands = text.lines().filter_map(|line| {
                let colon = line.as_str().find(':')?;
                let mut commands = command_line::celery_commands(&line.slice(colon + 1..line.len()));
                commands.iter_mut().for_each(|command| command.named = Some(line.slice(0..colon)));
                Some(commands)
            });
            (Document::Commands(commands.flatten().collect()), Vec::new())
        }
        Kind::Launcher | Kind::Pyproject => (Document::Commands(launcher::read(text)), Vec::new()),
        Kind::Command | Kind::Shell => (Document::Commands(command_line::celery_commands(text)), Vec::new()),
        Kind::Dockerfile => {
            let (document, troubles) = dockerfile::read(text);
            (Document::Dockerfile(document), troubles)
        }
        Kind::Compose | Kind::Kubernetes | Kind::HelmTemplate | Kind::HelmValues => {
            let (document, mut troubles) = yaml::read(text);
            if kind != Kind::Compose {
                // Compose refuses a key that stands twice; what kubectl does depends on its version.
                for trouble in troubles.iter_mut().filter(|it| matches!(it.what, TroubleKind::YamlDuplicateKey { .. }))
                {
                    trouble.refused = false;
                }
            }
            (Document::Yaml(document), troubles)
        }
        Kind::Systemd => (Document::Sections(systemd::read(text)), Vec::new()),
        Kind::Supervisord => (Document::Sections(supervisord::read(text)), Vec::new()),
        // It may hold more of the shell's language than assignments: what is none is passed over.
        Kind::Celeryd => (Document::EnvFile(env_file::read(text).0), Vec::new()),
        Kind::Env => {
            let (document, troubles) = env_file::read(text);
            (Document::EnvFile(document), troubles)
        }
        Kind::Log => {
            let (log, troubles) = log_text::read(text);
            (Document::Log(log), troubles)
        }
        _ => (Document::None, Vec::new()),
    }
}
