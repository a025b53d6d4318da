use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_BACKEND_USE_SSL_NOT_A_DICT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        let mut known = super::backends(scope).peekable();
        let is_shown = known.peek().is_some();
        // Only the Redis backend reads the setting (celery/backends/redis.py:558, 5.7.0).
        if is_shown && !known.any(|backend| super::is_redis(backend.alias.as_str())) {
            continue;
        }
        for said in scope.said("redis_backend_use_ssl") {
            let is_wrong = match &said.known.value {
                Value::Boolean(on) => *on,
                Value::Integer(number) => *number != 0,
                _ => false,
            };
            if is_wrong {
                findings
                    .add(cards::RedisBackendUseSslNotADict { setting: &said.setting.written })
                    .at(&said.known.at)
                    .scope(&scope.name)
                    .uncertain_if(!is_shown || said.is_conditional())
                    .at_most_info_if(said.is_for_tests());
            }
        }
    }
}
