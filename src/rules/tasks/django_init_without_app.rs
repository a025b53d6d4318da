use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::{CodeFile, Import, MadeBy};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DJANGO_INIT_WITHOUT_APP, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let shared = facts.tasks().find(|(_, task)| task.made_by == MadeBy::SharedTask);
    let Some((_, shared)) = shared else { return };
    for file in facts.python_code.iter().filter(|file| file.part.is_none() && file.file_name() == "celery.py") {
        let is_django = file.wiring.configured_from_django.is_some() && !file.folder().is_empty();
        let Some(app) = file.wiring.apps.first().filter(|_| is_django) else { continue };
        let beside = |other: &&CodeFile| {
            other.part.is_none() && other.folder() == file.folder() && other.file_name() == "__init__.py"
        };
        let Some(init) = facts.python_code.iter().find(beside) else { continue };
        let package = file.folder().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let imports_app = |import: &Import| is_app_module(import, package);
        // Whatever loads the app in the web process will do: apps.py, wsgi.py, urls.py.
        if init.is_whole && !facts.python_code.iter().any(|other| other.imports.iter().any(imports_app)) {
            // Where only beat sends tasks, no web process needs the app.
            let is_sent = facts.python_code.iter().any(|other| !other.sendings.is_empty());
            findings
                .add(cards::DjangoInitWithoutApp { init: &init.path, task: &shared.name })
                .at(app)
                .uncertain_if(!is_sent)
                .related(&shared.decorator, Role::Cause);
        }
    }
}

/// `from .celery import app`, `from shop.celery import app`, `from shop import celery`.
fn is_app_module(import: &Import, package: &str) -> bool {
    let module = import.module.as_str();
    let takes_module = import.name.as_ref().is_some_and(|name| name.as_str() == "celery");
    module.ends_with(".celery")
        || module.ends_with("celery_app")
        || (takes_module && (module == "." || module.ends_with(package)))
}
