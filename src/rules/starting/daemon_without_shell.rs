use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule {
    card: &cards::DAEMON_WITHOUT_SHELL,
    sees: &[
        Kind::Systemd,
        Kind::Supervisord,
        Kind::Env,
        Kind::Celeryd,
        Kind::Compose,
        Kind::Kubernetes,
        Kind::Dockerfile,
    ],
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        for container in variant.containers.iter().filter(|container| !container.is_template) {
            let Some(found) = &container.unreached else { continue };
            // An entrypoint that is not seen may give its words to a shell.
            let image = container.built_from.map(|index| &variant.images[index]);
            let hidden = container.hidden_entrypoint.is_some()
                || (container.entrypoint.is_none() && image.is_some_and(|image| image.hidden_entrypoint.is_some()))
                || (container.entrypoint.is_none() && image.is_none() && container.kind == Kind::Kubernetes);
            let message: Message = cards::DaemonWithoutShell::Operator { found }.into();
            findings.add(message).at(found).scope(&container.name).uncertain_if(hidden);
        }
        for (index, image) in variant.images.iter().enumerate() {
            let Some(found) = &image.unreached else { continue };
            // What a container says itself stands in place of it.
            let mut users = variant.containers.iter().filter(|container| container.built_from == Some(index));
            if users.any(|container| container.arguments.is_some() || container.entrypoint.is_some()) {
                continue;
            }
            let message: Message = cards::DaemonWithoutShell::Operator { found }.into();
            findings.add(message).at(found).uncertain_if(image.hidden_entrypoint.is_some());
        }
    }
    for daemon in facts.variants.iter().flat_map(|variant| &variant.daemons) {
        if !matches!(daemon.kind, Kind::Systemd | Kind::Supervisord) || !daemon.speaks_of_celery() {
            continue;
        }
        for found in daemon.dropped.iter().filter(|_| daemon.kind == Kind::Systemd) {
            findings.add(cards::DaemonWithoutShell::Export { found }).at(found).scope(&daemon.name);
        }
        let line = daemon.at.trim();
        let length = line.as_str().find(' ').unwrap_or(line.as_str().len());
        let found = line.slice(0..length);
        if matches!(found.as_str(), "source" | "." | "cd" | "export") {
            findings.add(cards::DaemonWithoutShell::NoShell { found: &found }).at(&found).scope(&daemon.name);
            continue;
        }
        // systemd.service(5), "Command lines": no variable is filled in here, and a relative path is refused.
        let path =
            found.slice(found.len() - found.as_str().trim_start_matches(['@', '-', ':', '+', '!']).len()..found.len());
        let is_relative = path.as_str().contains('/') && !path.as_str().starts_with(['/', '%', '"', '\'']);
        if daemon.kind == Kind::Systemd && (is_relative || path.as_str().starts_with('$')) {
            findings.add(cards::DaemonWithoutShell::NoPath { found: &path }).at(&path).scope(&daemon.name);
            continue;
        }
        if let Some(found) = &daemon.unreached {
            findings.add(cards::DaemonWithoutShell::Operator { found }).at(found).scope(&daemon.name);
            continue;
        }
        // `sh -c celery multi start …`: the shell runs its first word, and the others are that word's $0, $1 …
        let is_shell = ["sh", "bash", "dash"].contains(&found.as_str().rsplit('/').next().unwrap_or_default());
        let rest = line.slice(length..line.len()).trim();
        let Some(script) = rest.as_str().strip_prefix("-c ").or_else(|| rest.as_str().strip_prefix("-lc ")) else {
            continue;
        };
        let script = line.slice(line.len() - script.len()..line.len()).trim();
        let end = script.as_str().find(char::is_whitespace).unwrap_or(script.len());
        // Where a call of Celery loses its words, that has a card of its own.
        let lost = facts.processes().filter_map(|(_, process)| process.command.lost.as_ref());
        if lost.into_iter().any(|lost| line.span().contains(lost.span())) {
            continue;
        }
        if is_shell && end < script.len() && !script.as_str().starts_with(['"', '\'', '\\']) {
            let first = script.slice(0..end);
            findings.add(cards::DaemonWithoutShell::OneWord { found: &first }).at(&first).scope(&daemon.name);
        }
    }
}
