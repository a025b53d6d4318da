use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::{CalledEarly, Early};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::SIGNATURE_NOT_SENT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        // What stands in it may be sent already, and another card says so.
        let is_sent = |call: &CalledEarly, signature: &Text| {
            call.how == Early::Sent && signature.span().contains(call.call.span())
        };
        let unsent = file.unsent.iter().filter(|(it, _)| !file.called_early.iter().any(|call| is_sent(call, it)));
        for (signature, is_alone) in unsent {
            // A note may show what a signature is.
            let is_shown = file.part.is_some() || file.is_test_code();
            findings
                .add(cards::SignatureNotSent { signature })
                .at(signature)
                .uncertain_if(!is_alone || is_shown || signature.as_str().contains(".link"));
        }
    }
}
