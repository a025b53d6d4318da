use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::When;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_INTERVAL_NOT_POSITIVE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_entry(facts, |scope, _, schedule, entry| {
        let (When::Every(seconds), Some(known)) = (entry.when(), entry.field("schedule")) else { return };
        if seconds > 0.0 {
            return;
        }
        findings
            .add(cards::BeatIntervalNotPositive { interval: known.written() })
            .at(known.written())
            .scope(&scope.name)
            .uncertain_if(schedule.said.is_conditional())
            .at_most_info_if(schedule.said.is_for_tests());
    });
}
