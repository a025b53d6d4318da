//! Kustomizations: which manifests one takes in, and which patches it lays over them.

use super::file_name;
use crate::facts::Piece;
use crate::intake::Kind;
use crate::read::Document;
use crate::read::yaml::{Node, Yaml};

/// Kustomizations that take each other in beyond this are not followed.
const DEEPEST: u32 = 8;

/// What one kustomization makes: its manifests, with every patch of it and of those that it takes in.
#[derive(Default)]
pub(super) struct Overlay {
    pub(super) name: String,
    pub(super) manifests: Vec<usize>,
    /// The innermost first.
    pub(super) patches: Vec<usize>,
    /// Whether a patch was not pasted, or is of a kind that we do not lay over.
    pub(super) is_open: bool,
}

/// Whether a piece is a kustomization.
pub(super) fn is_one(piece: &Piece) -> bool {
    let name = file_name(&piece.path).to_ascii_lowercase();
    piece.part.is_none() && piece.kind == Kind::Kubernetes && name.split('.').next() == Some("kustomization")
}

/// The kustomizations that lay patches over manifests of the paste, and that no other one takes in.
pub(super) fn overlays(pieces: &[Piece]) -> Vec<Overlay> {
    let all: Vec<usize> = (0..pieces.len()).filter(|index| is_one(&pieces[*index])).collect();
    let taken_in: Vec<usize> = all.iter().flat_map(|index| targets(*index, pieces)).collect();
    let top = all.into_iter().filter(|index| !taken_in.contains(index));
    let overlays = top.map(|index| {
        let mut overlay = Overlay { name: folder(&pieces[index].path).to_owned(), ..Overlay::default() };
        take_in(index, pieces, &mut overlay, 0);
        overlay
    });
    overlays.filter(|overlay| !overlay.manifests.is_empty() && !overlay.patches.is_empty()).collect()
}

fn take_in(index: usize, pieces: &[Piece], overlay: &mut Overlay, depth: u32) {
    for target in targets(index, pieces) {
        if is_one(&pieces[target]) {
            if depth < DEEPEST {
                take_in(target, pieces, overlay, depth + 1);
            }
        } else if !overlay.manifests.contains(&target) {
            overlay.manifests.push(target);
        }
    }
    for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] {
        for item in lists(&pieces[index], key) {
            let path = item.scalar().or_else(|| item.get("path").and_then(Node::scalar));
            let patch = path.and_then(|path| manifest_at(&pieces[index].path, path.as_str(), pieces));
            // A patch of operations is a list.
            let is_merge = |piece: &Piece| yaml(piece).is_some_and(|it| it.roots().all(Node::is_mapping));
            match patch.filter(|patch| is_merge(&pieces[*patch])) {
                // With a `target`, its own name says nothing.
                Some(patch) if key != "patchesJson6902" && item.get("target").is_none() => overlay.patches.push(patch),
                _ => overlay.is_open = true,
            }
        }
    }
}

/// The manifests and kustomizations that one names.
fn targets(index: usize, pieces: &[Piece]) -> Vec<usize> {
    let own = &pieces[index].path;
    let named = ["resources", "bases"].into_iter().flat_map(|key| lists(&pieces[index], key));
    named.filter_map(|item| manifest_at(own, item.scalar()?.as_str(), pieces)).filter(|it| *it != index).collect()
}

fn lists<'a>(piece: &'a Piece, key: &'a str) -> impl Iterator<Item = &'a Node> {
    let roots = yaml(piece).into_iter().flat_map(Yaml::roots);
    roots.filter_map(move |root| root.get(key)).flat_map(Node::items).map(|item| &**item)
}

fn yaml(piece: &Piece) -> Option<&Yaml> {
    match &piece.document {
        Document::Yaml(yaml) => Some(yaml),
        _ => None,
    }
}

/// The manifest at a path that is relative to a file, or the kustomization of that folder.
fn manifest_at(from: &str, path: &str, pieces: &[Piece]) -> Option<usize> {
    let mut parts: Vec<&str> = folder(from).split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let wanted = parts.join("/");
    let is_it = |piece: &Piece| {
        let own = piece.path.trim_start_matches("./").trim_start_matches('/');
        piece.kind == Kind::Kubernetes
            && piece.part.is_none()
            && (own == wanted.trim_start_matches("./") || (is_one(piece) && folder(own) == wanted))
    };
    pieces.iter().position(is_it)
}

fn folder(path: &str) -> &str {
    path.trim_start_matches("./").rsplit_once('/').map_or("", |(folder, _)| folder)
}
