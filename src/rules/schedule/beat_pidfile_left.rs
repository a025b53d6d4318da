use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_PIDFILE_LEFT, sees: &[Kind::Compose, Kind::Dockerfile], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        // Kubernetes starts every container with fresh files.
        let keeps_files = matches!(process.kind, Kind::Compose | Kind::Dockerfile);
        if process.role != Role::Beat || !keeps_files || process.command.open || process.command.removes_pidfile {
            continue;
        }
        if process.command.has("--pidfile") {
            let Some(file) = process.option("--pidfile").and_then(|given| given.text()) else { continue };
            // A file of the container itself goes when the container is made anew.
            if variant.container_of(process).is_some_and(|it| it.storage.keeps(file.as_str()))
                && facts.celery.any_in("<5.5")
            {
                let message: Message = cards::BeatPidfileLeft::Mounted { file }.into();
                // celery/platforms.py, remove_if_stale: since 5.5 a file with the own number is removed.
                findings.add(message).at(file).scope(&process.name).at_most_info_if(!facts.celery.all_in("<5.5"));
            }
            continue;
        }
        let Some(at) = &process.command.subcommand else { continue };
        let message: Message = cards::BeatPidfileLeft::Left { file: "" }.into();
        findings.add(message).at(at).scope(&process.name);
    }
}
