use crate::catalogue::cards;
use crate::facts::{Facts, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::task_name::{self, TaskNames};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_ROUTE_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let names = TaskNames::of(facts);
    for (_, scope) in facts.scopes() {
        let includes = task_name::includes(scope);
        let routes = queues::routes(scope).to;
        for &(pattern, _) in &routes {
            let name = pattern.as_str();
            // A pattern may be meant for tasks that were not pasted, unless it has nearly the name of what was.
            let found = match name.contains(['*', '?', '[']) {
                true => task_name::pattern_meant(facts, &includes, name)
                    .filter(|(_, meant)| !routes.iter().any(|(other, _)| other.as_str() == meant)),
                false => names.meant(&includes, name),
            };
            let Some((defined, meant)) = found else { continue };
            findings
                .add(cards::TaskRouteUnknown { pattern, meant: &meant })
                .at(pattern)
                .scope(&scope.name)
                .related(defined, Role::Conflict)
                .replace(pattern, &meant);
        }
    }
}
