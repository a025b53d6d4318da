//! "Why are my messages refused?": serializers, what a worker accepts, and who may send code.

use super::Rule;
use crate::facts::Facts;
use crate::facts::tasks::{CodeFile, TaskOption};
use crate::facts::value::Known;
use crate::text::Text;

mod accept_content_empty;
mod accept_content_string;
mod compression_unknown;
mod pickle_accepted;
mod serializer_not_accepted;
mod serializer_unknown;
mod setup_security_incomplete;

pub(super) const RULES: &[Rule] = &[
    pickle_accepted::RULE,
    serializer_not_accepted::RULE,
    serializer_unknown::RULE,
    accept_content_string::RULE,
    accept_content_empty::RULE,
    setup_security_incomplete::RULE,
    compression_unknown::RULE,
];

/// The serializers that tasks and calls name for themselves, each with its file.
fn own_serializers(facts: &Facts) -> impl Iterator<Item = (&CodeFile, &Text)> {
    let of_tasks = facts.tasks().filter(|(_, task)| task.conditions.is_empty()).filter_map(|(file, task)| {
        Some((file, task.option("serializer").and_then(TaskOption::known).and_then(Known::whole_text)?))
    });
    let of_calls = facts.python_code.iter().flat_map(|file| {
        let options = file.sendings.iter().flat_map(|sending| &sending.options);
        options
            .filter(|(name, _)| name.as_str() == "serializer")
            .filter_map(move |(_, given)| Some((file, given.value.whole_text()?)))
    });
    of_tasks.chain(of_calls)
}
