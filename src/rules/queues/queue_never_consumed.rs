use crate::catalogue::cards;
use crate::facts::queues::{self, Consumption};
use crate::facts::{Facts, schedule};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::QUEUE_NEVER_CONSUMED, sees: &[Kind::Python], check };

/// A misspelt name is looked for among this many.
const MOST_NAMES: usize = 100;

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        let Some(consumed) = Consumption::of(variant) else { continue };
        for scope in &variant.scopes {
            let mut targets: Vec<&Text> = queues::routes(scope).to.iter().map(|(_, queue)| *queue).collect();
            for schedule in schedule::schedules(scope).filter(|schedule| !schedule.said.is_for_tests()) {
                let entries = schedule.entries.iter().flatten();
                targets.extend(entries.filter_map(|entry| entry.option("queue")?.whole_text()));
            }
            for queue in targets {
                // `worker_direct` makes a queue for each worker (celery/utils/nodenames.py, WORKER_DIRECT_QUEUE_FORMAT).
                if queue.is_empty() || queue.as_str().ends_with(".dq") || consumed.has(queue.as_str()) {
                    continue;
                }
                let finding = findings.add(cards::QueueNeverConsumed { queue });
                finding.at(queue).scope(&scope.name);
                let near = nearest(queue.as_str(), consumed.names.iter().map(String::as_str).take(MOST_NAMES));
                if let Some(place) = near.and_then(|name| consumed.place(name)) {
                    finding.related(place, Role::Conflict);
                }
            }
        }
    }
}
