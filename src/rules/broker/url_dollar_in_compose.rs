use crate::catalogue::cards;
use crate::facts::value::Why;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::URL_DOLLAR_IN_COMPOSE, sees: &[Kind::Compose], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        if address.container().is_none_or(|container| container.kind != Kind::Compose) {
            continue;
        }
        let Some(password) = &address.url.password else { continue };
        // In the middle of other characters a bare lower-case name is hardly meant as a variable: `pa$word1`.
        let meant_as_text = password.holes.iter().filter(|hole| hole.at > 0).find(|hole| {
            let name = hole.site.as_str().strip_prefix('$').unwrap_or_default();
            let is_bare = name.starts_with(|first: char| first.is_ascii_lowercase());
            let before = password.as_str()[..hole.at].chars().next_back();
            is_bare && before.is_some_and(char::is_alphanumeric) && matches!(hole.why, Why::Environment { .. })
        });
        let Some(hole) = meant_as_text else { continue };
        findings
            .add(cards::UrlDollarInCompose { reference: &hole.site })
            .at(&hole.site)
            .scope(&address.scope.name)
            .at_most_info_if(address.said.is_for_tests());
    }
}
