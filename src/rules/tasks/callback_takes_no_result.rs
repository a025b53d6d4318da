use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::TaskParameter;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::ParameterKind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::CALLBACK_TAKES_NO_RESULT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for signature in facts.python_code.iter().flat_map(|file| &file.callbacks) {
        // `.set(immutable=True)` would do.
        if signature.is_changed || signature.arguments.is_open {
            continue;
        }
        let Some(task) = signature.task.and_then(|task| facts.task(task)) else { continue };
        let Some(parameters) = task.open_parameters() else { continue };
        if !task.conditions.is_empty() || parameters.iter().any(|it| it.kind == ParameterKind::ManyPositional) {
            continue;
        }
        let takes = parameters.iter().filter(|it| it.kind == ParameterKind::Positional).count();
        // The result comes first, before what the signature brings.
        let given = signature.arguments.positional.len() + usize::from(!signature.is_immutable);
        let (task_name, written) = (&task.name, &signature.at);
        let is_named =
            |it: &&TaskParameter| !signature.arguments.named.iter().any(|(name, _)| name.as_str() == it.name.as_str());
        let missing = parameters
            .iter()
            .filter(|it| it.kind == ParameterKind::Positional)
            .skip(given)
            .chain(parameters.iter().filter(|it| it.kind == ParameterKind::KeywordOnly))
            .find(|it| !it.has_default && is_named(it));
        if let Some(missing) = missing {
            let argument = missing.name.as_str();
            let message = cards::CallbackTakesNoResult::Missing { task: task_name, signature: written, argument };
            findings.add(message).at(&signature.method).related(task_name, Role::Conflict);
        } else if given > takes && !signature.is_immutable {
            let message = cards::CallbackTakesNoResult::NoRoom { task: task_name, signature: written, argument: "" };
            findings
                .add(message)
                .at(&signature.method)
                .related(&task.name, Role::Conflict)
                .replace(&signature.method, "si");
        }
    }
}
