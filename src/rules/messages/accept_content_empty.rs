use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::ACCEPT_CONTENT_EMPTY, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("accept_content") {
            if !matches!(&said.known.value, Value::List(items) if items.is_empty()) {
                continue;
            }
            let finding = findings
                .add(cards::AcceptContentEmpty { setting: &said.setting.written })
                .at(&said.known.at)
                .scope(&scope.name)
                .as_said(&said);
            if let Some(expression) = &said.setting.expression {
                finding.replace(expression, "[\"json\"]");
            }
        }
    }
}
