use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::{Value, Why};
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::VARIABLE_NAME_DIFFERS, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        if variant.container_of(process).is_none_or(|container| container.is_template) {
            continue;
        }
        for said in ["broker_url", "result_backend"].into_iter().flat_map(|name| scope.said(name)) {
            let Value::Unknown(Why::Environment { name, .. }) = &said.known.value else { continue };
            if process.environment.get(name).is_some() {
                continue;
            }
            let Some(near) = nearest(name, process.environment.iter().map(|(name, _)| name)) else { continue };
            // Another name of the code's own.
            let is_read =
                |near: &str| facts.variants.iter().flat_map(|it| &it.scopes).any(|it| it.names_read.contains(near));
            let Some(variable) = process.environment.get(near).filter(|_| name.len() > 5 && !is_read(near)) else {
                continue;
            };
            findings
                .add(cards::VariableNameDiffers { found: &variable.name, wanted: name.as_str() })
                .at(&variable.name)
                .related(&said.known.at, crate::words::Role::Conflict)
                .scope(&process.name);
        }
    }
}
