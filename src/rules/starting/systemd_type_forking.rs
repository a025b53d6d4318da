use crate::catalogue::cards;
use crate::facts::daemons::Daemon;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::SYSTEMD_TYPE_FORKING, sees: &[Kind::Systemd], check };

fn check(facts: &Facts, findings: &mut Findings) {
    facts.variants.iter().flat_map(|it| &it.daemons).for_each(|daemon| multi_in_front(daemon, findings));
    for (variant, process) in facts.processes() {
        let Some(daemon) = variant.daemon_of(process).filter(|daemon| daemon.kind == Kind::Systemd) else { continue };
        if let Some(option) = process.command.uses("--detach").next() {
            let ends = !process.command.is_followed && matches!(process.role, Role::Worker | Role::Beat);
            forks_away(daemon, &option.written, ends, findings);
        }
        // `multi` leaves its workers behind, and a shell may.
        let is_left_alone = ["multi", "&"].iter().any(|it| daemon.at.as_str().contains(it));
        let Some(service_type) = daemon.service_type.as_ref().filter(|_| !is_left_alone) else { continue };
        let command = &process.command;
        let stays = matches!(process.role, Role::Worker | Role::Beat) && command.nodes.is_none() && !command.open;
        if service_type.as_str() == "forking" && stays && process.option("--detach").is_none() {
            findings
                .add(cards::SystemdTypeForking::NeverForks { found: service_type, word: "" })
                .at(service_type)
                .scope(&process.name)
                .replace(service_type, "simple");
        }
    }
}

/// `multi start` ends at once; systemd then takes the unit for done and kills what it left behind.
fn multi_in_front(daemon: &Daemon, findings: &mut Findings) {
    let rest = daemon.at.as_str().split_once("multi start ").map_or("&", |(_, rest)| rest);
    // A command behind it may stay.
    let starts = !rest.contains(['&', ';', '|']);
    let at = daemon.at.as_str().find("multi start ").map(|at| daemon.at.slice(at..at + "multi start".len()));
    if let Some(at) = at.filter(|_| daemon.kind == Kind::Systemd) {
        forks_away(daemon, &at, starts, findings);
    }
}

fn forks_away(daemon: &Daemon, word: &Text, ends: bool, findings: &mut Findings) {
    if !ends || daemon.stays_when_done {
        return;
    }
    // Of a unit without a type another card speaks.
    if let Some(found) = daemon.service_type.as_ref().filter(|it| matches!(it.as_str(), "simple" | "exec")) {
        findings
            .add(cards::SystemdTypeForking::ForksAway { found, word })
            .at(found)
            .scope(&daemon.name)
            .replace(found, "forking");
    }
}
