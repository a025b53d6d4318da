use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::serializers::LISTS;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::ACCEPT_CONTENT_STRING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in LISTS.iter().flat_map(|name| scope.said(name)) {
            // kombu/utils and serialization.prepare_accept_content go through it character by character.
            let Some(text) = said.known.whole_text().filter(|text| !text.is_empty()) else { continue };
            let finding = findings
                .add(cards::AcceptContentString { setting: &said.setting.written, found: text })
                .at(text)
                .scope(&scope.name)
                .as_said(&said);
            let is_one_name = text.as_str().chars().all(|it| it.is_ascii_alphanumeric() || "/-_.".contains(it));
            if is_one_name && let Some(expression) = &said.setting.expression {
                finding.replace(expression, &format!("[\"{text}\"]", text = text.as_str()));
            }
        }
    }
}
