use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::SIGNATURE_NOT_SENT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        for signature in &file.unsent {
            findings.add(cards::SignatureNotSent { signature }).at(signature);
        }
    }
}
