use crate::catalogue::{Message, cards};
use crate::facts::scope::Answer;
use crate::facts::tasks::{CodeFile, Given, Import, Shape};
use crate::facts::{Facts, Said};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
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
            let is_other = |said: Said<'_>| said.text().is_none_or(|text| !is_json(text.as_str()));
            scope.said("task_ignore_result").any(|said| said.boolean() != Some(false))
                || scope.said("result_serializer").any(is_other)
        });
    let is_certain = always_json(facts);
    for file in &facts.python_code {
        for argument in file.signed.iter().flat_map(|it| it.positional.iter().chain(it.named.iter().map(|(_, it)| it)))
        {
            add(facts, findings, argument, file, false);
        }
        for (task, given) in file.returned.iter().filter(|_| keeps_results) {
            let Some(task) = file.tasks.get(*task) else { continue };
            let own = ["ignore_result", "serializer", "base"].iter().any(|it| task.option(it).is_some());
            if !own && !task.is_open && !task.is_wrapped && !task.is_async {
                let message = cards::DelayArgumentNotJson::Returned { found: &given.shaped };
                findings.add(message).at(&given.shaped).at_most_info_if(file.is_for_tests()).uncertain_if(true);
            }
        }
        for sending in &file.sendings {
            let own = sending.options.iter().any(|(name, _)| name.as_str() == "serializer");
            let task = sending.task.and_then(|task| facts.task(task));
            if own || task.is_some_and(|task| task.is_open || task.option("serializer").is_some()) {
                continue;
            }
            let is_plain = task.is_some_and(|it| it.option("base").is_none() && !it.is_twice && it.is_alone);
            let given = &sending.arguments;
            for argument in given.positional.iter().chain(given.named.iter().map(|(_, given)| given)) {
                add(facts, findings, argument, file, is_certain && is_plain && sending.conditions.is_empty());
            }
        }
    }
}

/// Whether every app that is shown certainly sends JSON: no setting, no class of tasks and no encoder says otherwise.
fn always_json(facts: &Facts) -> bool {
    let mut apps = facts.scopes().map(|(_, scope)| scope).filter(|scope| scope.makes_app).peekable();
    apps.peek().is_some()
        && apps.all(|scope| {
            let is_default = match scope.answer("task_serializer") {
                Answer::Default => true,
                Answer::Said(said) => said.iter().all(|it| !it.is_conditional()),
                Answer::NotShown => false,
            };
            is_default && !["task_cls", "register", "Task"].iter().any(|word| scope.mentions(word))
        })
}

fn add(facts: &Facts, findings: &mut Findings, given: &Given, file: &CodeFile, is_certain: bool) {
    let Some((message, made)) = said(given) else { return };
    let is_refused = is_certain
        && given.is_sure
        && match &given.shape {
            Shape::Set | Shape::Function => true,
            Shape::OrmObject(made) => is_plain_object(facts, file, made),
            _ => false,
        };
    let finding =
        findings.add(message).at(&given.shaped).at_most_info_if(file.is_for_tests()).uncertain_if(!is_refused);
    if let Some(made) = made {
        finding.related(made, Role::Origin);
    }
}

/// `Order.objects.get(…)` of a model that is shown, or of Django's own users: no encoder of theirs helps.
fn is_plain_object(facts: &Facts, file: &CodeFile, made: &Text) -> bool {
    let Some((class, rest)) = made.as_str().split_once(".objects.") else { return false };
    let gives_one = |method: &str| matches!(method, "get" | "create" | "create_user" | "create_superuser");
    if !rest.split_once('(').is_some_and(|(method, rest)| gives_one(method) && !rest.contains(").")) {
        return false;
    }
    let has = |file: &CodeFile| file.plain_models.iter().any(|it| it.as_str() == class);
    let is_name = |import: &&Import| import.name.as_ref().is_some_and(|it| it.as_str() == class);
    match file.imports.iter().find(is_name) {
        None => has(file),
        Some(import) if import.module == "django.contrib.auth.models" => class == "User",
        Some(import) => facts.imported_by(file, &import.module).is_some_and(|at| has(&facts.python_code[at])),
    }
}

fn said(given: &Given) -> Option<(Message, Option<&Text>)> {
    let found = &given.shaped;
    Some(match &given.shape {
        Shape::Other | Shape::Scalar => return None,
        Shape::Set => (cards::DelayArgumentNotJson::Set { found }.into(), None),
        Shape::Function => (cards::DelayArgumentNotJson::Function { found }.into(), None),
        Shape::Request => (cards::DelayArgumentNotJson::Request { found }.into(), None),
        Shape::Object(made) => (cards::DelayArgumentNotJson::Object { found }.into(), made.as_ref()),
        Shape::OrmObject(made) => (cards::DelayArgumentNotJson::OrmObject { found }.into(), Some(made)),
    })
}
