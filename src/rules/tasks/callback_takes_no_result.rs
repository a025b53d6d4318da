use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::ParameterKind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::CALLBACK_TAKES_NO_RESULT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for signature in facts.python_code.iter().flat_map(|file| &file.callbacks) {
        // `.set(immutable=True)` would do.
        if signature.is_immutable || signature.is_changed || signature.arguments.is_open {
            continue;
        }
        let Some(task) = signature.task.and_then(|task| facts.task(task)) else { continue };
        let Some(parameters) = task.open_parameters() else { continue };
        if !task.conditions.is_empty() || parameters.iter().any(|it| it.kind == ParameterKind::ManyPositional) {
            continue;
        }
        let takes = parameters.iter().filter(|it| it.kind == ParameterKind::Positional).count();
        // The result comes first, before what the signature brings.
        if signature.arguments.positional.len() + 1 > takes {
            findings
                .add(cards::CallbackTakesNoResult { task: &task.name, signature: &signature.at })
                .at(&signature.method)
                .related(&task.name, Role::Conflict)
                .replace(&signature.method, "si");
        }
    }
}
