use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DJANGO_RESULTS_APP_MISSING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(apps) = facts.installed_apps.as_ref().filter(|apps| !apps.has("django_celery_results")) else { return };
    for (_, scope) in facts.scopes() {
        for said in scope.said("result_backend") {
            let Some(backend) = said.known.whole_text() else { continue };
            // django-cache keeps results in Django's cache: it needs the package, and no table.
            if backend.as_str() == "django-db" {
                findings
                    .add(cards::DjangoResultsAppMissing { setting: &said.setting.written })
                    .at(backend)
                    .related(&apps.at, Role::Cause)
                    .scope(&scope.name)
                    .as_said(&said);
            }
        }
    }
}
