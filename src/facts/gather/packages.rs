//! Packages from requirements, projects, locks and what images install with pip.

mod listed;
mod locked;
mod piped;
mod project;

use crate::facts::packages::{ListDoes, Packages, Python};
use crate::facts::{Piece, Variant};
use crate::intake::Kind;
use crate::read::Document;
use crate::text::Text;

/// Everything that the pieces say of packages.
pub(super) fn gather(pieces: &[Piece]) -> Packages {
    let mut lists = Vec::new();
    for piece in pieces.iter().filter(|piece| !piece.in_parts) {
        let list = match (piece.kind, &piece.document) {
            (Kind::Requirements, _) => Some(listed::read(piece, pieces)),
            (Kind::Pyproject, _) => Some(project::read(&piece.text)),
            (Kind::Lock, _) => locked::read(&piece.text),
            (Kind::Python, _) if super::file_name(&piece.path) == "setup.py" => project::of_setup(&piece.text),
            (Kind::Dockerfile, Document::Dockerfile(dockerfile)) => piped::read(dockerfile, pieces),
            _ => None,
        };
        lists.extend(list);
    }
    // Several lists of one name add up; a list that looks like a freeze is one.
    for list in &mut lists {
        let exact = |name: &str| list.requirements.iter().any(|it| it.name == name && it.is_exact());
        // What Celery always brings along: who pins all of these did not write the list by hand.
        let is_freeze = ["celery", "kombu", "vine", "amqp", "billiard"].into_iter().all(exact)
            && list.requirements.iter().all(|it| it.is_exact() || it.specifiers.is_none());
        if list.does == ListDoes::Install && is_freeze {
            list.does = ListDoes::Lock;
        }
    }
    Packages { lists, pythons: Vec::new() }
}

/// The Pythons of the images that Celery runs in; of the only image, whatever it runs.
pub(super) fn pythons(variants: &[Variant]) -> Vec<Python> {
    let mut found: Vec<Python> = Vec::new();
    for variant in variants {
        let runs = |image: usize| {
            variant.images.len() == 1
                || variant.processes.iter().any(|process| {
                    let of_container = process.container.and_then(|it| variant.containers.get(it));
                    process.image == Some(image) || of_container.is_some_and(|it| it.built_from == Some(image))
                })
        };
        let bases = (0..variant.images.len()).filter(|&index| runs(index)).map(|index| &variant.images[index].base);
        let images = variant.processes.iter().filter_map(|process| {
            let container = variant.containers.get(process.container?)?;
            container.image.as_ref().filter(|_| container.built_from.is_none())
        });
        for python in bases.chain(images).filter_map(Python::of_image) {
            if !found.iter().any(|known| known.at.span() == python.at.span()) {
                found.push(python);
            }
        }
    }
    found
}

/// Whether a file that a list names was pasted as well.
fn is_pasted(path: &str, pieces: &[Piece]) -> bool {
    let name = super::file_name(path);
    pieces.iter().any(|piece| super::file_name(&piece.path) == name)
}

/// A line without its comment and continuation.
fn without_comment(line: &Text) -> Text {
    let text = line.as_str();
    let comment = text
        .match_indices('#')
        .map(|(at, _)| at)
        .find(|&at| at == 0 || text[..at].ends_with(char::is_whitespace))
        .unwrap_or(text.len());
    let end = text[..comment].trim_end().trim_end_matches('\\').len();
    line.slice(0..end).trim()
}
