use crate::catalogue::cards;
use crate::facts::{Facts, Process, Role, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule =
    Rule { card: &cards::PROBE_WITHOUT_SERVER, sees: &[Kind::Kubernetes, Kind::Compose, Kind::Dockerfile], check };

/// Modules with which a worker may answer on a port of its own.
const SERVERS: [&str; 6] = ["prometheus_client", "http", "aiohttp", "socketserver", "wsgiref", "socket"];

fn check(facts: &Facts, findings: &mut Findings) {
    let mut imports = facts.python_code.iter().flat_map(|file| &file.imports);
    if imports.any(|import| SERVERS.contains(&import.module.split('.').next().unwrap_or_default())) {
        return;
    }
    for (variant, process) in facts.processes() {
        let role = match process.role {
            Role::Worker => "worker",
            Role::Beat => "beat",
            _ => continue,
        };
        let Some(probe) = probe_of(variant, process).filter(|_| is_alone(variant, process)) else { continue };
        findings.add(cards::ProbeWithoutServer { role }).at(probe).scope(&process.name);
    }
}

fn probe_of<'a>(variant: &'a Variant, process: &Process) -> Option<&'a Text> {
    let of_image = || variant.image_of(process)?.web_probe.as_ref();
    match variant.container_of(process) {
        // Kubernetes does not look at HEALTHCHECK.
        Some(it) if it.kind == Kind::Compose && it.probes.is_none() && !it.is_template => of_image(),
        Some(it) => it.web_probe.as_ref(),
        None => of_image(),
    }
}

/// Whether the command of Celery is all that its container starts.
fn is_alone(variant: &Variant, process: &Process) -> bool {
    let command = &process.command;
    let is_plain = |text: &str| !text.contains(['&', ';', '|']);
    let own =
        variant.container_of(process).map(|it| (&it.commands, &it.entrypoint, &it.arguments, it.published.is_none()));
    let is_only = own.is_none_or(|(commands, entrypoint, arguments, is_closed)| {
        let words = [entrypoint, arguments].into_iter().flatten().flatten();
        is_closed
            && commands.as_ref().is_none_or(|it| it.len() == 1)
            && words.into_iter().all(|it| is_plain(it.as_str()))
    });
    let hidden = variant.image_of(process).is_some_and(|it| it.hidden_entrypoint.is_some());
    is_only && !hidden && !command.is_beside && !command.is_followed && !command.is_conditional
}
