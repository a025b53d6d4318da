use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_HANDLER_ARGUMENTS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (handler, wanted) in facts.tasks().flat_map(|(_, task)| &task.wrong_handlers) {
        findings.add(cards::TaskHandlerArguments { handler, wanted: *wanted }).at(handler);
    }
}
