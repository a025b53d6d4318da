use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule =
    Rule { card: &cards::VARIABLE_VALUE_NOT_TEXT, sees: &[Kind::Kubernetes, Kind::HelmTemplate], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for container in facts.variants.iter().flat_map(|variant| &variant.containers) {
        for found in &container.not_texts {
            findings.add(cards::VariableValueNotText { found }).at(found).scope(&container.name);
        }
    }
}
