use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::{SlipKind, limits};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SOFT_TIME_LIMIT_SWALLOWED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::HardLimitCaught) {
            let Some(task) = slip.in_task.and_then(|task| file.tasks.get(task)) else { continue };
            let message = cards::SoftTimeLimitSwallowed::Hard { task: &task.name, handler: &slip.at };
            findings.add(message).at(&slip.at);
        }
    }
    for (_, task) in facts.tasks() {
        let Some(option) = task.option("soft_time_limit") else { continue };
        if option.known().and_then(limits::limit).is_none() {
            continue;
        }
        for handler in &task.catches_everything {
            findings
                .add(cards::SoftTimeLimitSwallowed::Soft { task: &task.name, handler })
                .at(handler)
                .related(&option.name, Role::Conflict);
        }
    }
}
