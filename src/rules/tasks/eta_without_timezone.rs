use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::ETA_WITHOUT_TIMEZONE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(zone) = zone_of_django(facts) else { return };
    let sendings = facts.python_code.iter().flat_map(|file| &file.sendings);
    for found in sendings.filter_map(|sending| sending.eta_of_machine.as_ref()) {
        let finding = findings.add(cards::EtaWithoutTimezone { found }).at(found).related(zone, Role::Cause);
        finding.replace(found, &format!("{}.astimezone()", found.as_str()));
    }
}

/// The `TIME_ZONE` of Django's settings, where it is not UTC. Django sets the clock of its processes to it
/// (django/conf/__init__.py, Settings), while Celery takes a time without a zone for UTC (tried with 4.4.7 to 5.7.0).
fn zone_of_django(facts: &Facts) -> Option<&Text> {
    const NEARLY_UTC: [&str; 9] = [
        "UTC",
        "GMT",
        "Europe/London",
        "Europe/Dublin",
        "Europe/Lisbon",
        "Africa/Abidjan",
        "Africa/Accra",
        "Atlantic/Reykjavik",
        "Zulu",
    ];
    let mut zones = facts.python_code.iter().filter_map(|file| file.wiring.time_zone.as_ref());
    let (Some(zone), None) = (zones.next(), zones.next()) else { return None };
    let reads_settings = facts.python_code.iter().any(|file| file.wiring.configured_from_django.is_some());
    (reads_settings && !zone.as_str().starts_with("Etc/") && !NEARLY_UTC.contains(&zone.as_str())).then_some(zone)
}
