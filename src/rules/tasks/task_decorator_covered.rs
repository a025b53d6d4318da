use std::collections::HashSet;

use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Span;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_DECORATOR_COVERED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let mut covered = facts.tasks().filter_map(|(_, task)| Some((task, task.covered_by.as_ref()?))).peekable();
    if covered.peek().is_none() {
        return;
    }
    // Who sends one has the plain function in hand.
    let files = facts.python_code.iter().filter(|file| !file.is_test_code());
    let sendings = files.flat_map(|file| &file.sendings).filter(|sending| sending.conditions.is_empty());
    let sent: HashSet<Span> = sendings.filter_map(|it| Some(facts.task(it.task?)?.name.span())).collect();
    for (task, above) in covered {
        let is_sent = sent.contains(&task.name.span());
        findings.add(cards::TaskDecoratorCovered { task: &task.name, above }).at(above).uncertain_if(!is_sent);
    }
}
