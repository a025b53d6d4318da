//! Collects a reader's troubles: at most one a line and five a file, so that one slip is not a wall of messages.

use super::{Trouble, TroubleKind};
use crate::text::Text;

const MOST: usize = 5;

#[derive(Debug, Default)]
pub(super) struct Troubles {
    list: Vec<Trouble>,
    last_line: Option<usize>,
}

impl Troubles {
    /// `line` is any number that tells lines apart: where the line begins, or how many stand before it.
    pub(super) fn add(&mut self, line: usize, at: Text, what: TroubleKind, refused: bool) {
        if self.list.len() < MOST && self.last_line != Some(line) {
            self.last_line = Some(line);
            self.list.push(Trouble { at, what, refused });
        }
    }

    pub(super) fn finish(self) -> Vec<Trouble> {
        self.list
    }
}
