use crate::catalogue::{Message, cards};
use crate::facts::url;
use crate::facts::value::{Known, Value};
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TRANSPORT_IN_MEMORY, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let process = scope.process.and_then(|number| variant.processes.get(number));
        // One process that sends its own tasks runs them too.
        let is_one_process = process
            .and_then(|process| process.option("--pool")?.value.as_ref()?.whole())
            .is_some_and(|pool| ["solo", "threads", "gevent", "eventlet"].contains(&pool.as_str()));
        // Tasks that run where they are called need neither.
        if scope.said("task_always_eager").any(|said| said.boolean() != Some(false)) {
            continue;
        }
        django_cache(facts, scope, findings);
        for name in ["broker_url", "result_backend"] {
            let is_in_memory = |text: &str| ["memory:", "cache+memory:"].iter().any(|start| text.starts_with(start));
            // A base class for tests and for production alike: the one that is used has another address.
            let has_other = scope
                .said(name)
                .any(|said| said.text().is_none_or(|it| it.whole().is_none_or(|it| !is_in_memory(it.as_str()))));
            if has_other {
                continue;
            }
            for said in scope.said(name) {
                let Some(scheme) = said.text().map(url::parse).and_then(|url| url.scheme.whole().cloned()) else {
                    continue;
                };
                let setting = &said.setting.written;
                let message: Message = match (name, scheme.as_str()) {
                    ("broker_url", "memory") => cards::TransportInMemory::Broker { setting }.into(),
                    ("result_backend", "cache+memory") => cards::TransportInMemory::Backend { setting }.into(),
                    _ => continue,
                };
                findings
                    .add(message)
                    .at(&scheme)
                    .scope(&scope.name)
                    // Settings alone may be those of a test run; a process that is started is not.
                    .uncertain_if(scope.process.is_none() || is_one_process || said.is_conditional())
                    .at_most_info_if(said.is_for_tests() || facts.paths.is_not_production(setting));
            }
        }
    }
}

/// `django-cache`, where Django keeps that cache in the memory of each process.
fn django_cache(facts: &Facts, scope: &Scope, findings: &mut Findings) {
    let Some((caches, Value::Dict(entries))) = facts.django_caches.as_ref().map(|it| (it, &it.value)) else { return };
    let mut named = scope.said("cache_backend");
    let name = match (named.next(), named.next()) {
        // django_celery_results/backends/cache.py: `caches[name] if name else cache`
        (None, _) => "default",
        (Some(one), None) => match one.known.whole_text() {
            Some(name) if !name.is_empty() => name.as_str(),
            _ => return,
        },
        _ => return,
    };
    let of_name = |(key, _): &&(Known, Known)| key.whole_text().is_some_and(|key| key.as_str() == name);
    let Some(Value::Dict(options)) = entries.iter().find(of_name).map(|(_, cache)| &cache.value) else { return };
    let class = options.iter().find(|(key, _)| key.whole_text().is_some_and(|key| key.as_str() == "BACKEND"));
    let Some(class) = class.and_then(|(_, class)| class.whole_text()) else { return };
    if class.as_str() != "django.core.cache.backends.locmem.LocMemCache" {
        return;
    }
    for said in scope.said("result_backend") {
        let Some(backend) = said.known.whole_text().filter(|it| it.as_str() == "django-cache") else { continue };
        findings
            .add(cards::TransportInMemory::DjangoCache { setting: &said.setting.written })
            .at(class)
            .scope(&scope.name)
            .related(backend, Role::Cause)
            .uncertain_if(scope.process.is_none() || said.is_conditional())
            .at_most_info_if(said.is_for_tests() || facts.paths.is_not_production(&caches.at));
    }
}
