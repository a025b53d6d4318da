use crate::catalogue::cards;
use crate::facts::{Facts, schedule};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_SCHEDULE_WITHOUT_BEAT, sees: &[Kind::Compose], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // A script of that name may be started by what is not shown.
    let named = facts.files.iter().any(|path| path.to_ascii_lowercase().contains("beat"));
    if named || facts.processes().any(|(_, process)| schedule::is_beat(process)) {
        return;
    }
    for variant in facts.variants.iter().filter(|variant| schedule::shows_all_but_beat(variant)) {
        for scope in &variant.scopes {
            let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
            // Code may start one by itself.
            if scope.mentions("Beat") || scope.mentions("beat") {
                continue;
            }
            let entries = schedule::schedules(scope)
                .filter(|schedule| schedule.entries.as_ref().is_some_and(|entries| !entries.is_empty()))
                .map(|schedule| (&schedule.said.setting.written, schedule.said.is_conditional()));
            let calls = scope.periodic_tasks.iter().map(|it| (&it.known.at, !it.conditions.is_empty()));
            let Some((at, is_uncertain)) = entries.chain(calls).next() else { continue };
            findings
                .add(cards::BeatScheduleWithoutBeat { worker: &process.name })
                .at(at)
                .related(&process.command.program, Role::Cause)
                .scope(&scope.name)
                .at_most_info_if(is_uncertain || variant.is_for_tests);
        }
    }
}
