//! Puts what the readers understood together: variants, processes, scopes, versions, events.

mod apps;
mod code;
mod compose_files;
mod containers;
mod daemons;
mod django;
mod env_files;
mod helm_values;
mod kustomize;
mod packages;
mod python_starts;
mod scopes;
mod variants;
mod versions;

use std::collections::HashSet;

use env_files::Reader;

use super::environment::Environment;
use super::{Facts, Piece, VersionSet, events, ignores, installed_apps, paths, rabbitmq::Rabbitmq, unexported};
use crate::catalogue::version::Version;
use crate::intake::Kind;
use crate::read::Document;
use crate::text::{SourceId, Text};

/// Gathers the facts of a paste. `celery` and `rabbitmq` are the versions that the reader named.
pub fn gather(pieces: &[Piece], celery: Option<Version>, rabbitmq: Option<Version>) -> Facts {
    let events: Vec<events::Event> = pieces
        .iter()
        .filter_map(|piece| match &piece.document {
            Document::Log(log) => Some(events::gather(log)),
            _ => None,
        })
        .flatten()
        .collect();
    let mut packages = packages::gather(pieces);
    let celery = celery.map_or_else(|| versions::celery(pieces, &packages, &events), VersionSet::chosen);
    let variants = variants::gather(pieces, &celery);
    packages.pythons = packages::pythons(&variants);
    let mut kinds: Vec<Kind> = pieces.iter().map(|piece| piece.kind).collect();
    crate::text::order::distinct(&mut kinds);
    let rabbitmq = Rabbitmq::gather(pieces, &variants, rabbitmq);
    let has_dynaconf = pieces.iter().any(|it| it.kind == Kind::Python && it.text.as_str().contains("dynaconf"));
    Facts {
        variants,
        rabbitmq,
        celery,
        events,
        troubles: pieces.iter().flat_map(|piece| piece.troubles.clone()).collect(),
        unread: pieces
            .iter()
            .filter(|piece| is_unread(piece) && !(has_dynaconf && piece.path.ends_with(".toml")))
            .map(|piece| (piece.kind, first_line(&piece.text)))
            .collect(),
        ignores: pieces.iter().flat_map(ignores::gather).collect(),
        files: files_of(pieces),
        kinds,
        packages,
        installed_apps: installed_apps::gather(pieces),
        django_caches: installed_apps::assigned_once(pieces, "CACHES"),
        django_without_zones: installed_apps::without_zones(pieces),
        atomic_requests: installed_apps::atomic_requests(pieces),
        paths: paths::Paths::new(pieces),
        unexported: unexported::gather(pieces),
        python_code: super::tasks::gather(pieces),
    }
}

/// Whether a file was passed over as a whole. Requirements, projects and locks are read for the version.
fn is_unread(piece: &Piece) -> bool {
    let read_for_version = matches!(piece.kind, Kind::Requirements | Kind::Pyproject | Kind::Lock);
    matches!(piece.document, Document::None)
        && piece.part.is_none()
        && !piece.in_parts
        && !read_for_version
        && !piece.text.trim().is_empty()
}

fn first_line(text: &Text) -> Text {
    text.lines().map(|line| line.trim()).find(|line| !line.is_empty()).unwrap_or_else(|| text.slice(0..0))
}

/// Every file once: a note is thousands of pieces of one path, which stand beside each other.
fn files_of(pieces: &[Piece]) -> Vec<String> {
    let mut files: Vec<String> = pieces.iter().map(|piece| piece.path.clone()).collect();
    files.dedup();
    files
}

/// The env files beside containers, each as a sample: who else reads them is not shown. With whether no container
/// takes them.
fn env_files_beside(pieces: &[Piece], variants: &[super::Variant]) -> Vec<(String, Environment, bool)> {
    if !shows_containers(pieces) {
        return Vec::new();
    }
    let containers = variants.iter().flat_map(|variant| &variant.containers);
    let named: HashSet<SourceId> = containers
        .flat_map(|container| container.environment.iter())
        .filter(|(_, variable)| variable.in_env_file)
        .map(|(_, variable)| variable.name.span().source)
        .collect();
    let files = pieces.iter().filter_map(|piece| match &piece.document {
        Document::EnvFile(file) if piece.kind == Kind::Env => Some((piece, file)),
        _ => None,
    });
    let sample = |file| env_files::variables(file, Reader::Unknown, &[]).of_sample();
    files.map(|(piece, file)| (piece.path.clone(), sample(file), !named.contains(&piece.text.span().source))).collect()
}

fn shows_containers(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece.kind, Kind::Compose | Kind::Kubernetes | Kind::HelmTemplate))
}

/// The variables of env files, where no container is shown that could name them: they are meant for whatever
/// runs beside them. Several env files are alternatives, so of a name that two of them set nothing is known.
fn loose_environment(pieces: &[Piece]) -> Environment {
    let mut environment = Environment::unknown();
    if shows_containers(pieces) {
        return environment;
    }
    let files = pieces.iter().filter_map(|piece| match &piece.document {
        Document::EnvFile(file) if piece.kind == Kind::Env => Some((piece, file)),
        _ => None,
    });
    for (piece, file) in files {
        let reader = env_files::reader_of(&piece.path, pieces);
        for (name, variable) in env_files::variables(file, reader, &[]).iter() {
            let value = if environment.get(name).is_some() { None } else { variable.value.clone() };
            environment.set(variable.name.clone(), value);
            if env_files::is_sample(&piece.path) {
                environment.is_of_sample(name);
            }
        }
    }
    environment.all_in_env_file();
    environment
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
