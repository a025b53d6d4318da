use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_ANNOTATIONS_INVALID, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("task_annotations") {
            let Value::Dict(entries) = &said.known.value else { continue };
            for (_, value) in entries {
                // celery/app/annotations.py, MapAnnotation: dict(self[task.name])
                if matches!(value.value, Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(true)) {
                    findings
                        .add(cards::TaskAnnotationsInvalid { setting: &said.setting.written })
                        .at(&value.at)
                        .scope(&scope.name)
                        .as_said(&said);
                }
            }
        }
    }
}
