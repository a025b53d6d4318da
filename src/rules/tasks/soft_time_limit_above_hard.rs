use crate::catalogue::cards;
use crate::catalogue::version::VersionRange;
use crate::facts::Facts;
use crate::facts::tasks::limits;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SOFT_TIME_LIMIT_ABOVE_HARD, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // Sending looks at the limits of the task (celery/app/task.py:710, 5.7.0): from 5.5 on at its own, from 5.7 on
    // at those of the settings too. Before that, soft-time-limit-useless speaks of them.
    for pair in limits::of_tasks_and_settings(facts) {
        if pair.soft.seconds > pair.hard.seconds && !pair.is_of_worker {
            let finding = findings
                .add(cards::SoftTimeLimitAboveHard { soft: pair.soft.whole_seconds(), hard: pair.hard.whole_seconds() })
                .at(&pair.soft.at)
                .related(&pair.hard.at, Role::Conflict)
                .uncertain_if(pair.is_uncertain)
                .at_most_info_if(pair.is_for_tests);
            if pair.is_of_settings {
                finding.only_in = VersionRange::parse(">=5.7");
            }
            if let Some(scope) = pair.scope {
                finding.scope(scope);
            }
        }
    }
}
