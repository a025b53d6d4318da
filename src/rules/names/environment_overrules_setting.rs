use crate::catalogue::cards;
use crate::facts::settings::{Setting, Source};
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::ENVIRONMENT_OVERRULES_SETTING, sees: SETTINGS_KINDS, check };

/// The settings that the environment overrules (celery/app/utils.py:94, Settings, 5.7.0).
const OVERRULED: [&str; 4] = ["broker_url", "result_backend", "broker_read_url", "broker_write_url"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for name in OVERRULED {
            let Some((variable, loser)) = contradiction(scope, name) else { continue };
            findings
                .add(cards::EnvironmentOverrulesSetting { variable: &variable.written, setting: &loser.written })
                .at(&variable.written)
                .related(&loser.written, Role::Conflict)
                .scope(&scope.name)
                .at_most_info_if(is_local(loser));
        }
    }
}

/// The variable and the setting in code, where both are known and every value that the code may give is another.
fn contradiction<'a>(scope: &'a Scope, name: &str) -> Option<(&'a Setting, &'a Setting)> {
    let of = |is: fn(Source) -> bool| {
        scope.settings.iter().filter(move |setting| setting.name == name && is(setting.source))
    };
    let variable = of(|source| source == Source::Environment).next()?;
    let [wins] = &variable.alternatives[..] else { return None };
    let wins = wins.known.whole_text().filter(|text| !text.trim().is_empty())?;
    let mut loser = None;
    for setting in of(|source| source <= Source::Python) {
        for alternative in &setting.alternatives {
            // A default that holds only where the variable is not set is what one expects.
            if alternative.known.whole_text()?.as_str() == wins.as_str() || !alternative.conditions.is_empty() {
                return None;
            }
        }
        loser = Some(setting);
    }
    Some((variable, loser?))
}

/// A default for the developer's own machine, which is meant to be overruled.
fn is_local(setting: &Setting) -> bool {
    setting.alternatives.iter().all(|alternative| {
        let value = alternative.known.whole_text().map_or("", |text| text.as_str());
        ["localhost", "127.0.0.1", "memory://"].iter().any(|local| value.contains(local))
    })
}
