use super::asked;
use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule =
    Rule { card: &cards::VARIABLE_MISSING_IN_SERVICE, sees: &[Kind::Compose, Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        let Some(container) = variant.container_of(process) else { continue };
        // A file of the code's own may set it.
        if container.is_template || container.environment.open || scope.reads_env_file() {
            continue;
        }
        for variable in asked(scope) {
            let name = variable.name;
            if process.environment.get(name).is_some() {
                continue;
            }
            // Another container of the same deployment that the files do give it.
            let has_it = variant.containers.iter().find_map(|other| {
                let runs_the_same = other.image == container.image && other.namespace == container.namespace;
                other.environment.get(name).filter(|_| runs_the_same).map(|found| (other, found))
            });
            let Some((other, found)) = has_it else { continue };
            findings
                .add(cards::VariableMissingInService { name, container: &container.name, other: &other.name })
                .at(&container.at)
                .related(&found.name, Role::Conflict)
                .related(variable.at, Role::Cause)
                .scope(&process.name);
        }
    }
}
