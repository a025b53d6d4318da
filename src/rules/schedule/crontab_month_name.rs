use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::crontab::Name;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::CRONTAB_MONTH_NAME, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_crontab(facts, |scope, seen, crontab| {
        let Some(given) = crontab.field("month_of_year") else { return };
        let Some((name, _)) = given.names().into_iter().find(|(_, name)| *name == Name::Month) else { return };
        findings
            .add(cards::CrontabMonthName { field: given.field.name, name: &name })
            .at(&name)
            .scope(&scope.name)
            .uncertain_if(seen.is_uncertain)
            .at_most_info_if(seen.is_for_tests);
    });
}
