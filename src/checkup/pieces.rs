//! From files to pieces: kinds told apart, notes taken apart, every piece read.

use super::{CheckedFile, CheckedPart, Input};
use crate::facts::Piece;
use crate::intake::{self, Because, Kind, transcript};
use crate::read::{self, TroubleKind, markdown};
use crate::text::{Source, Text};

/// What the check before read, by the place of the file among the files: of what has not changed it need not be read
/// again.
#[derive(Debug, Default)]
pub struct Before {
    files: Vec<Read>,
}

/// A file as it was given and read.
#[derive(Debug)]
struct Read {
    input: Input,
    checked: CheckedFile,
    /// How many pieces are its own; empty while a check has them.
    count: usize,
    pieces: Vec<Piece>,
}

impl Before {
    /// Gives back the pieces that [`read`] lent.
    pub(super) fn keep(&mut self, pieces: Vec<Piece>) {
        let mut pieces = pieces.into_iter();
        for file in &mut self.files {
            file.pieces = pieces.by_ref().take(file.count).collect();
        }
    }
}

/// Reads every file that was not read before; the pieces of a note follow it in order.
pub(super) fn read(inputs: &[Input], sources: &[Source], before: &mut Before) -> (Vec<CheckedFile>, Vec<Piece>) {
    let mut files = Vec::new();
    let mut pieces = Vec::new();
    let mut known = std::mem::take(&mut before.files).into_iter();
    for (input, source) in inputs.iter().zip(sources) {
        // Places name the file by its number, so only a file at its old number is taken over.
        let same = known.next().filter(|known| known.is_of(input));
        let mut read = same.unwrap_or_else(|| Read::new(input, source));
        files.push(read.checked.clone());
        pieces.append(&mut read.pieces);
        before.files.push(read);
    }
    (files, pieces)
}

impl Read {
    fn new(input: &Input, source: &Source) -> Read {
        let (checked, pieces) = read_file(input, source);
        Read { input: input.clone(), checked, count: pieces.len(), pieces }
    }

    fn is_of(&self, input: &Input) -> bool {
        // A check that panicked has not given its pieces back.
        self.pieces.len() == self.count
            && self.input.path == input.path
            && self.input.kind == input.kind
            && self.input.part_kinds == input.part_kinds
            && self.input.text == input.text
    }
}

fn read_file(input: &Input, source: &Source) -> (CheckedFile, Vec<Piece>) {
    let mut pieces = Vec::new();
    let (kind, because) = match input.kind {
        Some(kind) => (kind, Because::Told),
        None => {
            let detection = intake::detect(Some(&input.path), &input.text);
            (detection.kind, detection.because)
        }
    };
    let whole = source.whole();
    let mut parts = Vec::new();
    if kind == Kind::Markdown {
        let (note, _) = markdown::read(&whole);
        for (index, part) in note.parts.iter().enumerate() {
            let number = index + 1;
            let chosen = input.part_kinds.iter().find(|(it, _)| *it == number).map(|(_, kind)| *kind);
            let (kind, because) = part_kind(part, chosen);
            pieces.push(said_once(piece(&input.path, Some(number), kind, part.text.clone()), &because));
            parts.push(CheckedPart { kind, because, span: part.text.span() });
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
            pieces.push(said_once(Piece { in_parts, ..piece(&input.path, None, kind, whole) }, &because));
        }
    }
    (CheckedFile { kind, because, parts }, pieces)
}

/// What was only taken for Python is perhaps none: then one remark is enough.
fn said_once(mut piece: Piece, because: &Because) -> Piece {
    let is_guessed = !matches!(because, Because::FileName | Because::FenceTag(_) | Because::Told);
    let mut said = 0;
    piece.troubles.retain(|trouble| {
        said += usize::from(matches!(trouble.what, TroubleKind::PythonSyntax { .. }));
        said < 2 || !is_guessed || !matches!(trouble.what, TroubleKind::PythonSyntax { .. })
    });
    piece
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
        trouble.refused &= match &trouble.what {
            TroubleKind::YamlDuplicateKey { .. } => false,
            // It may also be a stretch of a file: dots stand for the rest.
            TroubleKind::YamlSyntax { .. } => !has_dots(&text),
            _ => true,
        };
    }
    // The anchor of a stretch stands elsewhere in the file that it is cut from.
    troubles.retain(|trouble| match &trouble.what {
        TroubleKind::YamlSyntax { said } => part.is_none() || !said.contains("unknown anchor"),
        _ => true,
    });
    // Documents show much Python that is none of Celery's, and cut it short.
    if part.is_some() && !text.as_str().to_ascii_lowercase().contains("celery") {
        troubles.retain(|it| !matches!(it.what, TroubleKind::PythonSyntax { .. } | TroubleKind::EnvLineUnreadable));
    }
    // Definitions of a chart are text for other templates, and need be no YAML.
    if kind == Kind::HelmTemplate && path.ends_with(".tpl") {
        troubles.retain(|trouble| !matches!(trouble.what, TroubleKind::YamlSyntax { .. }));
    }
    // A template becomes Python only when it is filled in.
    if kind == Kind::Python && [".tpl", ".tmpl", ".j2", ".jinja", ".jinja2"].iter().any(|ending| path.ends_with(ending))
    {
        troubles.retain(|trouble| trouble.refused || !matches!(trouble.what, TroubleKind::PythonSyntax { .. }));
    }
    Piece { path: path.to_owned(), part, kind, text, document, troubles, in_parts: false }
}

/// Whether a line of dots stands for what was left out.
fn has_dots(text: &Text) -> bool {
    text.as_str().lines().any(|line| matches!(line.trim().trim_matches(['#', ' ']), "..." | "…" | "[...]" | "...,"))
}
