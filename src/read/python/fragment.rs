//! Makes a fragment readable: without the prompts of an interactive session, without a common indent.

use crate::text::{Text, TextBuilder};

const PROMPTS: [&str; 2] = [">>>", "..."];

/// The text as Python can read it; every character keeps its place.
pub(super) fn readable(text: &Text) -> Text {
    let source = text.as_str();
    let first = source.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if first.trim_start().starts_with(">>> ") {
        return rebuilt(text, |line| {
            let indent = line.len() - line.trim_start().len();
            let after = PROMPTS.iter().find_map(|prompt| line[indent..].strip_prefix(prompt))?;
            Some(line.len() - after.strip_prefix(' ').unwrap_or(after).len())
        });
    }
    let indent = &first[..first.len() - first.trim_start().len()];
    if indent.is_empty() {
        return text.clone();
    }
    // Lines further left than the first end the fragment's first block; they are read as they stand.
    rebuilt(text, |line| Some(if line.starts_with(indent) { indent.len() } else { 0 }))
}

/// Joins the lines again, each from the byte that `keep_from` gives; a line without one is output and left out.
fn rebuilt(text: &Text, keep_from: impl Fn(&str) -> Option<usize>) -> Text {
    let mut builder = TextBuilder::new(text);
    let source = text.as_str();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        if let Some(from) = keep_from(line) {
            builder.push(&text.slice(at + from..at + line.len()));
        }
        at += line.len();
    }
    builder.finish()
}
