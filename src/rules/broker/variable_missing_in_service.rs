use super::asked;
use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::Template;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule =
    Rule { card: &cards::VARIABLE_MISSING_IN_SERVICE, sees: &[Kind::Compose, Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let of_web = facts.variants.iter().flat_map(|it| it.web_scopes.iter().map(move |scope| (it, scope)));
    for (variant, scope) in facts.scopes().chain(of_web) {
        let process = scope.process.and_then(|number| variant.processes.get(number));
        let of_process = process.and_then(|process| variant.container_of(process));
        let Some(container) = of_process.or_else(|| variant.containers.get(scope.container?)) else { continue };
        let image = container.built_from.and_then(|image| variant.images.get(image));
        let gets = |name: &str| match process {
            Some(process) => process.environment.get(name).is_some(),
            None => {
                let mut all = [&container.environment].into_iter().chain(image.map(|image| &image.environment));
                all.any(|environment| environment.get(name).is_some())
            }
        };
        // A file of the code's own may set it.
        if container.is_template || container.environment.open || scope.reads_env_file() {
            continue;
        }
        for variable in asked(scope) {
            let name = variable.name;
            if gets(name) {
                continue;
            }
            // Another container of the same deployment that the files do give it.
            let has_it = variant.containers.iter().find_map(|other| {
                let runs_the_same = other.image == container.image && other.namespace == container.namespace;
                other.environment.get(name).filter(|_| runs_the_same).map(|found| (other, found))
            });
            // An env file that is not shown gives it to the others; nothing gives anything to this one.
            let of_unshown_file = || {
                let is_bare = container.environment.is_empty() && !variable.has_default;
                let others = variant.containers.iter().filter(|other| is_bare && container.runs_image_of(other));
                others.clone().find_map(|other| Some((other, other.unshown_variables.as_ref()?, None)))
            };
            let shown = has_it.map(|(other, it)| (other, &it.name, it.value.as_ref().and_then(Template::whole)));
            let Some((other, found, given)) = shown.or_else(of_unshown_file) else { continue };
            if given.is_some_and(|given| variable.defaults.iter().any(|it| it.as_str() == given.as_str())) {
                continue;
            }
            findings
                .add(cards::VariableMissingInService { name, container: &container.name, other: &other.name })
                .at(&container.at)
                .related(found, Role::Conflict)
                .related(variable.at, Role::Cause)
                .scope(&scope.name);
        }
    }
}
