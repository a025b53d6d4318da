//! Puts what the readers understood together: variants, processes, scopes, versions, events.

mod apps;
mod containers;
mod scopes;
mod variants;
mod versions;

use super::environment::Environment;
use super::{Facts, Piece, VersionSet, events, ignores};
use crate::catalogue::version::Version;
use crate::intake::Kind;
use crate::read::Document;

/// Gathers the facts of a paste. `celery` is the version that the reader named.
pub fn gather(pieces: &[Piece], celery: Option<Version>) -> Facts {
    let events: Vec<events::Event> =
        pieces.iter().filter(|piece| piece.kind == Kind::Log).flat_map(|piece| events::gather(&piece.text)).collect();
    let celery = celery.map_or_else(|| versions::celery(pieces, &events), VersionSet::chosen);
    let mut kinds: Vec<Kind> = pieces.iter().map(|piece| piece.kind).collect();
    kinds.sort();
    kinds.dedup();
    Facts {
        variants: variants::gather(pieces),
        celery,
        events,
        troubles: pieces.iter().flat_map(|piece| piece.troubles.clone()).collect(),
        ignores: pieces.iter().flat_map(ignores::gather).collect(),
        kinds,
    }
}

/// The variables of env files, where no container is shown that could name them: they are meant for whatever
/// runs beside them. Several env files are alternatives, so of a name that two of them set nothing is known.
fn loose_environment(pieces: &[Piece]) -> Environment {
    let mut environment = Environment::unknown();
    if pieces.iter().any(|piece| matches!(piece.kind, Kind::Compose | Kind::Kubernetes | Kind::HelmTemplate)) {
        return environment;
    }
    let files = pieces.iter().filter_map(|piece| match &piece.document {
        Document::EnvFile(file) => Some(file),
        _ => None,
    });
    for file in files {
        for (name, variable) in containers::of_env_file(file).iter() {
            let value = if environment.get(name).is_some() { None } else { variable.value.clone() };
            environment.set(variable.name.clone(), value);
        }
    }
    environment
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
