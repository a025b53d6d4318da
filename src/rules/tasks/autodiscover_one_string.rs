use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::AUTODISCOVER_ONE_STRING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for discovery in facts.python_code.iter().flat_map(|file| &file.wiring.autodiscovers) {
        if let Some(found) = discovery.one_string.as_ref().filter(|found| found.as_str().len() > 1) {
            findings.add(cards::AutodiscoverOneString { found }).at(found);
        }
    }
}
