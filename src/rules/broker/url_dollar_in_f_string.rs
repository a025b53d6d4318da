use crate::catalogue::cards;
use crate::facts::settings::Source;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::URL_DOLLAR_IN_F_STRING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        if address.said.setting.source > Source::Python {
            continue;
        }
        // No host and no port begins with a dollar; a password may.
        for part in [&address.url.host, &address.url.port].into_iter().flatten() {
            let is_before_a_hole = part.holes.first().is_some_and(|hole| hole.at == 1);
            if !part.as_str().starts_with('$') || !is_before_a_hole {
                continue;
            }
            let dollar = part.text.slice(0..1);
            // What one would mend stands where the address is put together, not where it is used.
            let place = dollar.origins().last().cloned().unwrap_or_else(|| dollar.clone());
            findings
                .add(cards::UrlDollarInFString { dollar: &dollar })
                .at(&place)
                .scope(&address.scope.name)
                .at_most_info_if(address.said.is_for_tests());
            break;
        }
    }
}
