use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::Condition;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_NAMED_MAIN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (number, file) in facts.python_code.iter().enumerate() {
        let Some(app) = file.slips.iter().find(|it| it.is == SlipKind::AppWithoutName) else { continue };
        if file.wiring.apps.len() != 1 || file.is_test_code() {
            continue;
        }
        for sending in &file.sendings {
            let is_main = sending.conditions.iter().any(Condition::is_of_main);
            let Some(task) = sending.task.filter(|it| it.file == number).and_then(|it| facts.task(it)) else {
                continue;
            };
            if is_main && task.option("name").is_none() && !task.is_open {
                findings.add(cards::TaskNamedMain { task: &task.name }).at(&sending.at).related(&app.at, Role::Cause);
            }
        }
    }
}
