//! From files to pieces: kinds told apart, notes taken apart, every piece read.

use super::{CheckedFile, CheckedPart, Input};
use crate::facts::Piece;
use crate::intake::{self, Because, Kind, transcript};
use crate::read::{self, TroubleKind, markdown};
use crate::text::{Source, Text};

/// Reads every file; the pieces of a note follow it in order.
pub(super) fn read(inputs: &[Input], sources: &[Source]) -> (Vec<CheckedFile>, Vec<Piece>) {
    let mut files = Vec::new();
    let mut pieces = Vec::new();
    for (input, source) in inputs.iter().zip(sources) {
        let detection = intake::detect(Some(&input.path), &input.text);
        let (kind, because) = match input.kind {
            Some(kind) => (kind, Because::Told),
            None => (detection.kind, detection.because),
        };
        let whole = source.whole();
        let mut parts = Vec::new();
        if kind == Kind::Markdown {
            let (note, _) = markdown::read(&whole);
            for (index, part) in note.parts.iter().enumerate() {
                let number = index + 1;
                let chosen = input.part_kinds.iter().find(|(it, _)| *it == number).map(|(_, kind)| *kind);
                let (kind, because) = part_kind(part, chosen);
                parts.push(CheckedPart { kind, because, span: part.text.span() });
                pieces.push(piece(&input.path, Some(number), kind, part.text.clone()));
            }
        }
        let copied = if input.kind.is_none() && matches!(kind, Kind::Command | Kind::Log) {
            transcript::split(&whole)
        } else {
            None
        };
        match copied {
            // Commands and their output, copied from a terminal: each stretch is read as what it is.
            Some(stretches) => {
                for (index, stretch) in stretches.into_iter().enumerate() {
                    let because = Because::Line(stretch.lines_before + 1);
                    parts.push(CheckedPart { kind: stretch.kind, because, span: stretch.text.span() });
                    pieces.push(piece(&input.path, Some(index + 1), stretch.kind, stretch.text));
                }
                pieces.push(Piece { in_parts: true, ..piece(&input.path, None, Kind::Unknown, whole) });
            }
            None => {
                let in_parts = kind == Kind::Markdown;
                pieces.push(Piece { in_parts, ..piece(&input.path, None, kind, whole) });
            }
        }
        files.push(CheckedFile { kind, because, parts });
    }
    (files, pieces)
}

fn part_kind(part: &markdown::Part, chosen: Option<Kind>) -> (Kind, Because) {
    match chosen {
        Some(kind) => (kind, Because::Told),
        None => (part.detection.kind, part.detection.because.clone()),
    }
}

fn piece(path: &str, part: Option<usize>, kind: Kind, text: Text) -> Piece {
    let (document, mut troubles) = read::read(kind, &text);
    // A block of a note often shows a file before and after a change.
    for trouble in troubles.iter_mut().filter(|_| part.is_some()) {
        trouble.refused &= !matches!(trouble.what, TroubleKind::YamlDuplicateKey { .. });
    }
    // Definitions of a chart are text for other templates, and need be no YAML.
    if kind == Kind::HelmTemplate && path.ends_with(".tpl") {
        troubles.retain(|trouble| !matches!(trouble.what, TroubleKind::YamlSyntax { .. }));
    }
    Piece { path: path.to_owned(), part, kind, text, document, troubles, in_parts: false }
}
