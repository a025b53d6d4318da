use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::{Scheduler, When, unknown_unit};
use crate::facts::value::{Known, Value, Why};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_SCHEDULE_INVALID, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_entry(facts, |scope, scheduler, schedule, entry| {
        if scheduler == Scheduler::Other {
            return;
        }
        let Some(known) = entry.field("schedule") else { return };
        if let Some(unit) = unknown_unit(known) {
            let message = cards::BeatEntryScheduleInvalid::Unit { value: unit };
            findings.add(message).at(unit).scope(&scope.name).uncertain_if(schedule.said.is_conditional());
            return;
        }
        if let Some((at, is_event)) = wrong_sun(known) {
            let message = match is_event {
                true => cards::BeatEntryScheduleInvalid::Event { value: at },
                false => cards::BeatEntryScheduleInvalid::Latitude { value: at },
            };
            findings.add(message).at(at).scope(&scope.name).uncertain_if(schedule.said.is_conditional());
            return;
        }
        // The standard library gives variables as texts, and None where one is not set.
        if known.is_raw_variable() {
            let has_default = matches!(known.value, Value::Unknown(Why::OneOf(_)));
            findings
                .add(cards::BeatEntryScheduleInvalid::Variable { value: &known.at })
                .at(&known.at)
                .scope(&scope.name)
                .as_said(&schedule.said)
                .uncertain_if(has_default);
            return;
        }
        let (message, at, number) = match entry.when() {
            When::Text(template) => {
                let Some(text) = template.whole() else { return };
                let written = text.as_str().trim();
                if written.parse::<f64>().is_ok_and(f64::is_finite) {
                    (cards::BeatEntryScheduleInvalid::Number { value: text }, text, Some(written))
                } else if written.split_whitespace().count() == 5 {
                    (cards::BeatEntryScheduleInvalid::Line { value: text }, text, None)
                } else {
                    (cards::BeatEntryScheduleInvalid::Text { value: text }, text, None)
                }
            }
            When::Nonsense => (cards::BeatEntryScheduleInvalid::Other { value: &known.at }, &known.at, None),
            _ => return,
        };
        let finding = findings
            .add(message)
            .at(if at.is_empty() { &known.at } else { at })
            .scope(&scope.name)
            .as_said(&schedule.said);
        if let Some(number) = number {
            finding.replace(&known.at, number);
        }
    });
}

/// celery/schedules.py, solar: what it knows as events.
const EVENTS: [&str; 10] = [
    "dawn_astronomical",
    "dawn_nautical",
    "dawn_civil",
    "sunrise",
    "solar_noon",
    "sunset",
    "dusk_civil",
    "dusk_nautical",
    "dusk_astronomical",
    "solar_midnight",
];

/// What `solar(event, lat, lon)` refuses: its event (true), or a latitude beyond the poles.
fn wrong_sun(known: &Known) -> Option<(&Text, bool)> {
    let Value::Call { arguments, called, .. } = &known.value else { return None };
    if called.full_name != "celery.schedules.solar" || called.unpacks {
        return None;
    }
    let argument = |name: &str, place: usize| {
        let named = arguments.iter().find(|(keyword, _)| keyword.as_deref() == Some(name));
        named.or_else(|| arguments.get(place).filter(|(keyword, _)| keyword.is_none())).map(|(_, known)| known)
    };
    let event = argument("event", 0).and_then(Known::whole_text).filter(|text| !EVENTS.contains(&text.as_str()));
    let latitude = argument("lat", 1).filter(|lat| lat.seconds().is_some_and(|lat| lat.abs() > 90.0));
    event.map(|event| (event, true)).or_else(|| latitude.map(|latitude| (&latitude.at, false)))
}
