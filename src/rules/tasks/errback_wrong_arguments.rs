use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::ParameterKind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::ERRBACK_WRONG_ARGUMENTS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for signature in facts.python_code.iter().flat_map(|file| &file.errbacks) {
        let given = &signature.arguments;
        if signature.is_immutable || signature.is_changed || given.is_open || !given.named.is_empty() {
            continue;
        }
        let Some(task) = signature.task.and_then(|task| facts.task(task)) else { continue };
        let (Some(parameters), Some(is_bound)) = (task.open_parameters(), task.is_bound()) else { continue };
        if !task.conditions.is_empty() || parameters.iter().any(|it| it.kind != ParameterKind::Positional) {
            continue;
        }
        let own = given.positional.len();
        let required = parameters.iter().filter(|it| !it.has_default).count();
        let takes = |count: usize| (required..=parameters.len()).contains(&(own + count));
        // The id of the failed task, or its request, the exception and the traceback; a bound task gets the id alone
        // (celery/backends/base.py, _call_task_errbacks, 5.7.0).
        if !takes(1) && (is_bound || !takes(3)) {
            findings
                .add(cards::ErrbackWrongArguments { task: &task.name })
                .at(&signature.at)
                .related(&task.name, Role::Conflict);
        }
    }
}
