use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::{Known, Value};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::CACHE_BACKEND_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(Value::Dict(caches)) = facts.django_caches.as_ref().map(|caches| &caches.value) else { return };
    let names: Option<Vec<&str>> =
        caches.iter().map(|(name, _)| name.whole_text().map(crate::text::Text::as_str)).collect();
    let Some(names) = names.filter(|names| !names.is_empty()) else { return };
    for (_, scope) in facts.scopes() {
        // django_celery_results/backends/cache.py: `caches[app.conf.cache_backend]`
        for (said, backend) in scope.together("cache_backend", "result_backend") {
            let Some(found) = said.known.whole_text().filter(|found| !found.is_empty()) else { continue };
            let is_django = backend.known.whole_text().is_some_and(|text| text.as_str() == "django-cache");
            if !is_django || names.contains(&found.as_str()) {
                continue;
            }
            let finding = findings
                .add(cards::CacheBackendUnknown { found, known: &names })
                .at(found)
                .scope(&scope.name)
                .uncertain_if(said.is_conditional() || backend.is_conditional())
                .at_most_info_if(said.is_for_tests());
            if let Some(place) = facts.django_caches.as_ref().map(|Known { at, .. }| at) {
                finding.related(place, Role::Cause);
            }
        }
    }
}
