use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::{self, Scheduler};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_SCHEDULE_BESIDE_DATABASE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let mut schedules = schedule::schedules(scope).peekable();
        if schedules.peek().is_none() || schedule::scheduler(variant, scope) != Scheduler::Database {
            continue;
        }
        for schedule in schedules {
            if schedule.entries.as_ref().is_some_and(|entries| !entries.is_empty()) {
                let written = &schedule.said.setting.written;
                findings.add(cards::BeatScheduleBesideDatabase { setting: written }).at(written).scope(&scope.name);
            }
        }
    }
}
