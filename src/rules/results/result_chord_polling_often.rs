use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::backends;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_CHORD_POLLING_OFTEN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // celery/backends/base.py, fallback_chord_unlock: only backends that cannot count ask again and again.
        let asks = super::backends(scope)
            .find(|it| it.alias.as_str() != "rpc" && backends::find(it.alias.as_str()).is_some_and(|row| !row.counts));
        let Some(backend) = asks else { continue };
        for said in scope.said("result_chord_retry_interval") {
            if said.number().is_some_and(|seconds| seconds < 1.0) {
                findings
                    .add(cards::ResultChordPollingOften { setting: &said.setting.written, backend: &backend.alias })
                    .at(&said.known.at)
                    .scope(&scope.name)
                    .at_most_info_if(said.is_for_tests());
            }
        }
    }
}
