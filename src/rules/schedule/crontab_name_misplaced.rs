use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::crontab::{Name, Reading};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::CRONTAB_NAME_MISPLACED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_crontab(facts, |scope, seen, crontab| {
        for given in crontab.given() {
            // A name that counts too far is refused, and said by another rule.
            let Reading::Numbers(_) = given.read() else { continue };
            for (name, names) in given.names() {
                let field = given.field.name;
                let message = match names {
                    Name::Weekday if field != "day_of_week" => {
                        cards::CrontabNameMisplaced::Weekday { name: &name, field }
                    }
                    Name::Month if field != "month_of_year" => {
                        cards::CrontabNameMisplaced::Month { name: &name, field }
                    }
                    _ => continue,
                };
                findings
                    .add(message)
                    .at(&name)
                    .scope(&scope.name)
                    .uncertain_if(seen.is_uncertain)
                    .at_most_info_if(seen.is_for_tests);
            }
        }
    });
}
