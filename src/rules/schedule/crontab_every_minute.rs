use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::crontab::{Given, Reading};
use crate::facts::value::Known;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::CRONTAB_EVERY_MINUTE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_crontab(facts, |scope, seen, crontab| {
        // A minute that is written out is meant, `minute="*"` too.
        if crontab.open || !crontab.unknown.is_empty() || crontab.field("minute").is_some() {
            return;
        }
        let narrows = |read: Reading, count: i64| match read {
            Reading::Numbers(numbers) => i64::try_from(numbers.len()).is_ok_and(|found| found < count),
            Reading::Unknown => true,
            Reading::Wrong(_) => false,
        };
        // `hour="*/1"` names every hour, and whoever writes it means once in each.
        let steps = |known: &Known| known.whole_text().is_some_and(|text| text.as_str() == "*/1");
        let is_meant = |given: &&Given<'_>| narrows(given.read(), given.field.count) || steps(given.known);
        let Some(given) = crontab.given().iter().find(is_meant) else { return };
        let Some(keyword) = given.keyword else { return };
        let finding = findings
            .add(cards::CrontabEveryMinute { field: keyword })
            .at(keyword)
            .scope(&scope.name)
            .uncertain_if(seen.is_uncertain)
            .at_most_info_if(seen.is_for_tests);
        if crontab.field("hour").is_some() {
            finding.replace(keyword, &format!("minute=0, {}", keyword.as_str()));
        }
    });
}
