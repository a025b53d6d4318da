use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::crontab::FIELDS;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::CRONTAB_ARGUMENT_UNKNOWN, sees: &[Kind::Python], check };

/// What people write, and what Celery calls it.
const MEANT: [(&str, &str); 10] = [
    ("minutes", "minute"),
    ("min", "minute"),
    ("hours", "hour"),
    ("day", "day_of_month"),
    ("dom", "day_of_month"),
    ("weekday", "day_of_week"),
    ("dow", "day_of_week"),
    ("week_day", "day_of_week"),
    ("month", "month_of_year"),
    ("months", "month_of_year"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_crontab(facts, |scope, seen, crontab| {
        let uncertain = seen.is_uncertain;
        for &found in &crontab.unknown {
            let listed = MEANT.iter().find(|(written, _)| *written == found.as_str()).map(|(_, meant)| *meant);
            let meant = listed
                .or_else(|| nearest(found.as_str(), FIELDS.iter().map(|field| field.name)))
                // Twice the same keyword would be an error of its own.
                .filter(|meant| crontab.field(meant).is_none());
            let message = match meant {
                Some(meant) => cards::CrontabArgumentUnknown::Near { found: found.as_str(), meant },
                None => cards::CrontabArgumentUnknown::Unknown { found: found.as_str(), meant: "" },
            };
            let finding = findings
                .add(message)
                .at(found)
                .scope(&scope.name)
                .uncertain_if(uncertain)
                .at_most_info_if(seen.is_for_tests);
            if let Some(meant) = meant {
                finding.replace(found, meant);
            }
        }
        if let Some(sixth) = crontab.too_many.first() {
            findings
                .add(cards::CrontabArgumentUnknown::Many { found: "", meant: "" })
                .at(&sixth.at)
                .scope(&scope.name)
                .uncertain_if(uncertain)
                .at_most_info_if(seen.is_for_tests);
        }
    });
}
