//! One tree laid over another, as Kubernetes' strategic merge does it.

use std::rc::Rc;

use super::node::{Entry, Node, NodeValue};

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
    let mut items = Vec::new();
    for item in base.items() {
        match patch.items().iter().find(|over| name(over).is_some() && name(over) == name(item)) {
            None => items.push(Rc::clone(item)),
            Some(over) if is_delete(&over) => {}
            Some(over) => items.push(value("", item, over, left)),
        }
    }
    let is_new = |over: &&Rc<Node>| !base.items().iter().any(|item| name(item) == name(over)) && !is_delete(over);
    items.extend(patch.items().iter().filter(is_new).cloned());
    node(base, patch, NodeValue::Sequence(items))
}

fn node(base: &Node, patch: &Node, value: NodeValue) -> Node {
    Node {
        at: base.at.clone(),
        tag: base.tag.clone(),
        value,
        templated: base.templated || patch.templated,
        size: base.size + patch.size,
        depth: base.depth.max(patch.depth),
    }
}
