use crate::catalogue::cards;
use crate::facts::containers::Container;
use crate::facts::{Facts, Role, flower};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words;

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_PORT_FROM_SERVICE, sees: &[Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let shown = facts
        .processes()
        .filter(|(_, process)| process.role == Role::Flower)
        .filter_map(|(variant, process)| Some((variant, variant.container_of(process)?, Some(process))));
    // Flower's own image starts it where the manifest says no command.
    let of_image = facts.variants.iter().flat_map(|variant| {
        let is_flower = |it: &&Container| it.commands.is_none() && it.script.is_none() && is_image(it);
        variant.containers.iter().filter(is_flower).map(move |container| (variant, container, None))
    });
    for (variant, container, process) in shown.chain(of_image) {
        if container.kind != Kind::Kubernetes || !container.service_links {
            continue;
        }
        // The kubelet adds FLOWER_PORT=tcp://… unless the container sets it; --port is read only after it has failed.
        if process.map_or(&container.environment, |it| &it.environment).get("FLOWER_PORT").is_some() {
            continue;
        }
        let service = variant
            .services
            .iter()
            .find(|it| it.makes_variables && it.namespace == container.namespace && it.variable_prefix() == "FLOWER_");
        let Some(service) = service else { continue };
        let finding = findings
            .add(cards::FlowerPortFromService { service: &service.name })
            .at(&service.name)
            .related(&container.at, words::Role::Conflict)
            .scope(process.map_or(&container.name, |it| &it.name))
            .uncertain_if(container.environment.open || container.is_template);
        if let Some(option) = process.and_then(|it| flower::option(it, "port")) {
            finding.related(&option.written, words::Role::Conflict);
        }
    }
}

/// `mher/flower`, wherever it is mirrored.
fn is_image(container: &Container) -> bool {
    let name = container.image.as_ref().map_or("", |image| image.as_str());
    let name = name.split('@').next().unwrap_or(name);
    name.ends_with("mher/flower") || name.contains("mher/flower:")
}
