use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_ALWAYS_RETRY_ENDLESS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // celery/backends/base.py:270 (5.7.0): without a limit it is infinity.
        let has_limit = scope.said("result_backend_max_retries").next().is_some();
        for said in scope.said("result_backend_always_retry") {
            if said.boolean() == Some(true) && !has_limit {
                findings
                    .add(cards::ResultBackendAlwaysRetryEndless { setting: &said.setting.written })
                    .at(&said.known.at)
                    .scope(&scope.name)
                    .at_most_info_if(said.is_for_tests());
            }
        }
    }
}
