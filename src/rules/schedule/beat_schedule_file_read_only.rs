use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::{self, Scheduler};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule =
    Rule { card: &cards::BEAT_SCHEDULE_FILE_READ_ONLY, sees: &[Kind::Compose, Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let process = scope.process.and_then(|number| variant.processes.get(number));
        let Some(process) = process.filter(|process| schedule::is_beat(process)) else { continue };
        let Some(container) = variant.container_of(process) else { continue };
        let scheduler = schedule::scheduler(variant, scope);
        if !matches!(scheduler, Scheduler::Persistent | Scheduler::NotShown) {
            continue;
        }
        let option = process.command.value("--schedule");
        let file = match option {
            Some(word) if word.expands => continue,
            Some(word) => word.as_str().to_owned(),
            None => match scope.said("beat_schedule_filename").map(|said| said.known.whole_text()).next() {
                Some(Some(text)) => text.as_str().to_owned(),
                Some(None) => continue,
                // celery/app/defaults.py, beat.schedule_filename
                None => "celerybeat-schedule".to_owned(),
            },
        };
        let Some(read_only) = container.storage.refuses(&file) else { continue };
        let finding = findings.add(cards::BeatScheduleFileReadOnly { file: &file });
        finding
            .at(option.map_or_else(
                || schedule::embeds_beat(process).or(process.command.subcommand.as_ref()).unwrap_or(&container.at),
                |word| &word.text,
            ))
            .related(read_only, Role::Cause)
            .scope(&scope.name)
            .uncertain_if(scheduler == Scheduler::NotShown);
    }
}
