use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::PROBE_TIMEOUT_SHORT, sees: &[Kind::Kubernetes], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for container in facts.variants.iter().flat_map(|variant| &variant.containers) {
        if let Some(probe) = &container.impatient_probe {
            findings.add(cards::ProbeTimeoutShort { container: &container.name }).at(probe).scope(&container.name);
        }
    }
}
