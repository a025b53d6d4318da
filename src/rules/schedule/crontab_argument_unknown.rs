use std::collections::HashSet;

use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::crontab::FIELDS;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;

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
    let mut said = HashSet::new();
    super::each_crontab(facts, |scope, seen, crontab| {
        let uncertain = seen.is_uncertain;
        for &found in &crontab.unknown {
            said.insert(found.span());
            said.extend(found.origins().iter().map(Text::span));
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
    // Those that no schedule in sight has fail as well when their module is loaded.
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::CrontabArgument && !said.contains(&it.at.span())) {
            let found = slip.at.as_str();
            let meant = MEANT.iter().find(|(written, _)| *written == found).map(|(_, meant)| *meant);
            let meant = meant.or_else(|| nearest(found, FIELDS.iter().map(|field| field.name)));
            findings
                .add(match meant {
                    Some(meant) => cards::CrontabArgumentUnknown::Near { found, meant },
                    None => cards::CrontabArgumentUnknown::Unknown { found, meant: "" },
                })
                .at(&slip.at);
        }
    }
}
