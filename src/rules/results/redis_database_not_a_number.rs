use crate::catalogue::cards;
use crate::facts::url::Url;
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::REDIS_DATABASE_NOT_A_NUMBER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for name in ["result_backend", "broker_url"] {
            for said in scope.said(name) {
                let Some(address) = said.text().map(url::parse) else { continue };
                let Some(database) = database(&address) else { continue };
                findings
                    .add(cards::RedisDatabaseNotANumber { setting: &said.setting.written, found: &database })
                    .at(&database)
                    .scope(&scope.name)
                    .uncertain_if(said.is_conditional())
                    .at_most_info_if(said.is_for_tests());
            }
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
