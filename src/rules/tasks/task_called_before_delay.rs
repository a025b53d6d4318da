use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_CALLED_BEFORE_DELAY, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for method in facts.python_code.iter().flat_map(|file| &file.sent_after_call) {
        findings.add(cards::TaskCalledBeforeDelay { method }).at(method);
    }
}
