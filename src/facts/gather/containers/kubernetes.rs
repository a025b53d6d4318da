//! Containers and Services of Kubernetes manifests.

use super::super::kustomize::Object;
use super::{celery_in, interpolate};
use crate::facts::Variant;
use crate::facts::containers::{Container, Limits, NotSet, Service, Stop, UserSet};
use crate::facts::environment::Environment;
use crate::facts::value::Template;
use crate::intake::Kind;
use crate::read::shell_words::Word;
use crate::read::yaml::{Entry, Node, Style};
use crate::text::{Text, TextBuilder};

/// What only a container says.
const PARTS: [&str; 5] = ["command", "args", "livenessProbe", "readinessProbe", "startupProbe"];

/// Adds the containers of every workload, and every Service, of all manifests of a deployment.
pub(super) fn read(objects: &[Object], variant: &mut Variant) {
    let all: Vec<&Node> = objects.iter().map(|object| &*object.node).collect();
    let is_map = |object: &&Object| is_kind(&object.node, "ConfigMap") || is_kind(&object.node, "Secret");
    let maps: Vec<&Object> = objects.iter().filter(is_map).collect();
    let named = names_of_maps(&all);
    for map in maps.iter().filter(|map| !map.is_open).map(|map| &*map.node) {
        let name = map.path(["metadata", "name"]).and_then(Node::scalar).map_or("", Text::as_str);
        if !named.contains(&name) {
            let mut environment = Environment::unknown();
            data_of(map).into_iter().for_each(|(name, value)| environment.set(name.clone(), value));
            variant.unclaimed.push((name.to_owned(), environment));
        }
    }
    let scales = |object: &&Node| is_kind(object, "HorizontalPodAutoscaler") || is_kind(object, "ScaledObject");
    let scalers: Vec<&Node> = all.iter().copied().filter(scales).collect();
    for Object { node: object, is_open, .. } in objects {
        let namespace = object
            .path(["metadata", "namespace"])
            .and_then(Node::scalar)
            .map(|it| it.as_str().to_owned())
            .unwrap_or_default();
        if is_kind(object, "Service") {
            // Only a Service with an address of its own becomes variables (kubelet_pods.go, IsServiceIPSet).
            let spec = |key: &str| object.path(["spec", key]).and_then(Node::written).map(Text::as_str);
            let has_no_address = spec("clusterIP") == Some("None") || spec("type") == Some("ExternalName");
            if let Some(name) = object.path(["metadata", "name"]).and_then(Node::scalar) {
                let (name, namespace) = (name.clone(), namespace.clone());
                variant.services.push(Service { name, namespace, makes_variables: !has_no_address });
            }
            continue;
        }
        // Notes cut out what a pod or a container says.
        if object.get("kind").is_none() {
            let own = [&**object];
            let items: Vec<&Node> = match object.get("containers").unwrap_or(object).items() {
                [] => own.to_vec(),
                items => items.iter().map(|item| &**item).collect(),
            };
            for item in items {
                let part = item.own_entries().iter().filter_map(|it| it.name()).find(|it| PARTS.contains(&it.as_str()));
                let Some((part, mut found)) = part.zip(container(item, object, &namespace, &maps, true)) else {
                    continue;
                };
                if item.get("name").is_none() {
                    found.at = part.clone();
                    found.name.clear();
                }
                variant.containers.push(found);
            }
        }
        let Some(pod) = pod_of(object) else { continue };
        for list in ["initContainers", "containers"] {
            for item in pod.get(list).map(Node::items).unwrap_or_default() {
                let copies = super::copies::of_workload(object, &scalers);
                let container = container(item, pod, &namespace, &maps, *is_open);
                variant.containers.extend(container.map(|container| Container { copies, ..container }));
            }
        }
    }
}

/// The ConfigMaps and Secrets that containers take variables from.
fn names_of_maps<'a>(objects: &[&'a Node]) -> Vec<&'a str> {
    let containers = objects.iter().filter_map(|object| pod_of(object)).flat_map(|pod| {
        ["initContainers", "containers"].into_iter().flat_map(|list| pod.get(list).map(Node::items).unwrap_or_default())
    });
    let sources = containers.flat_map(|container| {
        let items = |list: &str| container.get(list).map(Node::items).unwrap_or_default();
        items("envFrom").iter().map(|item| &**item).chain(items("env").iter().filter_map(|item| item.get("valueFrom")))
    });
    sources.flat_map(Node::entries).filter_map(|entry| entry.value.get("name")?.scalar().map(Text::as_str)).collect()
}

fn is_kind(object: &Node, kind: &str) -> bool {
    object.get("kind").and_then(Node::scalar).is_some_and(|it| it.as_str() == kind)
}

/// The pod's `spec` of a workload.
fn pod_of(object: &Node) -> Option<&Node> {
    if is_kind(object, "Pod") {
        return object.get("spec");
    }
    if is_kind(object, "CronJob") {
        return object.path(["spec", "jobTemplate", "spec", "template", "spec"]);
    }
    object.path(["spec", "template", "spec"])
}

fn container(item: &Node, pod: &Node, namespace: &str, maps: &[&Object], is_template: bool) -> Option<Container> {
    let name = item.get("name").and_then(Node::written).cloned().unwrap_or_else(|| item.at.clone());
    let own = item.get("securityContext");
    let of_pod = pod.get("securityContext");
    // What the container says wins over what the pod says.
    let security = |key: &str| own.and_then(|it| it.get(key)).or_else(|| of_pod.and_then(|it| it.get(key)));
    let set = |key: &str| security(key).and_then(Node::written).map(|name| UserSet { name: name.clone() });
    let capabilities = own.and_then(|it| it.get("capabilities"));
    let list = |key: &str| capabilities.and_then(|it| it.get(key)).map(Node::items).unwrap_or_default();
    let must_not_be_root = security("runAsNonRoot").filter(|it| it.as_bool() == Some(true)).map(|it| it.at.clone());
    let environment = environment(item, maps);
    let words = |node: &Node, key: &str| words(node, key, &environment);
    let all = [words(item, "command"), words(item, "args")].map(Option::unwrap_or_default).concat();
    Some(Container {
        at: name.clone(),
        name: name.as_str().to_owned(),
        kind: Kind::Kubernetes,
        image: item.get("image").and_then(Node::scalar).cloned(),
        built_from: None,
        context: None,
        user: set("runAsUser"),
        group: set("runAsGroup"),
        must_not_be_root,
        cannot_change_user: dropped_right(
            list("drop").iter().filter_map(|it| it.scalar()),
            list("add").iter().filter_map(|it| it.scalar()),
        ),
        commands: None,
        unreached: super::unreached(&all),
        entrypoint: words(item, "command"),
        arguments: words(item, "args"),
        // The kubelet passes HEALTHCHECK over.
        probes: Some(probes(item, &environment)),
        environment: environment.clone(),
        unshown_variables: unshown_variables(item, maps),
        pod: Some(pod.at.clone()),
        published: None,
        script: None,
        swallowed_by: None,
        hidden_entrypoint: None,
        namespace: namespace.to_owned(),
        service_links: pod.get("enableServiceLinks").and_then(Node::as_bool) != Some(false),
        is_template,
        aliases: Vec::new(),
        eviction: None,
        requirepass: None,
        moved_ports: Vec::new(),
        not_set: not_set(item, maps),
        impatient_probe: if is_template { None } else { impatient_probe(item, &environment) },
        web_probe: web_probe(item).filter(|_| !is_template),
        networks: Vec::new(),
        sees_outside: true,
        is_alone_on_localhost: !is_template && is_alone_in_pod(pod) && super::is_alone_on_localhost(item),
        copies: None,
        storage: super::copies::storage_of_container(item, is_template),
        is_moved: item.get("workingDir").is_some(),
        profiles: None,
        limits: Limits { cpu: limit(item, "cpu"), memory: limit(item, "memory") },
        stop: Stop {
            grace: pod.get("terminationGracePeriodSeconds").and_then(Node::written).and_then(|text| {
                let seconds = text.as_str().trim().parse().ok()?;
                Some((seconds, text.clone()))
            }),
            // `stopSignal` is young (Kubernetes 1.33) and stands with the hooks.
            signal: item.path(["lifecycle", "stopSignal"]).and_then(Node::written).cloned(),
            hook: item.path(["lifecycle", "preStop"]).map(|hook| hook.at.clone()),
        },
    })
}

/// Whether a pod has a network and a container of its own: sidecars share its localhost.
fn is_alone_in_pod(pod: &Node) -> bool {
    let items = |list: &str| pod.get(list).map(Node::items).unwrap_or_default();
    let stays = items("initContainers").iter().any(|item| item.get("restartPolicy").is_some());
    let on_host = pod.get("hostNetwork").is_some_and(|it| it.as_bool() != Some(false));
    items("containers").len() == 1 && !stays && !on_host && pod.get("hostAliases").is_none()
}

/// One of `resources.limits`.
fn limit(container: &Node, resource: &str) -> Option<Text> {
    container.path(["resources", "limits", resource]).and_then(Node::written).cloned()
}

/// Where the right to change the user is dropped and not given back.
pub(super) fn dropped_right<'a>(
    drops: impl Iterator<Item = &'a Text>,
    adds: impl Iterator<Item = &'a Text>,
) -> Option<Text> {
    let name = |text: &Text| text.as_str().to_ascii_uppercase().trim_start_matches("CAP_").to_owned();
    let added: Vec<String> = adds.map(name).collect();
    let has = |right: &str| added.iter().any(|it| it == right || it == "ALL");
    let mut drops = drops;
    drops
        .find(|dropped| match name(dropped).as_str() {
            "ALL" => !(has("SETUID") && has("SETGID")),
            right @ ("SETUID" | "SETGID") => !has(right),
            _ => false,
        })
        .cloned()
}

/// `envFrom` first, then `env` in its order, as the kubelet lays them over each other
/// (pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables). What Services add is weaker than both.
fn environment(container: &Node, maps: &[&Object]) -> Environment {
    let mut environment = Environment::default();
    for source in container.get("envFrom").map(Node::items).unwrap_or_default() {
        let prefix = source.get("prefix").and_then(Node::written);
        match map_named(source, "configMapRef", "secretRef", maps) {
            Some(map) => {
                environment.open |= map.is_open;
                for (name, value) in data_of(&map.node) {
                    let mut whole = TextBuilder::new(name);
                    prefix.into_iter().for_each(|prefix| whole.push(prefix));
                    whole.push(name);
                    let whole = whole.finish();
                    environment.set(whole.clone(), value);
                    if is_kind(&map.node, "Secret") {
                        environment.is_kept_apart(whole.as_str());
                    }
                }
            }
            // It was not pasted, or which of several it is cannot be told.
            None => environment.open = true,
        }
    }
    let items = container.get("env").map(Node::items).unwrap_or_default();
    let names: Vec<&str> =
        items.iter().map(|it| it.get("name").and_then(Node::scalar).map_or("", Text::as_str)).collect();
    for (number, item) in items.iter().enumerate() {
        let Some(name) = item.get("name").and_then(Node::scalar) else { continue };
        let value = match (item.get("value").and_then(Node::scalar), item.get("valueFrom")) {
            (Some(text), _) => interpolate::of_kubernetes(text, &environment, &names[number + 1..]),
            (None, Some(source)) => of_key(source, maps),
            _ => None,
        };
        environment.set(name.clone(), value);
        if item.path(["valueFrom", "secretKeyRef"]).is_some() {
            environment.is_kept_apart(name.as_str());
        }
    }
    environment
}

/// The first map of `envFrom` that is not shown: its name.
fn unshown_variables(container: &Node, maps: &[&Object]) -> Option<Text> {
    container.get("envFrom").map(Node::items).unwrap_or_default().iter().find_map(|source| {
        let named =
            ["secretRef", "configMapRef"].iter().find_map(|key| source.path([key, "name"])?.scalar().cloned())?;
        map_named(source, "configMapRef", "secretRef", maps).is_none().then_some(named)
    })
}

/// Values that YAML makes a number or a switch of, in `env` and in the ConfigMaps that it takes over: the API server
/// wants a string (k8s.io/api core/v1, EnvVar.Value and ConfigMap.Data).
fn not_set(container: &Node, maps: &[&Object]) -> Vec<NotSet> {
    let items = |list: &str| container.get(list).map(Node::items).unwrap_or_default();
    let own = items("env").iter().filter_map(|item| item.get("value"));
    let of_maps = items("envFrom").iter().filter_map(|item| map_named(item, "configMapRef", "secretRef", maps));
    // What a kustomization generates is text, however it is written.
    let of_maps = of_maps.filter(|map| !map.is_open);
    let of_keys = items("env").iter().filter_map(|item| {
        let source = item.get("valueFrom")?;
        let map = map_named(source, "configMapKeyRef", "secretKeyRef", maps).filter(|map| !map.is_open)?;
        let reference = source.get("configMapKeyRef").or_else(|| source.get("secretKeyRef"))?;
        Some((map, reference))
    });
    let (maps_of_config, secrets): (Vec<&Object>, Vec<&Object>) =
        of_maps.chain(of_keys.clone().map(|(map, _)| map)).partition(|map| is_kind(&map.node, "ConfigMap"));
    let data: Vec<_> = maps_of_config.iter().flat_map(written_data).collect();
    // An address is no base64, which has no colon.
    let is_address = |node: &Node| node.scalar().is_some_and(|it| it.as_str().contains("://")) && !node.is_templated();
    let plain = secrets.iter().flat_map(written_data).filter(|entry| is_address(&entry.value));
    let no_key = of_keys.filter_map(|(map, reference)| {
        let key = reference.get("key").filter(|key| !key.is_templated())?.scalar()?;
        let is_optional = reference.get("optional").is_some();
        let is_there = data_of(&map.node).iter().any(|(name, _)| name.as_str() == key.as_str());
        let is_of_secret = !is_kind(&map.node, "ConfigMap");
        (!is_optional && !is_there).then(|| NotSet::NoKey { key: key.clone(), is_of_secret })
    });
    let others = plain.filter_map(|entry| entry.name().cloned()).map(NotSet::NoBase64);
    let others: Vec<NotSet> = others.chain(no_key).collect();
    let is_no_text = |node: &Node| {
        let Some(text) = node.scalar().filter(|_| node.style() == Some(Style::Plain) && node.tag.is_none()) else {
            return false;
        };
        let text = text.as_str();
        // kubectl reads YAML 1.1 (sigs.k8s.io/yaml).
        let is_switch = ["true", "false", "yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word));
        let is_number = text.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '-' | '+' | '.'))
            && text.parse::<f64>().is_ok();
        !node.is_templated() && (is_switch || is_number)
    };
    let found = own.chain(data.into_iter().map(|entry| &*entry.value)).filter(|node| is_no_text(node));
    found.filter_map(|node| node.written().cloned()).map(NotSet::NoText).chain(others).collect()
}

fn written_data<'a>(map: &&'a Object) -> Vec<&'a Entry> {
    map.node.get("data").map(Node::entries).unwrap_or_default()
}

/// The one ConfigMap or Secret that a reference names.
fn map_named<'a>(source: &Node, of_map: &str, of_secret: &str, maps: &[&'a Object]) -> Option<&'a Object> {
    let named = |reference: &str| source.path([reference, "name"]).and_then(Node::scalar);
    let (kind, name) = named(of_map).map(|name| ("ConfigMap", name)).or_else(|| Some(("Secret", named(of_secret)?)))?;
    let is_it = |map: &&&Object| {
        let own = map.node.path(["metadata", "name"]).and_then(Node::scalar);
        is_kind(&map.node, kind) && own.is_some_and(|own| own.as_str() == name.as_str())
    };
    let mut same = maps.iter().filter(is_it);
    same.next().filter(|_| same.next().is_none()).copied()
}

/// The keys of a ConfigMap or Secret. What stands there in base64 is set, and not read.
fn data_of(map: &Node) -> Vec<(&Text, Option<Template>)> {
    let is_secret = is_kind(map, "Secret");
    let entries = |key: &str| map.get(key).map(Node::entries).unwrap_or_default();
    let plain = |node: &Node| node.scalar().map(|text| Template::plain(text.clone()));
    let data = entries("data").into_iter().filter_map(|entry| Some((entry.name()?, is_secret, &entry.value)));
    let texts = entries("stringData").into_iter().filter_map(|entry| Some((entry.name()?, false, &entry.value)));
    data.chain(texts).map(|(name, hidden, node)| (name, if hidden { None } else { plain(node) })).collect()
}

/// `valueFrom`: a key of a ConfigMap or Secret that was pasted.
fn of_key(source: &Node, maps: &[&Object]) -> Option<Template> {
    let map = map_named(source, "configMapKeyRef", "secretKeyRef", maps)?;
    let key = ["configMapKeyRef", "secretKeyRef"].iter().find_map(|reference| source.path([*reference, "key"]))?;
    let key = key.scalar()?.as_str();
    data_of(&map.node).into_iter().rev().find(|(name, _)| name.as_str() == key)?.1
}

/// What the kubelet runs in the container besides.
fn probes(container: &Node, environment: &Environment) -> Vec<crate::read::command_line::CeleryCommand> {
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"]
        .into_iter()
        .filter_map(|probe| words(container.path([probe, "exec"])?, "command", environment));
    probes.flat_map(|command| celery_in(&command, &[], environment)).collect()
}

/// The first probe that runs `celery inspect` or `celery status` and is given no more than a second.
fn impatient_probe(container: &Node, environment: &Environment) -> Option<Text> {
    ["livenessProbe", "readinessProbe", "startupProbe"].into_iter().find_map(|name| {
        let probe = container.get(name)?;
        // Kubernetes waits one second unless told otherwise.
        let seconds = probe.get("timeoutSeconds").map_or(Some(1), |it| it.scalar()?.as_str().parse::<u32>().ok())?;
        let command = words(probe.get("exec")?, "command", environment)?;
        let says = |word: &str| command.iter().any(|it| it.as_str().contains(word));
        let asks = says("celery") && (says("inspect") || says("status"));
        (asks && seconds <= 1).then(|| command.first().map(|word| word.text.clone()))?
    })
}

/// The first probe that asks a port, where the container names none of its own.
fn web_probe(container: &Node) -> Option<Text> {
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"].into_iter().filter_map(|it| container.get(it));
    let asked = probes.flat_map(Node::entries).filter_map(|entry| entry.name());
    let mut asked = asked.filter(|name| matches!(name.as_str(), "httpGet" | "tcpSocket" | "grpc"));
    asked.next().filter(|_| container.get("ports").is_none()).cloned()
}

fn words(container: &Node, key: &str, environment: &Environment) -> Option<Vec<Word>> {
    let node = container.get(key)?;
    let filled = |text: &Text| {
        let (text, is_open) = interpolate::of_kubernetes_command(text, environment);
        let expands = is_open || text.as_str().contains("{{");
        Word { text, expands, quoted: true }
    };
    Some(node.items().iter().filter_map(|item| item.written()).map(filled).collect())
}
