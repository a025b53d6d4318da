//! One tree laid over another, as Kubernetes' strategic merge does it, and single places changed.

use std::rc::Rc;

use super::node::{Entry, Node, NodeValue};
use crate::text::Text;

/// Aliases may make small files large: so many nodes are merged.
const MOST_MERGED: u32 = 20_000;

/// `patch` over `base`: mappings are merged, lists of things with names too, everything else is replaced.
pub fn merged(base: &Node, patch: &Node) -> Node {
    mapping(base, patch, &mut MOST_MERGED.clone())
}

fn mapping(base: &Node, patch: &Node, left: &mut u32) -> Node {
    let mut entries: Vec<Entry> = Vec::new();
    let copy = |entry: &Entry, value: Rc<Node>| Entry { key: Rc::clone(&entry.key), value };
    for entry in base.entries() {
        match entry.name().and_then(|name| Some((name.as_str(), patch.entry(name.as_str())?))) {
            None => entries.push(copy(entry, Rc::clone(&entry.value))),
            // `null` takes it away.
            Some((_, over)) if over.value.is_null() => {}
            Some((name, over)) => entries.push(copy(over, value(name, &entry.value, &over.value, left))),
        }
    }
    for entry in patch.entries() {
        if entry.name().is_some_and(|name| base.entry(name.as_str()).is_none() && name.as_str() != "$patch") {
            entries.push(copy(entry, Rc::clone(&entry.value)));
        }
    }
    node(base, patch, NodeValue::Mapping(entries))
}

fn value(key: &str, base: &Rc<Node>, patch: &Rc<Node>, left: &mut u32) -> Rc<Node> {
    *left = left.saturating_sub(1);
    // `patchMergeKey` of the types in k8s.io/api/core/v1.
    let names = match key {
        "containers" | "initContainers" | "env" | "volumes" => "name",
        "volumeMounts" => "mountPath",
        _ => "",
    };
    match (base.is_mapping() && patch.is_mapping(), names) {
        _ if *left == 0 => Rc::clone(patch),
        (true, _) => Rc::new(mapping(base, patch, left)),
        (false, "") => Rc::clone(patch),
        _ => Rc::new(list(names, base, patch, left)),
    }
}

fn list(names: &str, base: &Node, patch: &Node, left: &mut u32) -> Node {
    let name = |item: &Rc<Node>| item.get(names).and_then(Node::written).map(|it| it.as_str().to_owned());
    let is_delete = |item: &&Rc<Node>| item.get("$patch").is_some();
    // What is new comes first (kyaml/yaml/types.go, MergeOptionsListPrepend): `$(NAME)` sees what stands before it.
    let is_new = |over: &&Rc<Node>| !base.items().iter().any(|item| name(item) == name(over)) && !is_delete(over);
    let mut items: Vec<Rc<Node>> = patch.items().iter().filter(is_new).cloned().collect();
    for item in base.items() {
        match patch.items().iter().find(|over| name(over).is_some() && name(over) == name(item)) {
            None => items.push(Rc::clone(item)),
            Some(over) if is_delete(&over) => {}
            Some(over) => items.push(value("", item, over, left)),
        }
    }
    node(base, patch, NodeValue::Sequence(items))
}

/// What is done to one place of a tree.
#[derive(Clone, Copy)]
pub enum Change<'a> {
    /// Into a sequence it is inserted, or put at the end (`-`); what stands in a mapping gives way.
    Add(&'a Rc<Node>),
    Replace(&'a Rc<Node>),
    Remove,
}

/// A tree with one place changed; mappings on the way to what is added are made. `None` where the way ends.
pub fn changed(base: &Node, path: &[&str], change: Change<'_>) -> Option<Rc<Node>> {
    let (step, rest) = path.split_first()?;
    let below = |old: &Node| -> Option<Option<Rc<Node>>> {
        Some(match (rest.is_empty(), change) {
            (false, _) => Some(changed(old, rest, change)?),
            (true, Change::Add(new) | Change::Replace(new)) => Some(Rc::clone(new)),
            (true, Change::Remove) => None,
        })
    };
    let value = if base.is_sequence() {
        let mut items = base.items().to_vec();
        let at = if *step == "-" { items.len() } else { step.parse().ok()? };
        match change {
            Change::Add(new) if rest.is_empty() && at <= items.len() => items.insert(at, Rc::clone(new)),
            _ => {
                let new = below(items.get(at)?)?;
                items.splice(at..=at, new);
            }
        }
        NodeValue::Sequence(items)
    } else if base.is_mapping() || base.is_null() {
        let mut entries = Vec::new();
        let mut is_there = false;
        for entry in base.entries() {
            let is_it = entry.name().is_some_and(|name| name.as_str() == *step);
            is_there |= is_it;
            let value = if is_it { below(&entry.value)? } else { Some(Rc::clone(&entry.value)) };
            entries.extend(value.map(|value| Entry { key: Rc::clone(&entry.key), value }));
        }
        match change {
            Change::Add(new) if !is_there => {
                let value = below(&Node::of_entries(&new.at, Vec::new()))?.unwrap_or_else(|| Rc::clone(new));
                entries.push(Entry { key: Rc::new(Node::of_text(Text::pointing_at(&new.at, step))), value });
            }
            _ if !is_there => return None,
            _ => {}
        }
        NodeValue::Mapping(entries)
    } else {
        return None;
    };
    Some(Rc::new(node(base, base, value)))
}

fn node(base: &Node, patch: &Node, value: NodeValue) -> Node {
    Node {
        at: base.at.clone(),
        tag: base.tag.clone(),
        value,
        templated: base.templated || patch.templated,
        size: base.size.saturating_add(patch.size),
        depth: base.depth.max(patch.depth),
    }
}
