use crate::catalogue::cards;
use crate::facts::value::Value;
use crate::facts::{Facts, Said};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_EXPIRES_NEVER, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // rpc stores nothing, and disabled neither.
        let stores_nothing = super::backends(scope).any(|it| matches!(it.alias.as_str(), "rpc" | "disabled"))
            || scope.said("result_backend").any(|said| said.is_none());
        if stores_nothing {
            continue;
        }
        for said in scope.said("result_expires").filter(is_never) {
            findings
                .add(cards::ResultExpiresNever { setting: &said.setting.written })
                .at(&said.known.at)
                .scope(&scope.name)
                .as_said(&said);
        }
    }
}

/// None and zero: nothing expires, and beat does not send `celery.backend_cleanup` (celery/beat.py:276, 5.7.0).
fn is_never(said: &Said<'_>) -> bool {
    match &said.known.value {
        Value::Integer(0) | Value::None => true,
        Value::Float(seconds) => *seconds == 0.0,
        _ => false,
    }
}
