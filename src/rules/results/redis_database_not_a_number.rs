use crate::catalogue::cards;
use crate::facts::containers::image_name;
use crate::facts::url::Url;
use crate::facts::{Facts, broker, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_DATABASE_NOT_A_NUMBER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    too_high(facts, findings);
    for (_, scope) in facts.scopes() {
        for name in ["result_backend", "broker_url"] {
            for said in scope.said(name) {
                let Some(address) = said.text().map(url::parse) else { continue };
                let Some(database) = database(&address) else { continue };
                findings
                    .add(cards::RedisDatabaseNotANumber::Word { setting: &said.setting.written, found: &database })
                    .at(&database)
                    .scope(&scope.name)
                    .as_said(&said);
            }
        }
    }
}

/// The number of a database that an official image of Redis does not have, unless it is told so.
fn too_high(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        let Some(path) = address.url.path.as_ref().and_then(|path| path.whole()) else { continue };
        let Ok(number) = path.as_str().trim_start_matches('/').parse::<u32>() else { continue };
        if number <= 15 || !address.url.is_any(&["redis", "rediss"]) {
            continue;
        }
        let Some(host) = address.url.known_host() else { continue };
        let is_plain_redis = address.variant.containers.iter().any(|it| {
            // A command of its own may ask for more databases.
            it.name == host.as_str()
                && it.commands.is_none()
                && it.image.as_ref().is_some_and(|image| image_name(image.as_str()) == "redis")
        });
        if is_plain_redis {
            let found =
                path.slice(path.as_str().len() - path.as_str().trim_start_matches('/').len()..path.as_str().len());
            findings
                .add(cards::RedisDatabaseNotANumber::TooHigh { setting: &address.said.setting.written, found: &found })
                .at(&found)
                .scope(&address.scope.name)
                .uncertain_if(address.said.is_conditional());
        }
    }
}

/// The path of a Redis address, where it is a word instead of the number of a database.
fn database(address: &Url) -> Option<Text> {
    // Several addresses, or sentinels, are separated by `;`: the path is then not what it seems.
    let is_one = !address.whole.as_str().contains([';', ',']);
    if !matches!(address.scheme.as_str(), "redis" | "rediss") || !is_one {
        return None;
    }
    let path = address.path.as_ref()?;
    let end = path.as_str().find(['?', '#']).unwrap_or(path.as_str().len());
    let path = path.slice(0..end);
    let path = path.whole()?;
    let name = path.as_str().trim_matches('/');
    let is_word = name.chars().any(|c| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let start = path.as_str().find(name)?;
    is_word.then(|| path.slice(start..start + name.len()))
}
