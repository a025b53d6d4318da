use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::CRONTAB_STEP_TOO_LONG, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_crontab(facts, |scope, seen, crontab| {
        for given in crontab.given() {
            for (step, number) in given.steps_too_long() {
                findings
                    .add(cards::CrontabStepTooLong {
                        field: given.field.name,
                        step: number.unsigned_abs(),
                        count: given.field.count.unsigned_abs(),
                    })
                    .at(&step)
                    .scope(&scope.name)
                    .uncertain_if(seen.is_uncertain)
                    .at_most_info_if(seen.is_for_tests);
            }
        }
    });
}
