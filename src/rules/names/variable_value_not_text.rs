use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::containers::NotSet;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule =
    Rule { card: &cards::VARIABLE_VALUE_NOT_TEXT, sees: &[Kind::Kubernetes, Kind::HelmTemplate, Kind::Compose], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for container in facts.variants.iter().flat_map(|variant| &variant.containers) {
        for not_set in &container.not_set {
            let (message, found) = match not_set {
                NotSet::NoText(found) => (cards::VariableValueNotText::Value { found }, found),
                NotSet::NoItem(found) => (cards::VariableValueNotText::Item { found }, found),
                NotSet::NoBase64(found) => (cards::VariableValueNotText::Base64 { found }, found),
                NotSet::NoKey { key: found, .. } => (cards::VariableValueNotText::Key { found }, found),
            };
            // A Secret in a repository is often a sample of the real one.
            let may_have_more = matches!(not_set, NotSet::NoKey { is_of_secret: true, .. });
            findings.add(message).at(found).scope(&container.name).uncertain_if(may_have_more);
        }
    }
}
