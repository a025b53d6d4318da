use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule =
    Rule { card: &cards::DAEMON_WITHOUT_SHELL, sees: &[Kind::Systemd, Kind::Supervisord], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for daemon in facts.variants.iter().flat_map(|variant| &variant.daemons) {
        if !matches!(daemon.kind, Kind::Systemd | Kind::Supervisord) || !daemon.at.as_str().contains("celery") {
            continue;
        }
        let line = daemon.at.trim();
        let length = line.as_str().find(' ').unwrap_or(line.as_str().len());
        let found = line.slice(0..length);
        if matches!(found.as_str(), "source" | "." | "cd" | "export") {
            findings.add(cards::DaemonWithoutShell { found: &found }).at(&found).scope(&daemon.name);
        }
    }
}
