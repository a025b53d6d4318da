use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::url::{self, Url};
use crate::facts::value::{Template, Why};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_PASSWORD_AS_USER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for name in ["broker_url", "result_backend"] {
            for said in scope.said(name) {
                let Some(address) = said.text().map(url::parse) else { continue };
                let Some(user) = lonely_user(&address) else { continue };
                let finding = findings
                    .add(cards::RedisPasswordAsUser { setting: &said.setting.written })
                    .at(if user.holes.is_empty() { &user.text } else { &user.holes[0].site })
                    .scope(&scope.name)
                    .as_said(&said);
                // The colon goes behind `://`; the password itself is not touched.
                let scheme = address.whole.text.slice(0..address.scheme.text.len() + 3);
                let with_colon = format!("{}:", scheme.as_str());
                finding.replace(&scheme, &with_colon);
            }
        }
    }
}

/// What stands before the `@` of a Redis address that has no colon there, and is surely not just a user.
fn lonely_user(address: &Url) -> Option<&Template> {
    let is_redis = matches!(address.scheme.as_str(), "redis" | "rediss");
    let user = address.user.as_ref().filter(|_| is_redis && address.password.is_none())?;
    if address.whole.as_str().contains("credential_provider") {
        return None;
    }
    let is_meant_as_password = match (user.whole(), &user.holes[..]) {
        // A user named `default` may do without a password.
        (Some(text), _) => {
            !matches!(text.as_str(), "" | "default") && !text.as_str().contains(['$', '{', '<', '%', ';'])
        }
        // A variable may hold `user:password`, unless its name says that it is a password.
        (None, [hole]) => {
            Url::is_one_hole(user)
                && match &hole.why {
                    Why::Environment { name, .. } | Why::Name(name) => {
                        name.to_ascii_lowercase().contains("pass") && !name.to_ascii_lowercase().contains("user")
                    }
                    _ => false,
                }
        }
        _ => false,
    };
    is_meant_as_password.then_some(user)
}
