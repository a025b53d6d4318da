use crate::catalogue::cards;
use crate::facts::broker::{TransportOption, default_visibility_timeout, transport_option};
use crate::facts::written::Place;
use crate::facts::{Answer, Facts, Said, Scope, broker, url};
use crate::finding::Findings;
use crate::rules::setting_lookup as lookup;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::VISIBILITY_TIMEOUT_MISPLACED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // Another broker has no such time, and one that is not known may be Redis or SQS.
        let is_other = |said: Said<'_>| {
            let url = said.text().map(url::parse);
            url.is_some_and(|url| url.scheme_name().is_some() && default_visibility_timeout(&url).is_none())
        };
        if scope.said("broker_url").next().is_some() && !scope.said("broker_url").any(is_other) {
            alone(scope, findings);
        }
    }
    for address in broker::brokers(facts) {
        if default_visibility_timeout(&address.url).is_none() {
            continue;
        }
        let lacks_it = match address.scope.answer("broker_transport_options") {
            Answer::Default => true,
            Answer::NotShown => false,
            Answer::Said(said) => said
                .iter()
                .all(|it| matches!(transport_option(it.known, "visibility_timeout"), TransportOption::NotSet)),
        };
        if !lacks_it {
            continue;
        }
        for said in address.scope.said("result_backend_transport_options") {
            let TransportOption::Set(value) = transport_option(said.known, "visibility_timeout") else { continue };
            findings
                .add(cards::VisibilityTimeoutMisplaced { setting: &said.setting.written })
                .at(&value.at)
                .scope(&address.scope.name)
                .as_said(&said);
        }
    }
}

/// A setting of its own, which Celery does not have.
fn alone(scope: &Scope, findings: &mut Findings) {
    let is_not_set =
        |said: Said<'_>| matches!(transport_option(said.known, "visibility_timeout"), TransportOption::NotSet);
    if !scope.said("broker_transport_options").all(is_not_set) {
        return;
    }
    for written in scope.written.iter().filter(|written| written.means.is_none()) {
        let name = written.name.as_str();
        let is_it = match written.place {
            Place::Conf | Place::Argument => matches!(name, "visibility_timeout" | "broker_visibility_timeout"),
            Place::FlaskConfig => false,
            _ => {
                let is_read = written.read_by.is_some()
                    || scope.written.iter().any(|it| it.group == written.group && it.means == Some("broker_url"));
                is_read && NAMES.contains(&name)
            }
        };
        if is_it && !lookup::is_read_elsewhere(scope, written) {
            findings
                .add(cards::VisibilityTimeoutMisplaced { setting: &written.name })
                .at(&written.name)
                .scope(&scope.name)
                .uncertain_if(written.is_conditional());
        }
    }
}

/// What people take for the setting. `VISIBILITY_TIMEOUT` may be a project's own.
const NAMES: [&str; 5] = [
    "visibility_timeout",
    "broker_visibility_timeout",
    "BROKER_VISIBILITY_TIMEOUT",
    "CELERY_VISIBILITY_TIMEOUT",
    "CELERY_BROKER_VISIBILITY_TIMEOUT",
];
