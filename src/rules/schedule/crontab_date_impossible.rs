use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::crontab::has_a_date;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::CRONTAB_DATE_IMPOSSIBLE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_crontab(facts, |scope, seen, crontab| {
        let (Some(day), Some(month)) = (crontab.field("day_of_month"), crontab.field("month_of_year")) else { return };
        let (Some(days), Some(months)) = (crontab.numbers("day_of_month"), crontab.numbers("month_of_year")) else {
            return;
        };
        // An empty list is another mistake.
        if days.is_empty() || months.is_empty() || has_a_date(&days, &months) {
            return;
        }
        findings
            .add(cards::CrontabDateImpossible { day: day.known.written(), month: month.known.written() })
            .at(day.known.written())
            .related(month.known.written(), Role::Conflict)
            .scope(&scope.name)
            .uncertain_if(seen.is_uncertain)
            .at_most_info_if(seen.is_for_tests);
    });
}
