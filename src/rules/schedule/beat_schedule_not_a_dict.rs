use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_SCHEDULE_NOT_A_DICT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for schedule in schedule::schedules(scope).filter(|schedule| schedule.entries.is_none()) {
            findings
                .add(cards::BeatScheduleNotADict { setting: &schedule.said.setting.written })
                .at(schedule.said.known.written())
                .scope(&scope.name)
                .as_said(&schedule.said);
        }
    }
}
