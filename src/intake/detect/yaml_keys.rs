//! Which YAML it is: compose, Kubernetes, a chart's template, a chart's values, or a stretch of one of them.

use super::super::kind::Kind;
use super::Because;
use super::line;
use super::signs::Signs;

/// Keys that only a compose service has.
const COMPOSE: [&str; 22] = [
    "build",
    "depends_on",
    "env_file",
    "restart",
    "container_name",
    "networks",
    "environment",
    "healthcheck",
    "extends",
    "stop_grace_period",
    "mem_limit",
    "entrypoint",
    "shm_size",
    "ulimits",
    "logging",
    "working_dir",
    "links",
    "expose",
    "user",
    "stop_signal",
    "profiles",
    "dockerfile",
];
/// Keys that only Kubernetes has.
const KUBERNETES: [&str; 29] = [
    "containers",
    "initContainers",
    "securityContext",
    "runAsUser",
    "runAsNonRoot",
    "runAsGroup",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "imagePullPolicy",
    "valueFrom",
    "secretKeyRef",
    "configMapKeyRef",
    "containerPort",
    "volumeMounts",
    "metadata",
    "replicas",
    "terminationGracePeriodSeconds",
    "envFrom",
    "restartPolicy",
    "matchLabels",
    "serviceAccountName",
    "fieldRef",
    "lifecycle",
    "preStop",
    "podSecurityContext",
    "fsGroup",
    "allowPrivilegeEscalation",
    "mountPath",
];
/// Keys that charts' values usually have.
const VALUES: [&str; 22] = [
    "replicaCount",
    "pullPolicy",
    "imagePullSecrets",
    "nodeSelector",
    "tolerations",
    "affinity",
    "nameOverride",
    "fullnameOverride",
    "serviceAccount",
    "podAnnotations",
    "autoscaling",
    "enabled",
    "repository",
    "ingress",
    "existingSecret",
    "persistence",
    "podSecurityContext",
    "extraEnv",
    "storageClass",
    "securityContext",
    "tag",
    "replicas",
];

/// Whether the text begins as YAML does: with a key, an item or `---`.
pub(super) fn begins_as_yaml(signs: &Signs<'_>) -> bool {
    let first = signs.first_content;
    first.starts_with("---")
        || first.starts_with("%YAML")
        || first.trim_start().starts_with("{{")
        || first.trim_start().starts_with("- ")
        || line::yaml_key(first).is_some_and(|(_, key, _)| !key.contains('.'))
}

/// The kind, the reason, and whether there is no doubt. `None`: no YAML that we know.
pub(super) fn judge(text: &str, signs: &Signs<'_>) -> Option<(Kind, Because, bool)> {
    let template = is_template(text, signs);
    let begins = signs.first_content.trim_start();
    if template && (has_top(signs, "apiVersion") || text.contains("define \"") || begins.starts_with("{{")) {
        return Some((Kind::HelmTemplate, Because::Line(signs.template.first), true));
    }
    if !begins_as_yaml(signs) {
        return None;
    }
    // A manifest may carry scripts and files in block scalars: its own keys may be few.
    if has(signs, "apiVersion") && has_top(signs, "kind") {
        return Some((Kind::Kubernetes, Because::Key("apiVersion"), true));
    }
    if signs.yaml.count * 2 < signs.lines {
        return None;
    }
    if has_top(signs, "services") && services_are_compose(signs) {
        return Some((Kind::Compose, Because::Key("services"), true));
    }
    if has_top(signs, "jobs") || has_top(signs, "steps") || has_top(signs, "stages") || has_top(signs, "hosts") {
        return None;
    }
    if template && text.contains("{{") {
        return Some((Kind::HelmTemplate, Because::Line(signs.template.first), false));
    }
    by_vocabulary(signs)
}

fn is_template(text: &str, signs: &Signs<'_>) -> bool {
    // Jinja, which Ansible and others put into YAML, has statements of its own.
    let jinja = text.contains("{%") && !text.contains(".Values");
    signs.template.count > 0
        && !jinja
        && ["{{-", ".Values", ".Release", ".Chart", "include \"", "toYaml", "{{ template"]
            .iter()
            .any(|sign| text.contains(sign))
}

fn has(signs: &Signs<'_>, name: &str) -> bool {
    signs.keys.iter().any(|key| key.name == name)
}

fn top(signs: &Signs<'_>) -> usize {
    signs.keys.iter().map(|key| key.indent).min().unwrap_or(0)
}

fn has_top(signs: &Signs<'_>, name: &str) -> bool {
    let top = top(signs);
    signs.keys.iter().any(|key| key.indent == top && key.name == name)
}

/// `services:` of compose holds mappings that hold known keys; a CI file's holds images' names.
fn services_are_compose(signs: &Signs<'_>) -> bool {
    let Some(at) = signs.keys.iter().position(|key| key.name == "services") else {
        return false;
    };
    let outer = signs.keys[at].indent;
    let inside = signs.keys[at + 1..].iter().take_while(|key| key.indent > outer);
    let known = ["image", "command", "ports", "volumes", "deploy", "env_file", "<<"];
    inside.clone().any(|key| known.contains(&key.name) || COMPOSE.contains(&key.name))
}

/// A stretch without its beginning: the words decide.
fn by_vocabulary(signs: &Signs<'_>) -> Option<(Kind, Because, bool)> {
    let count = |words: &[&str]| {
        let mut found: Vec<&str> = signs.keys.iter().map(|key| key.name).filter(|name| words.contains(name)).collect();
        crate::text::order::distinct(&mut found);
        found.len()
    };
    let (compose, kubernetes, values) = (count(&COMPOSE), count(&KUBERNETES), count(&VALUES));
    let first = |words: &[&'static str]| {
        let key = signs.keys.iter().find_map(|key| words.iter().find(|word| **word == key.name));
        key.map_or(Because::Shape, |key| Because::Key(key))
    };
    let named_values = signs
        .keys
        .windows(2)
        .any(|pair| pair[0].name == "name" && pair[1].name == "value" && pair[0].indent == pair[1].indent);
    if values > 1 && values > compose && values >= kubernetes && has_top_mapping(signs) {
        return Some((Kind::HelmValues, first(&VALUES), values > 2));
    }
    if kubernetes > compose || (kubernetes == compose && kubernetes > 0 && named_values) {
        return Some((Kind::Kubernetes, first(&KUBERNETES), kubernetes > 1));
    }
    // A long file with one word that many programs share is a file of one of them.
    let is_of_another = compose == 1
        && signs.keys.len() > 8
        && ["user", "logging"].iter().any(|name| has(signs, name))
        && !["image", "command"].iter().any(|name| has(signs, name));
    if is_of_another {
        return None;
    }
    if compose > 0 {
        return Some((Kind::Compose, first(&COMPOSE), compose > 1));
    }
    if named_values {
        return Some((Kind::Kubernetes, Because::Key("value"), false));
    }
    let shared = ["image", "command", "args", "ports", "volumes"].into_iter().find(|name| has(signs, name));
    if let Some(key) = shared {
        let kind = if key == "args" { Kind::Kubernetes } else { Kind::Compose };
        return Some((kind, Because::Key(key), false));
    }
    // `C_FORCE_ROOT: "true"`: what stands under `environment:`.
    let variables = !signs.keys.is_empty()
        && signs.keys.len() as u32 == signs.lines
        && signs.keys.iter().all(|key| {
            key.name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') && !key.value.is_empty()
        });
    variables.then_some((Kind::Compose, Because::Shape, false))
}

/// Values files are maps of maps: some key at the margin has no value of its own.
fn has_top_mapping(signs: &Signs<'_>) -> bool {
    let top = top(signs);
    signs.keys.iter().any(|key| key.indent == top && key.value.is_empty())
}
