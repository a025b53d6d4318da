use crate::catalogue::{Message, cards};
use crate::facts::value::HOLE;
use crate::facts::{Facts, Process, Role, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::shell_words::Word;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::DESTINATION_WITHOUT_NODE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let subcommand = process.command.subcommand.as_ref().map_or("", |name| name.as_str());
        if !["inspect", "control", "status"].contains(&subcommand) {
            continue;
        }
        if let Some(word) = process.command.value("--destination") {
            unfilled(variant, process, word, findings);
            nobody(variant, process, word, findings);
        }
        let Some(destination) = process.option("--destination").and_then(|given| given.text()) else { continue };
        let without_node = destination.as_str().split(',').find(|name| !name.contains('@') && !name.contains('$'));
        let Some(name) = without_node.filter(|name| !name.is_empty()) else { continue };
        let at = name.as_ptr() as usize - destination.as_str().as_ptr() as usize;
        let name = destination.slice(at..at + name.len());
        findings.add(cards::DestinationWithoutNode::WithoutNode { name: &name }).at(&name).scope(&process.name);
    }
}

/// A variable in a node name that nobody fills in, or that another fills in than the shell it is meant for.
fn unfilled(variant: &Variant, process: &Process, word: &Word, findings: &mut Findings) {
    let text = word.as_str();
    let Some(dollar) = text.find("$").filter(|_| text.contains('@')) else { return };
    let rest = &text[dollar + 1..];
    let inner = rest.trim_start_matches(['{', '(']);
    let len = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let opens = rest.len() - inner.len();
    let name = &inner[..len];
    if len == 0 || opens > 1 || name.starts_with(|it: char| it.is_ascii_digit()) {
        return;
    }
    let found = word.text.slice(dollar..(dollar + 1 + len + 2 * opens).min(text.len()));
    let container = variant.container_of(process);
    let message: Message = match (process.kind, rest.starts_with('(')) {
        // A shell runs what the kubelet leaves: `sh -c "… -d celery@$(hostname)"`.
        (Kind::Kubernetes, true) if name.contains(|it: char| it.is_ascii_lowercase()) => {
            if word.expands || container.is_some_and(|it| it.is_template) {
                return;
            }
            cards::DestinationWithoutNode::NoShell { name: &found }.into()
        }
        // The kubelet fills in what `env` says, and leaves the rest (third_party/forked/golang/expansion).
        (Kind::Kubernetes, true) => {
            let is_named =
                container.is_none_or(|it| it.is_template || it.environment.open || it.environment.get(name).is_some());
            if is_named {
                return;
            }
            cards::DestinationWithoutNode::NotNamed { name: &found }.into()
        }
        (Kind::Compose | Kind::Dockerfile, true) if !word.expands && !rest.contains(' ') => {
            cards::DestinationWithoutNode::NoShell { name: &found }.into()
        }
        (_, true) => return,
        // `$$NAME` is a byte longer where it is written: Compose leaves that one to the container.
        (Kind::Compose, _) if word.expands => {
            // A HEALTHCHECK of the Dockerfile is read by a shell in the container.
            let is_of_the_image = container.is_some_and(|it| it.entrypoint.is_none() && it.arguments.is_none());
            if is_of_the_image || found.span().len() as usize != found.len() || name != "HOSTNAME" {
                return;
            }
            cards::DestinationWithoutNode::LeftToCompose { name: &found }.into()
        }
        _ if word.expands || container.is_some_and(|it| it.is_template) => return,
        _ => cards::DestinationWithoutNode::NoShell { name: &found }.into(),
    };
    findings.add(message).at(&found).scope(&process.name);
}

/// A probe of a worker's own container that asks a node which no worker of the deployment is named like.
fn nobody(variant: &Variant, process: &Process, word: &Word, findings: &mut Findings) {
    let mut workers = variant.processes.iter().filter(|it| it.role == Role::Worker);
    let is_beside = process.container.is_some() && workers.clone().any(|it| it.container == process.container);
    let Some((asked, _)) = word.as_str().split_once('@').filter(|_| is_beside && !word.as_str().contains(',')) else {
        return;
    };
    let is_fixed = |name: &str| !name.is_empty() && !name.contains(['%', '$', '{', HOLE]);
    let is_another = |worker: &Process| {
        // `multi` names its nodes itself, and a line that is not all shown may name its worker.
        if worker.command.of_multi.is_some() || worker.command.open {
            return false;
        }
        let Some(given) = worker.option("--hostname") else {
            return asked != "celery" && variant.container_of(worker).is_some_and(|it| !it.environment.open);
        };
        // The word itself holds what a shell fills in behind the name.
        let text = given.text().or_else(|| worker.command.value("--hostname").map(|word| &word.text));
        let Some(text) = text.filter(|text| text.fallback().is_none()) else { return false };
        let name = text.as_str().split_once('@').map_or("celery", |(name, _)| name);
        is_fixed(name) && name != asked
    };
    if is_fixed(asked) && workers.all(is_another) {
        let asked = word.text.slice(0..asked.len());
        findings.add(cards::DestinationWithoutNode::Nobody { name: &asked }).at(&asked).scope(&process.name);
    }
}
