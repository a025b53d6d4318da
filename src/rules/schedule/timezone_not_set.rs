use crate::catalogue::cards;
use crate::facts::schedule::crontab::Reading;
use crate::facts::settings::is_namespaced;
use crate::facts::{Facts, Scope, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TIMEZONE_NOT_SET, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        if !scope.no_code_sets("timezone") || !scope.no_code_sets("enable_utc") || may_be_django(variant, scope) {
            continue;
        }
        // Once is enough: the first time of day that is meant for somebody's clock.
        let mut first = None;
        super::each_crontab_of(variant, scope, |_, seen, crontab| {
            let Some(hour) = crontab.field("hour").filter(|_| !seen.is_for_tests) else { return };
            let is_a_time = matches!(hour.read(), Reading::Numbers(hours) if (1..=4).contains(&hours.len()));
            if is_a_time && first.is_none() {
                first = Some(hour.known.written().clone());
            }
        });
        if let Some(hour) = first {
            findings.add(cards::TimezoneNotSet { hour: &hour }).at(&hour).scope(&scope.name);
        }
    }
}

/// Django's TIME_ZONE stands in for a missing `timezone` (celery/app/utils.py, Settings.timezone).
fn may_be_django(variant: &Variant, scope: &Scope) -> bool {
    let process = scope.process.and_then(|number| variant.processes.get(number));
    scope.settings.iter().any(|setting| is_namespaced(setting.written.as_str()))
        || process.is_some_and(|process| process.environment.get("DJANGO_SETTINGS_MODULE").is_some())
}
