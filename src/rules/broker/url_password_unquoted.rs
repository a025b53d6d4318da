use crate::catalogue::cards;
use crate::facts::url::Url;
use crate::facts::value::Why;
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::URL_PASSWORD_UNQUOTED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::all(facts) {
        // A variable that may be missing is worse, and that rule names quote() as well.
        if address.url.holes().any(|(_, hole)| hole.none_if_unset.is_some()) {
            continue;
        }
        let Some(password) = address.url.password.as_ref().filter(|password| Url::is_one_hole(password)) else {
            continue;
        };
        let Some(hole) = password.holes.first() else { continue };
        // Nothing but code can encode it.
        if let Why::Environment { name, .. } = &hole.why
            && facts.code_file_of(&hole.site).is_some()
        {
            findings
                .add(cards::UrlPasswordUnquoted { variable: name })
                .at(&hole.site)
                .scope(&address.scope.name)
                .at_most_info_if(address.said.is_for_tests());
        }
    }
}
