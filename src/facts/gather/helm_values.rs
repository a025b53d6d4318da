//! Commands in the values of a chart, wherever they stand: `worker.command` and `worker.args`, probes.
//!
//! What a template makes of them is not followed: they are commands that nobody's container starts.

use super::containers::celery_in;
use crate::facts::environment::Environment;
use crate::read::command_line::{self, CeleryCommand};
use crate::read::shell_words::Word;
use crate::read::yaml::{Node, Yaml};
use crate::text::Text;

/// Deeper than this no chart nests.
const DEEPEST: usize = 12;

pub(super) fn commands(yaml: &Yaml) -> Vec<CeleryCommand> {
    let mut found = Vec::new();
    yaml.roots().for_each(|root| add(root, 0, &mut found));
    found
}

fn add(node: &Node, depth: usize, found: &mut Vec<CeleryCommand>) {
    if depth > DEEPEST {
        return;
    }
    let list = |key: &str| -> Vec<Word> {
        let items = node.get(key).map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| item.written()).map(word).collect()
    };
    let before = found.len();
    found.append(&mut celery_in(&list("command"), &list("args"), &Environment::default()));
    for line in ["command", "args"].into_iter().filter_map(|key| node.get(key)?.scalar()) {
        found.append(&mut command_line::celery_commands(line));
    }
    found[before..].iter_mut().for_each(|command| command.open |= node.is_templated());
    for entry in node.own_entries() {
        add(&entry.value, depth + 1, found);
    }
    for item in node.items() {
        add(item, depth + 1, found);
    }
}

/// A word that `tpl` may fill in.
fn word(text: &Text) -> Word {
    Word { text: text.clone(), expands: text.as_str().contains("{{"), quoted: true }
}
