use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_PIDFILE_LEFT, sees: &[Kind::Compose, Kind::Dockerfile], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        // Kubernetes starts every container with fresh files.
        let keeps_files = matches!(process.kind, Kind::Compose | Kind::Dockerfile);
        if process.role != Role::Beat
            || !keeps_files
            || process.command.open
            || process.command.has("--pidfile")
            || process.command.removes_pidfile
        {
            continue;
        }
        let Some(at) = &process.command.subcommand else { continue };
        findings.add(cards::BeatPidfileLeft {}).at(at).scope(&process.name);
    }
}
