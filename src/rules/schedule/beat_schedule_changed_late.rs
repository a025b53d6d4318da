use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_SCHEDULE_CHANGED_LATE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::ScheduleLate) {
            findings.add(cards::BeatScheduleChangedLate { found: &slip.at }).at(&slip.at);
        }
    }
}
