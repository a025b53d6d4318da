use std::collections::HashMap;

use crate::catalogue::cards;
use crate::facts::value::Value;
use crate::facts::written::{Place, Written};
use crate::facts::{Facts, Scope, schedule};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_TWICE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        replaced(facts, scope, findings);
        for schedule in schedule::schedules(scope) {
            let whole = schedule.said.known.at.span();
            // What is unpacked from another dictionary is overruled on purpose.
            let entries = schedule.entries.iter().flatten().filter(|entry| whole.contains(entry.key.at.span()));
            // From the end: what stands there is what holds.
            let mut held: HashMap<&str, (&Text, &str)> = HashMap::new();
            let named = entries.filter_map(|entry| Some((entry.name()?, entry.value.at.as_str())));
            for (name, value) in named.collect::<Vec<_>>().into_iter().rev() {
                let Some((later, kept)) = held.get(name.as_str()) else {
                    held.insert(name.as_str(), (name, value));
                    continue;
                };
                findings
                    .add(cards::BeatEntryTwice::Twice { name })
                    .at(name)
                    .related(later, Role::Conflict)
                    .scope(&scope.name)
                    .uncertain_if(schedule.said.is_conditional() || value == *kept)
                    .at_most_info_if(schedule.said.is_for_tests());
            }
        }
    }
}

/// A schedule in the settings, and another one that is assigned to the app: Celery adds nothing up.
fn replaced(facts: &Facts, scope: &Scope, findings: &mut Findings) {
    let given = |on_app: bool| {
        scope.written.iter().filter(move |it| {
            it.means == Some("beat_schedule")
                && !it.is_conditional()
                && if on_app { it.place == Place::Conf } else { it.read_by.is_some() && it.place != Place::Conf }
        })
    };
    for (settings, assigned) in given(false).flat_map(|settings| given(true).map(move |assigned| (settings, assigned)))
    {
        // A file that makes an app assigns to its own, which may be another than the one that reads the settings.
        let reader = settings.read_by.and_then(|number| scope.configured.get(number)).map(|it| it.at.span().source);
        let makes_app = facts.code_file_of(&assigned.name).is_some_and(|file| !file.wiring.apps.is_empty());
        if makes_app && reader != Some(assigned.name.span().source) {
            continue;
        }
        let (Some(lost), Some(kept)) = (names(settings), names(assigned)) else { continue };
        if !kept.is_empty() && lost.iter().any(|name| !kept.contains(name)) {
            findings
                .add(cards::BeatEntryTwice::Replaced { name: &settings.name })
                .at(&settings.name)
                .related(&assigned.name, Role::Conflict)
                .scope(&scope.name)
                .uncertain_if(lookup::is_read_elsewhere(scope, settings));
        }
    }
}

/// The names of the entries, if the schedule is written out and takes in no other.
fn names(written: &Written) -> Option<Vec<&str>> {
    let [only] = &written.values[..] else { return None };
    let Value::Dict(entries) = &only.known.value else { return None };
    let is_plain = only.known.at.as_str().starts_with('{') && !only.known.at.as_str().contains("**");
    let names: Option<Vec<&str>> = entries.iter().map(|(key, _)| Some(key.whole_text()?.as_str())).collect();
    names.filter(|_| is_plain)
}
