use crate::catalogue::cards;
use crate::facts::{Answer, Facts, Said, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::serializers::{LISTS, NAMES_ONE, of_entry};
use crate::rules::Rule;
use crate::rules::privileges::is_root_with_pickle;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::PICKLE_ACCEPTED, sees: &[Kind::Python], check };

const PICKLE: Option<&str> = Some("application/x-python-serialize");

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        // As root it is worse, and another rule says so.
        if is_root_with_pickle(variant, scope) {
            continue;
        }
        let senders: Vec<(Said<'_>, &Text)> = NAMES_ONE
            .iter()
            .flat_map(|name| scope.said(name))
            .filter_map(|said| {
                let found = said.known.whole_text().filter(|text| text.as_str() == "pickle")?;
                Some((said, found))
            })
            .collect();
        let mut is_accepted = false;
        for said in LISTS.iter().flat_map(|name| scope.said(name)) {
            // The name and the content type beside each other are one cause.
            let pickle = said.strings().unwrap_or_default().into_iter().find(|it| of_entry(it.as_str()) == PICKLE);
            if let Some(found) = pickle {
                is_accepted = true;
                let finding = findings.add(cards::PickleAccepted::Accepted { found, setting: &said.setting.written });
                for (_, sender) in &senders {
                    finding.related(sender, Role::Cause);
                }
                finding.at(found).scope(&scope.name).as_said(&said).at_most_info_if(scope.is_for_tests);
            }
        }
        // Sent as pickle and not accepted here: that is another rule's. Where nobody shows what is accepted, some
        // worker has to accept it.
        if !is_accepted && is_not_shown(scope) {
            for (said, found) in senders {
                findings
                    .add(cards::PickleAccepted::Sent { found, setting: &said.setting.written })
                    .at(found)
                    .scope(&scope.name)
                    .as_said(&said)
                    .at_most_info_if(scope.is_for_tests);
            }
        }
    }
}

fn is_not_shown(scope: &Scope) -> bool {
    matches!(scope.answer("accept_content"), Answer::NotShown)
}
