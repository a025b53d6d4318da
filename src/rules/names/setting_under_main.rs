use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::written::{Place, Written};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::Condition;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_UNDER_MAIN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let process = scope.process.and_then(|number| variant.processes.get(number));
        // `celery -A shop` imports the module: its name is then not `__main__`.
        if process.is_none_or(|process| process.option("--app").is_none()) {
            continue;
        }
        let under_main = || {
            let set = scope.written.iter().filter(|it| it.place == Place::Conf && it.means.is_some());
            set.filter(|it| it.conditions.iter().any(Condition::is_of_main))
        };
        for written in under_main() {
            // A file that runs its tasks itself when it is started is a demonstration: the worker shall not read that.
            let is_same = |other: &Written| other.name.span().source == written.name.span().source;
            if !under_main().any(|other| other.means == Some("task_always_eager") && is_same(other)) {
                findings.add(cards::SettingUnderMain { setting: &written.name }).at(&written.name).scope(&scope.name);
            }
        }
    }
}
