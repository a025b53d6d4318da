use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_FILE_IN_CONTAINERS, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let in_container = scope
            .process
            .and_then(|number| variant.processes.get(number))
            .is_some_and(|process| process.container.is_some() || process.image.is_some());
        if !in_container {
            continue;
        }
        for backend in super::backends(scope).filter(|backend| backend.alias.as_str() == "file") {
            findings
                .add(cards::ResultBackendFileInContainers { setting: &backend.said.setting.written })
                .at(&backend.alias)
                .scope(&scope.name)
                .at_most_info_if(backend.said.is_for_tests());
        }
    }
}
