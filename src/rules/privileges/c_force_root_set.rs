use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::environment::Environment;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule {
    card: &cards::C_FORCE_ROOT_SET,
    sees: &[Kind::Dockerfile, Kind::Compose, Kind::Kubernetes, Kind::Env, Kind::Command, Kind::Shell],
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        let of_processes = variant.processes.iter().map(|process| (&process.environment, process.name.as_str()));
        let of_containers =
            variant.containers.iter().map(|container| (&container.environment, container.name.as_str()));
        let of_images = variant.images.iter().map(|image| (&image.environment, ""));
        let of_files = std::iter::once((&variant.loose, ""));
        for (environment, scope) in of_processes.chain(of_containers).chain(of_images).chain(of_files) {
            say(environment, scope, findings);
        }
    }
}

fn say(environment: &Environment, scope: &str, findings: &mut Findings) {
    let Some(variable) = environment.get("C_FORCE_ROOT") else { return };
    let Some(value) = variable.value.as_ref().and_then(|value| value.whole()) else { return };
    // celery/platforms.py: any text that is not empty counts as yes.
    let message: crate::catalogue::Message = match value.as_str().to_ascii_lowercase().as_str() {
        "" => return,
        "0" | "false" | "no" | "off" => cards::CForceRootSet::LooksOff { found: value }.into(),
        _ => cards::CForceRootSet::Set { found: value }.into(),
    };
    let finding = findings.add(message).at(&variable.name);
    if !scope.is_empty() {
        finding.scope(scope);
    }
}
