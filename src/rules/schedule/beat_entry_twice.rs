use std::collections::HashMap;

use crate::catalogue::cards;
use crate::facts::{Facts, schedule};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_TWICE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for schedule in schedule::schedules(scope) {
            let whole = schedule.said.known.at.span();
            // What is unpacked from another dictionary is overruled on purpose.
            let entries = schedule.entries.iter().flatten().filter(|entry| whole.contains(entry.key.at.span()));
            // From the end: what stands there is what holds.
            let mut held: HashMap<&str, &Text> = HashMap::new();
            for name in entries.filter_map(|entry| entry.name()).collect::<Vec<_>>().into_iter().rev() {
                let Some(later) = held.get(name.as_str()) else {
                    held.insert(name.as_str(), name);
                    continue;
                };
                findings
                    .add(cards::BeatEntryTwice { name })
                    .at(name)
                    .related(later, Role::Conflict)
                    .scope(&scope.name)
                    .at_most_info_if(schedule.said.is_for_tests());
            }
        }
    }
}
