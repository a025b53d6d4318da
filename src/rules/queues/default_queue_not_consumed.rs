use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::queues::{self, Consumption};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DEFAULT_QUEUE_NOT_CONSUMED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        let consumed = Consumption::of(variant);
        let has_workers = variant.processes.iter().any(queues::is_worker);
        for scope in &variant.scopes {
            let Some(default) = queues::default_queue(scope) else { continue };
            let mut declared = queues::declared(scope);
            let (Some(only), None) = (declared.next(), declared.next()) else { continue };
            if !only.is_whole
                || only.refused.is_some()
                || only.queues.is_empty()
                || only.said.is_conditional()
                || only.queues.iter().any(|queue| queue.name.as_str() == default)
            {
                continue;
            }
            // A router of the project's own, or a pattern for everything, may leave nothing for the default queue.
            let routes = queues::routes(scope);
            if routes.open || routes.to.iter().any(|(pattern, _)| pattern.as_str() == "*") {
                continue;
            }
            match &consumed {
                Some(consumed) if consumed.has(&default) => continue,
                // Workers that we do not see through may consume it.
                None if has_workers => continue,
                _ => {}
            }
            let finding = findings.add(cards::DefaultQueueNotConsumed { queue: &default });
            finding.at(&only.said.setting.written).scope(&scope.name);
            if let Some(said) = scope.said("task_default_queue").next() {
                finding.related(said.known.written(), Role::Conflict);
            }
        }
    }
}
