use crate::catalogue::cards;
use crate::facts::{Facts, Role, flower};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words;

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_PORT_FROM_SERVICE, sees: &[Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let Some(container) = variant.container_of(process) else { continue };
        if process.role != Role::Flower || container.kind != Kind::Kubernetes || !container.service_links {
            continue;
        }
        // The kubelet adds FLOWER_PORT=tcp://… unless the container sets it; --port is read only after it has failed.
        if process.environment.get("FLOWER_PORT").is_some() {
            continue;
        }
        let service = variant
            .services
            .iter()
            .find(|service| service.namespace == container.namespace && service.variable_prefix() == "FLOWER_");
        let Some(service) = service else { continue };
        let finding = findings
            .add(cards::FlowerPortFromService { service: &service.name })
            .at(&service.name)
            .related(&container.at, words::Role::Conflict)
            .scope(&process.name)
            .uncertain_if(container.environment.open || container.is_template);
        if let Some(option) = flower::option(process, "port") {
            finding.related(&option.written, words::Role::Conflict);
        }
    }
}
