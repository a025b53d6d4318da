//! Names of tasks that a module keeps for others: `ENCODE_TASK = "encode_video"`.

use std::collections::HashMap;

use super::join::is_module;
use crate::facts::Piece;
use crate::read::Document;
use crate::read::python::{Expression, Node, StatementKind};
use crate::text::Text;

/// The texts in upper-case names of whole files, by the names.
pub(super) struct Constants<'a>(HashMap<&'a str, Vec<(&'a str, &'a Text)>>);

impl<'a> Constants<'a> {
    pub(super) fn of(pieces: &'a [Piece]) -> Constants<'a> {
        let mut found: HashMap<&str, Vec<(&str, &Text)>> = HashMap::new();
        for piece in pieces.iter().filter(|piece| piece.part.is_none()) {
            let Document::Python(document) = &piece.document else { continue };
            for statement in document.statements.iter().filter(|it| it.inside.is_empty()) {
                let StatementKind::Assign { target: Node { is: Expression::Name(name), .. }, value } = &statement.kind
                else {
                    continue;
                };
                let is_plain = statement.conditions.is_empty() && !name.bytes().any(|it| it.is_ascii_lowercase());
                if let Some(text) = value.string().filter(|_| is_plain) {
                    found.entry(name).or_default().push((&piece.path, text));
                }
            }
        }
        Constants(found)
    }

    /// The text that an imported name stands for in a file: of several modules with its name, the one nearest to the
    /// file, where it says the name once.
    pub(super) fn find(&self, path: &str, full_name: &str) -> Option<&'a Text> {
        let (module, name) = full_name.trim_start_matches('.').rsplit_once('.')?;
        let nearness = |other: &str| {
            let same = |(one, two): &(&str, &str)| one == two;
            path.split('/').zip(other.split('/')).take_while(same).count()
        };
        let of_module: Vec<&(&str, &Text)> = self.0.get(name)?.iter().filter(|it| is_module(it.0, module)).collect();
        let most = of_module.iter().map(|it| nearness(it.0)).max()?;
        let mut nearest = of_module.iter().filter(|it| nearness(it.0) == most);
        nearest.next().filter(|_| nearest.next().is_none()).map(|it| it.1)
    }
}
