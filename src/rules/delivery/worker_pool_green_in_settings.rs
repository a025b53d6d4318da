use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_POOL_GREEN_IN_SETTINGS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let process = scope.process.and_then(|number| variant.processes.get(number));
        // celery/__init__.py, maybe_patch_concurrency: only -P and --pool in argv are looked at.
        let is_another = process
            .is_some_and(|process| process.role != Role::Worker || process.command.uses("--pool").next().is_some());
        let patches_itself = ["patch_all", "monkey_patch"].iter().any(|word| scope.mentions(word));
        if is_another || patches_itself {
            continue;
        }
        for said in scope.said("worker_pool") {
            let Some(found) = said.known.whole_text() else { continue };
            if !matches!(found.as_str(), "gevent" | "eventlet") || said.setting.written.as_str().starts_with('-') {
                continue;
            }
            findings
                .add(cards::WorkerPoolGreenInSettings { setting: &said.setting.written, pool: found })
                .at(found)
                .scope(&scope.name)
                .uncertain_if(said.is_conditional() || process.is_none())
                .at_most_info_if(said.is_for_tests());
        }
    }
}
