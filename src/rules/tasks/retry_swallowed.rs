use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::RETRY_SWALLOWED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for retry in &file.retries {
            let Some(handler) = &retry.swallowed_by else { continue };
            let Some(task) = file.tasks.get(retry.in_task) else { continue };
            findings
                .add(cards::RetrySwallowed { task: &task.name, handler })
                .at(handler)
                .related(&retry.at, Role::Conflict);
        }
    }
}
