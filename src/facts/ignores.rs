//! Comments that silence findings: `# celery-checkup: ignore=rule-a,rule-b (reason)` on the line before.

use super::Piece;
use crate::intake::Kind;
use crate::read::Document;
use crate::text::{Span, Text};

const MARK: &str = "celery-checkup: ignore=";

/// A comment that silences rules for what follows it.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The rules' names where they are written.
    pub rules: Vec<Text>,
    /// The comment's place.
    pub by: Span,
    /// Where findings are silenced: the comment's own line, or the thing that begins on the next.
    pub holds_for: Span,
    /// The kind of input that it stands in.
    pub kind: Kind,
}

/// The comments of a piece.
pub(super) fn gather(piece: &Piece) -> Vec<Ignore> {
    let source = piece.text.as_str();
    if !source.contains(MARK) || piece.kind == Kind::Markdown {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(mark) = line.find(MARK) else { continue };
        let before = &line[..mark];
        let Some(sign) = before.rfind(['#', ';']).filter(|sign| before[sign + 1..].trim().is_empty()) else { continue };
        let names_start = mark + MARK.len();
        let names = line[names_start..].split(['(', ' ', '\r', '\n']).next().unwrap_or_default();
        let mut rules = Vec::new();
        let mut name_at = start + names_start;
        for name in names.split(',') {
            if !name.is_empty() {
                rules.push(piece.text.slice(name_at..name_at + name.len()));
            }
            name_at += name.len() + 1;
        }
        let by = piece.text.slice(start + sign..start + line.trim_end().len()).span();
        let stands_alone = before[..sign].trim().is_empty();
        let holds_for = if stands_alone {
            let next = start + line.len();
            piece.text.slice(next..end_of_thing(piece, next)).span()
        } else if matches!(piece.kind, Kind::Python | Kind::Compose | Kind::Kubernetes | Kind::Shell | Kind::Command) {
            piece.text.slice(start..start + line.len()).span()
        } else {
            continue;
        };
        found.push(Ignore { rules, by, holds_for, kind: piece.kind });
    }
    found
}

/// The end of the statement, entry or instruction that begins at `start`.
fn end_of_thing(piece: &Piece, start: usize) -> usize {
    let source = piece.text.as_str();
    let first = source[start..].split_inclusive('\n').next().unwrap_or_default();
    let line_end = start + first.len();
    if let Document::Python(document) = &piece.document {
        let whole = piece.text.span().start;
        return document
            .statements
            .iter()
            .map(|statement| statement.at.span())
            .find(|span| (start..line_end).contains(&((span.start - whole) as usize)))
            .map_or(line_end, |span| (span.end - whole) as usize);
    }
    let indent = first.len() - first.trim_start().len();
    let is_yaml = matches!(piece.kind, Kind::Compose | Kind::Kubernetes | Kind::HelmTemplate | Kind::HelmValues);
    let mut end = line_end;
    let mut continues = first.trim_end().ends_with('\\');
    for line in source[line_end..].split_inclusive('\n') {
        let is_deeper = is_yaml && (line.trim().is_empty() || line.len() - line.trim_start().len() > indent);
        if !continues && !is_deeper {
            break;
        }
        continues = line.trim_end().ends_with('\\');
        end += line.len();
    }
    end
}
