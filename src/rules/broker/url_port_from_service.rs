use crate::catalogue::cards;
use crate::facts::value::Why;
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::URL_PORT_FROM_SERVICE, sees: &[Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let process = scope.process.and_then(|number| variant.processes.get(number));
        let Some(container) = process.and_then(|process| variant.container_of(process)) else { continue };
        if container.kind != Kind::Kubernetes || !container.service_links {
            continue;
        }
        for name in super::ADDRESSES {
            for said in scope.said(name) {
                let Some(port) = said.text().map(url::parse).and_then(|url| url.port) else { continue };
                let Some(hole) = port.holes.first() else { continue };
                let Why::Environment { name: variable, .. } = &hole.why else { continue };
                // kubelet adds NAME_PORT=tcp://… for every Service of the namespace, unless the container sets it
                // (pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables).
                let service = variant.services.iter().find(|service| {
                    service.makes_variables
                        && service.namespace == container.namespace
                        && format!("{}PORT", service.variable_prefix()) == *variable
                });
                let Some(service) = service else { continue };
                findings
                    .add(cards::UrlPortFromService { variable, service: &service.name })
                    .at(&hole.site)
                    .related(&service.name, Role::Conflict)
                    .related(&container.at, Role::Cause)
                    .scope(&scope.name)
                    .uncertain_if(container.environment.open)
                    .at_most_info_if(said.is_for_tests());
            }
        }
    }
}
