use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_SSL_WITHOUT_REDISS, sees: SETTINGS_KINDS, check };

/// celery/backends/redis.py:688 (5.7.0)
const PARAMETERS: [&str; 4] = ["ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for backend in super::backends(scope).filter(|backend| backend.url.scheme.as_str() == "redis") {
            let in_query =
                super::parameters(&backend.url).map(|(name, _)| name).find(|name| PARAMETERS.contains(&name.as_str()));
            let in_settings = scope.said("redis_backend_use_ssl").find(|said| {
                PARAMETERS.iter().any(|name| super::entry(said, name).is_some())
                    && said.can_hold_with(&backend.said)
                    && !facts.paths.is_not_production(&said.setting.written)
            });
            // `{…} if REDIS_URL.startswith("rediss") else None`: without TLS the other one holds.
            let is_off = scope.said("redis_backend_use_ssl").any(|said| said.known.truth() == Some(false));
            let in_settings = in_settings.filter(|said| !(said.is_conditional() && is_off));
            let mut uncertain = backend.said.is_conditional();
            let (message, cause): (Message, Option<Text>) = match (in_query, in_settings) {
                (Some(found), _) => (cards::RedisSslWithoutRediss::Query { found: found.clone() }.into(), Some(found)),
                (None, Some(said)) => {
                    uncertain |= said.is_conditional();
                    let found = &said.setting.written;
                    (cards::RedisSslWithoutRediss::Setting { found }.into(), Some(found.clone()))
                }
                (None, None) => continue,
            };
            let finding = findings
                .add(message)
                .at(&backend.alias)
                .scope(&scope.name)
                .uncertain_if(uncertain)
                .at_most_info_if(backend.said.is_for_tests())
                .replace(&backend.alias, "rediss");
            if let Some(cause) = cause.filter(|cause| cause.span() != backend.alias.span()) {
                finding.related(&cause, Role::Cause);
            }
        }
    }
}
