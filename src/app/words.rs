//! The words of the page: one function for each key of `words.yaml`, made by the build.

use super::language::Language;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A word without holes.
pub(super) type Word = fn(Language) -> &'static str;

/// The name of a kind of input.
pub(super) fn kind_name(language: Language, kind: &str) -> &str {
    KINDS.iter().find(|(name, _)| *name == kind).map_or(kind, |(_, word)| word(language))
}

/// The kinds that a reader may choose, as the engine calls them, in the order of the list.
pub(super) const KINDS: &[(&str, Word)] = &[
    ("python", kind_python),
    ("command", kind_command),
    ("log", kind_log),
    ("dockerfile", kind_dockerfile),
    ("compose", kind_compose),
    ("kubernetes", kind_kubernetes),
    ("markdown", kind_markdown),
    ("env", kind_env),
    ("requirements", kind_requirements),
    ("shell", kind_shell),
    ("helm-template", kind_helm_template),
    ("helm-values", kind_helm_values),
    ("celeryd", kind_celeryd),
    ("systemd", kind_systemd),
    ("supervisord", kind_supervisord),
    ("rabbitmq-conf", kind_rabbitmq_conf),
    ("rabbitmq-definitions", kind_rabbitmq_definitions),
    ("rabbitmq-advanced", kind_rabbitmq_advanced),
    ("pyproject", kind_pyproject),
    ("lock", kind_lock),
    ("launcher", kind_launcher),
    ("procfile", kind_procfile),
    ("kubectl-output", kind_kubectl_output),
    ("flower-config", kind_flower_config),
    ("unknown", kind_unknown),
];
