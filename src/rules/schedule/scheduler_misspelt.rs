use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::SCHEDULER_MISSPELT, sees: SETTINGS_KINDS, check };

/// Schedulers of Celery and of well-known packages.
const SCHEDULERS: [&str; 6] = [
    "celery.beat:PersistentScheduler",
    "django_celery_beat.schedulers:DatabaseScheduler",
    "redbeat.RedBeatScheduler",
    "redbeat.schedulers:RedBeatScheduler",
    "sqlalchemy_celery_beat.schedulers:DatabaseScheduler",
    "celerybeatmongo.schedulers:MongoScheduler",
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        if let Some(found) = process.option("--scheduler").and_then(|given| given.text()) {
            say(found, &process.name, findings);
        }
    }
    for (_, scope) in facts.scopes() {
        for said in scope.said("beat_scheduler").filter(|said| !said.is_for_tests()) {
            if let Some(found) = said.known.whole_text() {
                say(found, &scope.name, findings);
            }
        }
    }
}

fn say(found: &Text, scope: &str, findings: &mut Findings) {
    // Celery takes a dot for the colon.
    let plain = |name: &str| name.replace(':', ".");
    let written = plain(found.as_str());
    let distance = |name: &&&str| strsim::osa_distance(&written, &plain(name));
    let ends = |name: &str| Some((name.split('.').next()?.to_owned(), name.rsplit('.').next()?.to_owned()));
    // The right class of the right package through the wrong module, or through none.
    let through = SCHEDULERS.iter().find(|name| {
        let is_bare = !written.contains('.') && plain(name).rsplit('.').next() == Some(written.as_str());
        is_bare || ends(&plain(name)) == ends(&written)
    });
    let Some(&meant) = through.or_else(|| SCHEDULERS.iter().min_by_key(distance)) else { return };
    if (through.is_some() || (1..=3).contains(&distance(&&meant)))
        && !SCHEDULERS.iter().any(|name| plain(name) == written)
    {
        findings.add(cards::SchedulerMisspelt { found, meant }).at(found).scope(scope).replace(found, meant);
    }
}
