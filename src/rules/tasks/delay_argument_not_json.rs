use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{Given, Shape};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_ARGUMENT_NOT_JSON, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // Anything but JSON may know how to write it.
    let is_json = |text: &str| matches!(text, "json" | "application/json");
    let another = facts.scopes().any(|(_, scope)| {
        scope.said("task_serializer").any(|said| said.text().is_none_or(|text| !is_json(text.as_str())))
    });
    let registers = facts.python_code.iter().flat_map(|file| &file.imports).any(|import| {
        import.name.as_ref().is_some_and(|name| matches!(name.as_str(), "register_type" | "registry" | "register"))
            && import.module.starts_with("kombu")
    });
    // Before 4.0 the default is pickle.
    if another || registers || !facts.celery.all_in(">=4.0") {
        return;
    }
    for file in &facts.python_code {
        for sending in &file.sendings {
            let own = sending.options.iter().any(|(name, _)| name.as_str() == "serializer");
            let by_task = sending
                .task
                .and_then(|task| facts.task(task))
                .is_some_and(|task| task.is_open || task.option("serializer").is_some());
            if own || by_task {
                continue;
            }
            let given = &sending.arguments;
            for argument in given.positional.iter().chain(given.named.iter().map(|(_, given)| given)) {
                let Some((message, made)) = said(argument) else { continue };
                let finding = findings.add(message).at(&argument.at).at_most_info_if(file.is_for_tests());
                if let Some(made) = made {
                    finding.related(made, Role::Origin);
                }
            }
        }
    }
}

fn said(given: &Given) -> Option<(Message, Option<&crate::text::Text>)> {
    let found = &given.at;
    Some(match &given.shape {
        Shape::Other => return None,
        Shape::Set => (cards::DelayArgumentNotJson::Set { found }.into(), None),
        Shape::Function => (cards::DelayArgumentNotJson::Function { found }.into(), None),
        Shape::Request => (cards::DelayArgumentNotJson::Request { found }.into(), None),
        Shape::Object(made) => (cards::DelayArgumentNotJson::Object { found }.into(), made.as_ref()),
        Shape::OrmObject(made) => (cards::DelayArgumentNotJson::OrmObject { found }.into(), Some(made)),
    })
}
