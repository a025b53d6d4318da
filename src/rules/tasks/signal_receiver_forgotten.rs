use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::SIGNAL_RECEIVER_FORGOTTEN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        for receiver in file.receivers.iter().filter(|it| it.is_forgotten && it.takes_any != Some(false)) {
            findings.add(cards::SignalReceiverForgotten { signal: &receiver.signal }).at(&receiver.at);
        }
    }
}
