use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::url;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::TRANSPORT_IN_MEMORY, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // Tasks that run where they are called need neither.
        if scope.said("task_always_eager").any(|said| said.boolean() != Some(false)) {
            continue;
        }
        for name in ["broker_url", "result_backend"] {
            let is_in_memory = |text: &str| ["memory:", "cache+memory:"].iter().any(|start| text.starts_with(start));
            // A base class for tests and for production alike: the one that is used has another address.
            let has_other = scope
                .said(name)
                .any(|said| said.text().is_none_or(|it| it.whole().is_none_or(|it| !is_in_memory(it.as_str()))));
            if has_other {
                continue;
            }
            for said in scope.said(name) {
                let Some(scheme) = said.text().map(url::parse).and_then(|url| url.scheme.whole().cloned()) else {
                    continue;
                };
                let setting = &said.setting.written;
                let message: Message = match (name, scheme.as_str()) {
                    ("broker_url", "memory") => cards::TransportInMemory::Broker { setting }.into(),
                    ("result_backend", "cache+memory") => cards::TransportInMemory::Backend { setting }.into(),
                    _ => continue,
                };
                findings
                    .add(message)
                    .at(&scheme)
                    .scope(&scope.name)
                    // Settings alone may be those of a test run; a process that is started is not.
                    .uncertain_if(scope.process.is_none() || said.is_conditional())
                    .at_most_info_if(said.is_for_tests() || facts.paths.is_not_production(setting));
            }
        }
    }
}
