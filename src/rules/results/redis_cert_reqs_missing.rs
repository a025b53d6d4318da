use crate::catalogue::cards;
use crate::facts::settings::Source;
use crate::facts::value::Value;
use crate::facts::{Answer, Facts, Said, Scope};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

use super::Backend;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_CERT_REQS_MISSING, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for backend in super::backends(scope).filter(|backend| backend.url.scheme.as_str() == "rediss") {
            // The parameter is said, or may be, or the address is of another shape (`rediss://a;rediss://b`).
            let is_said = super::parameter(&backend.url, "ssl_cert_reqs").is_some()
                || super::may_have_more_parameters(&backend.url)
                || backend.url.whole.as_str().contains(';');
            if is_said {
                continue;
            }
            let Some(is_certain) = is_missing(&backend, scope) else { continue };
            let finding = findings
                .add(cards::RedisCertReqsMissing { setting: &backend.said.setting.written })
                .at(&backend.alias)
                .scope(&scope.name)
                .uncertain_if(!is_certain || backend.said.is_conditional())
                .at_most_info_if(backend.said.is_for_tests());
            // Behind the last parameter, or behind the database where there is none.
            let (last, joint) = match &backend.url.query {
                Some(query) => (Some(query), '&'),
                None => (backend.url.path.as_ref(), '?'),
            };
            if let Some(last) = last.and_then(|last| last.whole()).filter(|last| !last.is_empty()) {
                finding.replace(last, &format!("{}{joint}ssl_cert_reqs=required", last.as_str()));
            }
        }
    }
}

/// Whether `redis_backend_use_ssl` says nothing of certificates either: certainly (`true`), or as far as is shown
/// (`false`); `None` where it does, may, or no settings are shown that could.
fn is_missing(backend: &Backend<'_>, scope: &Scope) -> Option<bool> {
    match scope.answer("redis_backend_use_ssl") {
        Answer::Default => Some(true),
        Answer::NotShown => scope.settings.iter().any(|it| it.source <= Source::Python).then_some(false),
        Answer::Said(values) => {
            let all_silent =
                values.iter().filter(|said| said.can_hold_with(&backend.said)).all(|said| is_empty_or_without(said));
            all_silent.then_some(true)
        }
    }
}

fn is_empty_or_without(said: &Said<'_>) -> bool {
    match &said.known.value {
        Value::None | Value::Boolean(false) => true,
        Value::Dict(entries) => {
            entries.iter().all(|(key, _)| key.whole_text().is_some_and(|key| key.as_str() != "ssl_cert_reqs"))
        }
        _ => false,
    }
}
