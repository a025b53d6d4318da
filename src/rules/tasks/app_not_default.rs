use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, SlipKind};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::APP_NOT_DEFAULT, sees: &[Kind::Python], check };

/// The app that was made last is known to the thread that made it alone (celery/_state.py:64, _TLS, 5.7.0).
fn check(facts: &Facts, findings: &mut Findings) {
    let code = || facts.python_code.iter();
    let is_default = code().flat_map(|file| &file.slips).any(|it| it.is == SlipKind::DefaultSet);
    // Beside Django, the app makes itself the default (celery/fixups/django.py:82, 5.7.0).
    let is_django =
        code().any(|file| file.wiring.names_settings_module || file.wiring.configured_from_django.is_some());
    let makes_app = code().any(|file| !file.wiring.apps.is_empty());
    if is_default || is_django || !makes_app || code().any(|file| !file.is_whole) {
        return;
    }
    let scopes = || facts.scopes().map(|(_, scope)| scope);
    // Every app reads these two variables, also the one that nobody configured.
    let in_variables = |variable: &str, setting: &str| {
        let of_containers = facts.variants.iter().flat_map(|variant| &variant.containers);
        of_containers.into_iter().any(|it| it.environment.get(variable).is_some())
            || scopes().any(|scope| scope.mentions(variable) || scope.said(setting).next().is_none())
    };
    let broker_is_lost = !in_variables("CELERY_BROKER_URL", "broker_url");
    let results_are_lost = !in_variables("CELERY_RESULT_BACKEND", "result_backend");
    for file in code().filter(|file| !file.is_for_tests()) {
        for slip in &file.slips {
            let found = &slip.at;
            let message: Message = match slip.is {
                SlipKind::ResultInThread(server) if results_are_lost && server == "Flask" => {
                    cards::AppNotDefault::FlaskResult { found }.into()
                }
                SlipKind::ResultInThread(_) if results_are_lost => cards::AppNotDefault::Result { found }.into(),
                SlipKind::SentInThread(server) if broker_is_lost => {
                    let sent = file.sendings.iter().find(|it| it.method.span() == found.span());
                    let task = sent.and_then(|it| it.task).and_then(|task| facts.task(task));
                    let Some(task) = task.filter(|task| task.made_by == MadeBy::SharedTask) else { continue };
                    let found = &task.name;
                    if server == "Flask" {
                        cards::AppNotDefault::FlaskSent { found }.into()
                    } else {
                        cards::AppNotDefault::Sent { found }.into()
                    }
                }
                _ => continue,
            };
            findings.add(message).at(found).uncertain_if(!scopes().all(|scope| scope.closed));
        }
    }
}
