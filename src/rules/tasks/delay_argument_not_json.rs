use crate::catalogue::{Message, cards};
use crate::facts::tasks::{Given, Shape};
use crate::facts::{Facts, Said};
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
    let keeps = |said: &Said<'_>| !said.is_none();
    let keeps_results = facts.scopes().any(|(_, scope)| scope.said("result_backend").any(|said| keeps(&said)))
        && !facts.scopes().any(|(_, scope)| {
            ["task_ignore_result", "result_serializer"].iter().any(|it| scope.said(it).next().is_some())
        });
    for file in &facts.python_code {
        for argument in file.signed.iter().flat_map(|it| it.positional.iter().chain(it.named.iter().map(|(_, it)| it)))
        {
            add(findings, argument, file.is_for_tests());
        }
        for (task, given) in file.returned.iter().filter(|_| keeps_results) {
            let Some(task) = file.tasks.get(*task) else { continue };
            let own = ["ignore_result", "serializer", "base"].iter().any(|it| task.option(it).is_some());
            if !own && !task.is_open && !task.is_wrapped && !task.is_async {
                let message = cards::DelayArgumentNotJson::Returned { found: &given.shaped };
                findings.add(message).at(&given.shaped).at_most_info_if(file.is_for_tests());
            }
        }
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
                add(findings, argument, file.is_for_tests());
            }
        }
    }
}

fn add(findings: &mut Findings, argument: &Given, is_for_tests: bool) {
    let Some((message, made)) = said(argument) else { return };
    let finding = findings.add(message).at(&argument.shaped).at_most_info_if(is_for_tests);
    if let Some(made) = made {
        finding.related(made, Role::Origin);
    }
}

fn said(given: &Given) -> Option<(Message, Option<&crate::text::Text>)> {
    let found = &given.shaped;
    Some(match &given.shape {
        Shape::Other => return None,
        Shape::Set => (cards::DelayArgumentNotJson::Set { found }.into(), None),
        Shape::Function => (cards::DelayArgumentNotJson::Function { found }.into(), None),
        Shape::Request => (cards::DelayArgumentNotJson::Request { found }.into(), None),
        Shape::Object(made) => (cards::DelayArgumentNotJson::Object { found }.into(), made.as_ref()),
        Shape::OrmObject(made) => (cards::DelayArgumentNotJson::OrmObject { found }.into(), Some(made)),
    })
}
