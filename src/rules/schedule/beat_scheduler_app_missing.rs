use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_SCHEDULER_APP_MISSING, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(apps) = facts.installed_apps.as_ref().filter(|apps| !apps.has("django_celery_beat")) else { return };
    for (_, scope) in facts.scopes() {
        for said in scope.said("beat_scheduler") {
            let Some(scheduler) = said.known.whole_text() else { continue };
            // `django` is an entry point of the same package.
            if scheduler.as_str() == "django" || scheduler.as_str().starts_with("django_celery_beat.") {
                findings
                    .add(cards::BeatSchedulerAppMissing { scheduler })
                    .at(scheduler)
                    .related(&apps.at, Role::Cause)
                    .scope(&scope.name)
                    .as_said(&said);
            }
        }
    }
}
