use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::DETACH_IN_CONTAINER, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let command = &process.command;
        let is_contained = process.container.is_some() || process.image.is_some();
        let daemon = variant.daemon_of(process);
        let is_supervised = daemon.is_some_and(|daemon| daemon.kind == Kind::Supervisord);
        // A unit without `Type=` is a simple one (systemd.service, Type=).
        let is_simple = daemon.is_some_and(|daemon| {
            daemon.kind == Kind::Systemd && daemon.service_type.is_none() && !daemon.stays_when_done
        });
        // A script that goes on may keep the container alive.
        if !(is_contained || is_supervised || is_simple) || command.is_followed {
            continue;
        }
        let stray = || command.stray.first().map(|word| word.as_str());
        let is_multi = command.subcommand.as_ref().is_some_and(|name| name.as_str() == "multi");
        let stays = matches!(process.role, Role::Worker | Role::Beat);
        let at = match command.uses("--detach").next() {
            Some(option) if stays => &option.written,
            _ if is_simple && command.of_multi.is_some() => command.of_multi.as_ref().unwrap_or(&command.program),
            _ if is_multi && matches!(stray(), Some("start" | "restart")) => &command.stray[0].text,
            _ if is_contained && command.is_left_behind && !command.is_conditional && stays => {
                let Some(at) = &command.subcommand else { continue };
                findings.add(cards::DetachInContainer::LeftBehind { word: at }).at(at).scope(&process.name);
                continue;
            }
            _ => continue,
        };
        let message: Message = if is_supervised {
            cards::DetachInContainer::Supervised { word: at }.into()
        } else if is_simple {
            cards::DetachInContainer::Unit { word: at }.into()
        } else {
            cards::DetachInContainer::Detached { word: at }.into()
        };
        findings.add(message).at(at).scope(&process.name);
    }
}
