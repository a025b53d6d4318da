use std::collections::HashSet;

use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::written::{Place, Written};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::Condition;
use crate::rules::Rule;
use crate::text::SourceId;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_UNDER_MAIN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let process = scope.process.and_then(|number| variant.processes.get(number));
        // `celery -A shop` imports the module: its name is then not `__main__`.
        if process.is_none_or(|process| process.option("--app").is_none()) {
            continue;
        }
        let set = scope.written.iter().filter(|it| it.place == Place::Conf && it.means.is_some());
        let under_main: Vec<&Written> = set.filter(|it| it.conditions.iter().any(Condition::is_of_main)).collect();
        // A file that runs its tasks itself when it is started is a demonstration: the worker shall not read that.
        let eager = under_main.iter().filter(|it| it.means == Some("task_always_eager"));
        let demonstrations: HashSet<SourceId> = eager.map(|it| it.name.span().source).collect();
        for written in under_main.iter().filter(|it| !demonstrations.contains(&it.name.span().source)) {
            findings.add(cards::SettingUnderMain { setting: &written.name }).at(&written.name).scope(&scope.name);
        }
    }
}
