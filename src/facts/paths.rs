//! The paths of the pasted files, as far as they tell what a file is for.

use super::Piece;
use crate::text::{SourceId, Text};

/// The paths of the paste by file.
#[derive(Clone, Debug, Default)]
pub struct Paths(Vec<(SourceId, String)>);

/// Words in a path that say: this does not run in production.
const NOT_PRODUCTION: [&str; 16] = [
    "test",
    "tests",
    "testing",
    "conftest",
    "unit",
    "integration",
    "smoke",
    "e2e",
    "dev",
    "develop",
    "development",
    "local",
    "ci",
    "example",
    "examples",
    "sample",
];

impl Paths {
    pub(super) fn new(pieces: &[Piece]) -> Paths {
        Paths(pieces.iter().map(|piece| (piece.text.span().source, piece.path.clone())).collect())
    }

    /// The path of the file that a text stands in.
    pub fn of(&self, text: &Text) -> &str {
        let source = text.span().source;
        self.0.iter().find(|(known, _)| *known == source).map_or("", |(_, path)| path)
    }

    /// Whether the file that a text stands in is named as one for tests or for a developer's own machine.
    pub fn is_not_production(&self, text: &Text) -> bool {
        self.of(text).to_ascii_lowercase().split(['/', '\\', '.', '-', '_']).any(|word| NOT_PRODUCTION.contains(&word))
    }
}
