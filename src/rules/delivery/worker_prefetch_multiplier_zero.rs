use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::settings::Source;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_PREFETCH_MULTIPLIER_ZERO, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // On the command line 0 is taken for "not given" instead.
        for said in scope.said("worker_prefetch_multiplier").filter(|said| said.setting.source <= Source::Python) {
            if said.number() != Some(0.0) {
                continue;
            }
            findings
                .add(cards::WorkerPrefetchMultiplierZero { setting: &said.setting.written })
                .at(&said.known.at)
                .scope(&scope.name)
                .as_said(&said)
                .replace(&said.known.at, "1");
        }
    }
}
