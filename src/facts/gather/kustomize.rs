//! Kustomizations: the objects that one makes of manifests, generators and patches, as `kustomize build` prints them.
//!
//! Names get their prefix only where others find them by it (Services): renaming keeps every other reference whole.

use std::rc::Rc;

use regex_lite::{Regex, RegexBuilder};

use super::file_name;
use crate::facts::Piece;
use crate::intake::Kind;
use crate::read::Document;
use crate::read::yaml::{self, Change, Node, changed, merged};
use crate::text::{Text, TextBuilder};

/// Kustomizations that take each other in beyond this are not followed.
const DEEPEST: u32 = 8;
/// Patches beyond these are not laid over anything.
const MOST_PATCHES: usize = 64;
/// Patterns that take more memory than this are not read.
const LARGEST_PATTERN: usize = 64 * 1024;

/// An object of a manifest, as it is written or with patches laid over it.
#[derive(Clone)]
pub(super) struct Object {
    pub(super) node: Rc<Node>,
    /// Whether something that is not shown may change it.
    pub(super) is_open: bool,
    /// What prefixes and suffixes made of its name: patches may use each.
    names: Vec<String>,
}

impl Object {
    pub(super) fn new(node: Rc<Node>, is_open: bool) -> Object {
        Object { node, is_open, names: Vec::new() }
    }

    fn kind(&self) -> &str {
        self.node.get("kind").and_then(Node::scalar).map_or("", Text::as_str)
    }

    fn name(&self) -> Option<&Text> {
        self.node.path(["metadata", "name"]).and_then(Node::scalar)
    }

    fn is_called(&self, is_it: impl Fn(&str) -> bool) -> bool {
        self.name().is_some_and(|name| is_it(name.as_str())) || self.names.iter().any(|name| is_it(name))
    }

    fn change(&mut self, path: &[&str], change: Change<'_>) {
        match changed(&self.node, path, change) {
            Some(node) => self.node = node,
            None => self.is_open = true,
        }
    }
}

/// The objects of a file; those of a `List` one by one.
pub(super) fn objects_of(piece: &Piece, is_open: bool) -> Vec<Object> {
    let Document::Yaml(yaml) = &piece.document else { return Vec::new() };
    let roots = yaml.documents.iter().filter_map(|document| document.root.as_ref());
    let with_items = |root: &Rc<Node>| match root.get("kind").and_then(Node::scalar).map(Text::as_str) {
        Some("List") => root.get("items").map(Node::items).unwrap_or_default().to_vec(),
        _ => vec![Rc::clone(root)],
    };
    roots.flat_map(with_items).map(|node| Object::new(node, is_open)).collect()
}

/// What one kustomization makes.
#[derive(Default)]
pub(super) struct Overlay {
    pub(super) name: String,
    /// The manifests that it takes in.
    pub(super) manifests: Vec<usize>,
    /// The kustomizations and the files that they lay over others.
    pub(super) used: Vec<usize>,
    pub(super) objects: Vec<Object>,
}

/// Whether a piece is a kustomization.
pub(super) fn is_one(piece: &Piece) -> bool {
    let name = file_name(&piece.path).to_ascii_lowercase();
    piece.part.is_none() && piece.kind == Kind::Kubernetes && name.split('.').next() == Some("kustomization")
}

/// The kustomizations that take in manifests of the paste, and that no other one takes in.
pub(super) fn overlays(pieces: &[Piece]) -> Vec<Overlay> {
    let all: Vec<usize> = (0..pieces.len()).filter(|index| is_one(&pieces[*index])).collect();
    let taken_in: Vec<usize> = all
        .iter()
        .flat_map(|index| ["resources", "bases", "components"].map(|key| targets(*index, key, pieces)))
        .flatten()
        .collect();
    let is_component = |piece: &Piece| {
        let kind = root(piece).and_then(|root| root.get("kind")?.scalar());
        kind.is_some_and(|kind| kind.as_str() == "Component")
    };
    let top = all.into_iter().filter(|index| !taken_in.contains(index) && !is_component(&pieces[*index]));
    let overlays = top.map(|index| {
        let mut overlay = Overlay { name: folder(&pieces[index].path).to_owned(), ..Overlay::default() };
        take_in(index, pieces, &mut overlay, 0, 0);
        overlay
    });
    overlays.filter(|overlay| !overlay.manifests.is_empty()).collect()
}

/// Makes the objects of a kustomization, and changes those from `first` on (api/internal/target/kusttarget.go,
/// accumulateTarget, and kusttarget_configplugin.go for the order).
fn take_in(index: usize, pieces: &[Piece], overlay: &mut Overlay, first: usize, depth: u32) {
    if overlay.used.contains(&index) || depth > DEEPEST {
        return;
    }
    overlay.used.push(index);
    let Some(own) = root(&pieces[index]) else { return };
    for target in ["resources", "bases"].iter().flat_map(|key| targets(index, key, pieces)) {
        if is_one(&pieces[target]) {
            let first = overlay.objects.len();
            take_in(target, pieces, overlay, first, depth + 1);
        } else if !overlay.manifests.contains(&target) {
            overlay.manifests.push(target);
            overlay.objects.extend(objects_of(&pieces[target], false));
        }
    }
    for component in targets(index, "components", pieces) {
        take_in(component, pieces, overlay, first, depth + 1);
    }
    let items = |key: &str| own.get(key).map(Node::items).unwrap_or_default();
    for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        items(key).iter().for_each(|item| generate(item, kind, &pieces[index].path, pieces, overlay, first));
    }
    for key in ["patchesStrategicMerge", "patches"] {
        items(key).iter().take(MOST_PATCHES).for_each(|item| patch(item, index, pieces, overlay, first));
    }
    if let Some(namespace) = own.entry("namespace") {
        for object in &mut overlay.objects[first..] {
            object.change(&["metadata", "namespace"], Change::Add(&namespace.value));
        }
    }
    let affix = |key: &str| own.get(key).and_then(Node::scalar);
    rename(affix("namePrefix"), affix("nameSuffix"), &mut overlay.objects[first..]);
    let pairs = items("labels").iter().filter_map(|item| item.get("pairs")).chain(own.get("commonLabels"));
    for pair in pairs.flat_map(Node::entries) {
        for object in &mut overlay.objects[first..] {
            let name = pair.name().map_or("", Text::as_str);
            object.change(&["metadata", "labels", name], Change::Add(&pair.value));
        }
    }
    items("patchesJson6902").iter().take(MOST_PATCHES).for_each(|item| patch(item, index, pieces, overlay, first));
    let objects = &mut overlay.objects[first..];
    for item in items("replicas") {
        let (Some(name), Some(count)) = (item.get("name").and_then(Node::scalar), item.entry("count")) else {
            continue;
        };
        let kinds = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];
        let named =
            objects.iter_mut().filter(|it| kinds.contains(&it.kind()) && it.is_called(|own| own == name.as_str()));
        named.for_each(|object| object.change(&["spec", "replicas"], Change::Add(&count.value)));
    }
    items("images").iter().for_each(|item| objects.iter_mut().for_each(|object| set_image(item, object)));
    // What these change is not followed.
    if ["replacements", "transformers", "configurations"].iter().any(|key| own.get(key).is_some()) {
        objects.iter_mut().for_each(|object| object.is_open = true);
    }
}

/// Adds the ConfigMap or Secret of a generator, or lays it over the one that it says it changes.
fn generate(item: &Node, kind: &str, from: &str, pieces: &[Piece], overlay: &mut Overlay, first: usize) {
    let Some(name) = item.get("name") else { return };
    let list = |key: &str| item.get(key).map(Node::items).unwrap_or_default();
    let mut is_open = !list("files").is_empty();
    // What a generated Secret holds in base64 is written plainly here.
    let data = if kind == "Secret" { "stringData" } else { "data" };
    let text = |place: &Text, text: &str| Rc::new(Node::of_text(Text::pointing_at(place, text)));
    let mut made = Object::new(Rc::new(Node::of_entries(&name.at, Vec::new())), false);
    made.change(&["kind"], Change::Add(&text(&name.at, kind)));
    made.change(&["metadata", "name"], Change::Add(&Rc::new(Node::of_text(name.at.clone()))));
    let single = item.get("env").and_then(Node::scalar);
    for path in list("envs").iter().filter_map(|it| it.scalar()).chain(single) {
        let Some(piece) = piece_at(from, path.as_str(), pieces) else {
            is_open = true;
            continue;
        };
        // api/kv/kv.go, keyValuesFromLine: the blank before a line goes, and nothing else.
        for line in piece.text.lines() {
            let start = line.len() - line.as_str().trim_start().len();
            let line = line.slice(start..line.len());
            if !line.as_str().starts_with('#') {
                set(&mut made, data, &line, false);
            }
        }
    }
    list("literals").iter().filter_map(|it| it.written()).for_each(|literal| set(&mut made, data, literal, true));
    made.is_open = is_open;
    let behavior = item.get("behavior").and_then(Node::scalar).map_or("create", Text::as_str);
    let is_it = |object: &&mut Object| {
        object.kind() == kind && name.scalar().is_some_and(|name| object.is_called(|own| own == name.as_str()))
    };
    match overlay.objects[first..].iter_mut().find(is_it) {
        Some(known) if behavior == "merge" => {
            known.node = Rc::new(merged(&known.node, &made.node));
            known.is_open |= is_open;
        }
        Some(known) if behavior == "replace" => *known = Object { names: known.names.clone(), ..made },
        _ => overlay.objects.push(made),
    }
}

/// `NAME=value`. A literal loses the quotes around its value (api/kv/kv.go, parseLiteralSource).
fn set(made: &mut Object, data: &str, line: &Text, is_literal: bool) {
    let Some(equals) = line.as_str().find('=') else {
        made.is_open |= !line.as_str().trim().is_empty();
        return;
    };
    let value = line.slice(equals + 1..line.len());
    let quoted = |quote: char| value.len() > 1 && value.as_str().starts_with(quote) && value.as_str().ends_with(quote);
    let value = if is_literal && (quoted('"') || quoted('\'')) { value.slice(1..value.len() - 1) } else { value };
    made.change(&[data, &line.as_str()[..equals]], Change::Add(&Rc::new(Node::of_text(value))));
}

/// Lays one item of `patches` and its older sisters over the objects that it is for.
fn patch(item: &Node, index: usize, pieces: &[Piece], overlay: &mut Overlay, first: usize) {
    let inline = item.get("patch").or(Some(item)).and_then(Node::scalar).filter(|text| text.as_str().contains('\n'));
    let path = item.get("path").or(Some(item)).and_then(Node::scalar).filter(|_| inline.is_none());
    let file = path.and_then(|path| piece_at(&pieces[index].path, path.as_str(), pieces));
    if let Some(file) = file {
        overlay.used.extend(pieces.iter().position(|piece| std::ptr::eq(piece, file)));
    }
    let roots: Vec<Rc<Node>> = inline.or(file.map(|file| &file.text)).map_or(Vec::new(), |text| {
        yaml::read(text).0.documents.into_iter().filter_map(|document| document.root).collect()
    });
    let target = item.get("target").map(Target::of);
    let is_for = |object: &Object, patch: &Node| match &target {
        Some(target) => target.means(object),
        None => {
            let text = |keys: &[&str]| patch.path(keys.iter().copied()).and_then(Node::scalar).map(Text::as_str);
            text(&["kind"]) == Some(object.kind())
                && text(&["metadata", "name"]).is_some_and(|name| object.is_called(|own| own == name))
        }
    };
    let objects = &mut overlay.objects;
    if roots.is_empty() {
        let changed = objects[first..].iter_mut().filter(|object| target.as_ref().is_none_or(|it| it.means(object)));
        changed.for_each(|object| object.is_open = true);
    }
    for patch in &roots {
        if patch.get("$patch").and_then(Node::scalar).is_some_and(|it| it.as_str() == "delete") {
            let mut number = 0;
            objects.retain(|object| {
                number += 1;
                number <= first || !is_for(object, patch)
            });
            continue;
        }
        for object in objects[first..].iter_mut().filter(|object| is_for(object, patch)) {
            match patch.is_sequence() {
                true => patch.items().iter().for_each(|operation| operate(operation, object)),
                false => object.node = Rc::new(merged(&object.node, patch)),
            }
        }
    }
}

/// One operation of JSON 6902.
fn operate(operation: &Node, object: &mut Object) {
    let text = |key: &str| operation.get(key).and_then(Node::scalar).map(Text::as_str);
    let steps = text("path")
        .and_then(|path| path.strip_prefix('/'))
        .map(|path| path.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect::<Vec<String>>());
    let steps = steps.unwrap_or_default();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    match (text("op"), operation.entry("value")) {
        _ if steps.is_empty() => object.is_open = true,
        (Some("add"), Some(value)) => object.change(&steps, Change::Add(&value.value)),
        (Some("replace"), Some(value)) => object.change(&steps, Change::Replace(&value.value)),
        (Some("remove"), _) => object.change(&steps, Change::Remove),
        (Some("test"), _) => {}
        _ => object.is_open = true,
    }
}

/// Which objects a `target` means: its `kind` and `name` are patterns of the whole.
struct Target<'a> {
    node: &'a Node,
    /// `None` where nothing is said; what is no pattern means nothing.
    kind: Option<Option<Regex>>,
    name: Option<Option<Regex>>,
}

impl<'a> Target<'a> {
    fn of(node: &'a Node) -> Target<'a> {
        let pattern = |key: &str| {
            let pattern = node.get(key).and_then(Node::scalar).map(Text::as_str).filter(|it| !it.is_empty())?;
            Some(RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(LARGEST_PATTERN).build().ok())
        };
        Target { node, kind: pattern("kind"), name: pattern("name") }
    }

    fn means(&self, object: &Object) -> bool {
        let fits = |pattern: &Option<Regex>, text: &str| pattern.as_ref().is_some_and(|it| it.is_match(text));
        let has = |key: &str, of: &str| {
            let selector = self.node.get(key).and_then(Node::scalar).map(Text::as_str).filter(|it| !it.is_empty());
            selector.is_none_or(|selector| has(object, of, selector))
        };
        self.kind.as_ref().is_none_or(|kind| fits(kind, object.kind()))
            && self.name.as_ref().is_none_or(|name| object.is_called(|own| fits(name, own)))
            && has("labelSelector", "labels")
            && has("annotationSelector", "annotations")
    }
}

/// `app=worker,tier!=web,beat`; sets (`in`) select nothing here.
fn has(object: &Object, key: &str, selector: &str) -> bool {
    selector.split(',').all(|term| {
        let (name, value) = term.split_once('=').unwrap_or((term, ""));
        let own = object.node.path(["metadata", key, name.trim_end_matches('!').trim()]).and_then(Node::written);
        let is_it = own.is_some_and(|own| own.as_str() == value.trim_start_matches('=').trim());
        match (term.contains('='), name.ends_with('!')) {
            (true, is_not) => is_it != is_not,
            (false, _) => own.is_some(),
        }
    })
}

/// `namePrefix` and `nameSuffix`.
fn rename(prefix: Option<&Text>, suffix: Option<&Text>, objects: &mut [Object]) {
    if prefix.is_none() && suffix.is_none() {
        return;
    }
    for object in objects {
        let Some(name) = object.name() else { continue };
        let mut whole = TextBuilder::new(name);
        prefix.into_iter().chain([name]).chain(suffix).for_each(|part| whole.push(part));
        let whole = whole.finish();
        let last = object.names.last().map_or(name.as_str(), String::as_str);
        let [before, behind] = [prefix, suffix].map(|it| it.map_or("", Text::as_str));
        let names = [name.as_str().to_owned(), format!("{before}{last}{behind}")];
        object.names.extend(names);
        if object.kind() == "Service" {
            object.change(&["metadata", "name"], Change::Add(&Rc::new(Node::of_text(whole))));
        }
    }
}

/// One item of `images`: another name, tag or digest for the images of a name.
fn set_image(item: &Node, object: &mut Object) {
    let text = |key: &str| item.get(key).and_then(Node::written);
    let Some(name) = text("name") else { return };
    for pod in [&["spec"][..], &["spec", "template", "spec"], &["spec", "jobTemplate", "spec", "template", "spec"]] {
        for list in ["containers", "initContainers"] {
            let path: Vec<&str> = pod.iter().copied().chain([list]).collect();
            let count = object.node.path(path.iter().copied()).map_or(0, |items| items.items().len());
            for number in 0..count {
                let image =
                    object.node.path(path.iter().copied()).and_then(|it| it.items()[number].get("image")?.scalar());
                let Some(image) = image else { continue };
                let tag = image
                    .as_str()
                    .strip_prefix(name.as_str())
                    .filter(|rest| rest.is_empty() || rest.starts_with([':', '@']));
                let Some(tag) = tag else { continue };
                let mut whole = TextBuilder::new(image);
                whole.push(text("newName").unwrap_or(&image.slice(0..name.len())));
                match (text("newTag"), text("digest")) {
                    (None, None) => whole.push(&image.slice(image.len() - tag.len()..image.len())),
                    (tag, digest) => {
                        for (sign, part) in
                            [(":", tag), ("@", digest)].into_iter().filter_map(|(sign, it)| Some((sign, it?)))
                        {
                            whole.push_decoded(sign, &part.slice(0..0));
                            whole.push(part);
                        }
                    }
                }
                let number = number.to_string();
                let path: Vec<&str> = path.iter().copied().chain([number.as_str(), "image"]).collect();
                let image = Rc::new(Node::of_text(whole.finish()));
                object.change(&path, Change::Replace(&image));
            }
        }
    }
}

/// The manifests and kustomizations that one names.
fn targets(index: usize, key: &str, pieces: &[Piece]) -> Vec<usize> {
    let own = &pieces[index].path;
    let named = root(&pieces[index]).and_then(|root| root.get(key)).map(Node::items).unwrap_or_default();
    named
        .iter()
        .filter_map(|item| manifest_at(own, item.scalar()?.as_str(), pieces))
        .filter(|it| *it != index)
        .collect()
}

fn root(piece: &Piece) -> Option<&Node> {
    match &piece.document {
        Document::Yaml(yaml) => yaml.roots().next(),
        _ => None,
    }
}

/// The manifest at a path that is relative to a file, or the kustomization of that folder.
fn manifest_at(from: &str, path: &str, pieces: &[Piece]) -> Option<usize> {
    let wanted = joined(from, path);
    pieces.iter().position(|piece| {
        let own = plain(&piece.path);
        let is_kustomization = is_one(piece) && folder(own) == wanted;
        piece.kind == Kind::Kubernetes && piece.part.is_none() && (own == wanted || is_kustomization)
    })
}

fn piece_at<'a>(from: &str, path: &str, pieces: &'a [Piece]) -> Option<&'a Piece> {
    let wanted = joined(from, path);
    pieces.iter().find(|piece| piece.part.is_none() && plain(&piece.path) == wanted)
}

fn plain(path: &str) -> &str {
    path.trim_start_matches("./").trim_start_matches('/')
}

fn joined(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder(from).split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

pub(super) fn folder(path: &str) -> &str {
    path.trim_start_matches("./").rsplit_once('/').map_or("", |(folder, _)| folder)
}
