use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::crontab::{Reading, Wrong};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::CRONTAB_FIELD_INVALID, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_crontab(facts, |scope, seen, crontab| {
        for given in crontab.given() {
            let Reading::Wrong(wrong) = given.read() else { continue };
            let field = given.field;
            let range = format!("{}-{}", field.first, field.last());
            let (field, range) = (field.name, range.as_str());
            let (message, at) = match &wrong {
                Wrong::OutOfRange { at, .. } => {
                    (cards::CrontabFieldInvalid::Range { field, value: at.as_str(), range }, at)
                }
                Wrong::Unreadable { at } => {
                    (cards::CrontabFieldInvalid::Unreadable { field, value: at.as_str(), range }, at)
                }
                Wrong::Line { at } => (cards::CrontabFieldInvalid::Line { field, value: at.as_str(), range }, at),
                Wrong::Empty { at } => (cards::CrontabFieldInvalid::Empty { field, value: at.as_str(), range }, at),
                Wrong::Type { at } => (cards::CrontabFieldInvalid::Type { field, value: at.as_str(), range }, at),
            };
            let finding = findings
                .add(message)
                .at(at)
                .scope(&scope.name)
                .uncertain_if(seen.is_uncertain)
                .at_most_info_if(seen.is_for_tests);
            // Cron's 7 is Sunday, which Celery calls 0.
            if field == "day_of_week" && matches!(wrong, Wrong::OutOfRange { number: 7, .. }) {
                finding.replace(at, "0");
            }
        }
    });
}
