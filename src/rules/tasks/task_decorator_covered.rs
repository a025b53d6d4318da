use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_DECORATOR_COVERED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, task) in facts.tasks() {
        if let Some(above) = &task.covered_by {
            findings.add(cards::TaskDecoratorCovered { task: &task.name, above }).at(above);
        }
    }
}
