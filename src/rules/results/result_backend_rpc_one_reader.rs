use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_RPC_ONE_READER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for backend in super::backends(scope).filter(|backend| backend.alias.as_str() == "rpc") {
            // celery/backends/rpc.py:164 (5.7.0): the reply queue is named after the client and deleted with it.
            findings
                .add(cards::ResultBackendRpcOneReader { setting: &backend.said.setting.written })
                .at(&backend.alias)
                .scope(&scope.name)
                .at_most_info_if(backend.said.is_for_tests());
        }
    }
}
