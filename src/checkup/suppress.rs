//! Sets aside what a comment in the text silences.

use super::judge::Judged;
use crate::facts::ignores::Ignore;
use crate::text::Span;

/// Sorts findings into those that stand and those that a comment silences.
pub(super) fn apply(judged: Vec<Judged>, comments: &[Ignore]) -> (Vec<Judged>, Vec<(Judged, Span)>) {
    let mut standing = Vec::new();
    let mut silenced = Vec::new();
    for one in judged {
        let comment = comments.iter().find(|comment| {
            comment.rules.iter().any(|rule| rule.as_str() == one.card.id)
                && comment.holds_for.source == one.span.source
                && (comment.holds_for.start..comment.holds_for.end.max(comment.holds_for.start + 1))
                    .contains(&one.span.start)
        });
        match comment {
            Some(comment) => silenced.push((one, comment.by)),
            None => standing.push(one),
        }
    }
    (standing, silenced)
}
