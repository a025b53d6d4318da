use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::SIGNAL_RECEIVER_ARGUMENTS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for receiver in facts.python_code.iter().flat_map(|file| &file.receivers) {
        // celery/utils/dispatch/signal.py, _connect_signal (5.7.0)
        if receiver.takes_any == Some(false) {
            let signal = &receiver.signal;
            findings.add(cards::SignalReceiverArguments { signal, receiver: &receiver.at }).at(&receiver.at);
        }
    }
}
