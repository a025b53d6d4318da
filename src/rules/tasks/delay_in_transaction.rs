use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::How;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_IN_TRANSACTION, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for sending in &file.sendings {
            let is_at_once = matches!(sending.how, How::Delay | How::ApplyAsync) && !sending.is_later;
            // Whoever gives it time knows of the race.
            let waits = sending.options.iter().any(|(name, _)| matches!(name.as_str(), "countdown" | "eta"));
            if !is_at_once || waits {
                continue;
            }
            let (what, method) = (&sending.what, &sending.method);
            let of_request = facts.atomic_requests.as_ref().filter(|_| sending.is_in_view);
            if let (None, Some(saved)) = (&sending.transaction, &sending.saved_later) {
                let message = cards::DelayInTransaction::BeforeSave { what, method };
                findings.add(message).at(method).related(saved, Role::Cause).at_most_info_if(file.is_for_tests());
                continue;
            }
            let (message, cause): (Message, _) = match (&sending.transaction, &sending.signal, of_request) {
                (Some(transaction), _, _) => (cards::DelayInTransaction::Inside { what, method }.into(), transaction),
                (None, Some(signal), _) if sending.at.as_str().contains("instance") => {
                    (cards::DelayInTransaction::Signal { what, method }.into(), signal)
                }
                (None, None, Some(setting)) => (cards::DelayInTransaction::Request { what, method }.into(), setting),
                _ => continue,
            };
            // The words of a mail, without the key of any row, need nothing that the transaction writes.
            let is_key = |word: &str| matches!(word, "id" | "pk" | "uuid" | "instance") || word.ends_with("_id");
            let given = sending.at.as_str();
            let is_mere_text = given.contains(['"', '\''])
                && !given
                    .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .any(|it| is_key(it) || it.ends_with("_pk"));
            if is_mere_text && sending.options.is_empty() {
                continue;
            }
            findings.add(message).at(method).related(cause, Role::Cause).at_most_info_if(file.is_for_tests());
        }
    }
}
