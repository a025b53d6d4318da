use crate::catalogue::cards;
use crate::facts::{Facts, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{Rule, task_name};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_ROUTE_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        let includes = task_name::includes(scope);
        for (pattern, _) in queues::routes(scope).to {
            // A pattern may be meant for tasks that were not pasted.
            if pattern.as_str().contains(['*', '?', '[']) {
                continue;
            }
            let Some((defined, meant)) = task_name::meant(facts, &includes, pattern.as_str()) else { continue };
            findings
                .add(cards::TaskRouteUnknown { pattern, meant: &meant })
                .at(pattern)
                .scope(&scope.name)
                .related(defined, Role::Conflict)
                .replace(pattern, &meant);
        }
    }
}
