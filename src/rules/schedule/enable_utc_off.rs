use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::ENABLE_UTC_OFF, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("enable_utc").filter(|said| said.boolean() == Some(false)) {
            findings
                .add(cards::EnableUtcOff { setting: &said.setting.written })
                .at(&said.known.at)
                .scope(&scope.name)
                .at_most_info_if(said.is_for_tests());
        }
    }
}
