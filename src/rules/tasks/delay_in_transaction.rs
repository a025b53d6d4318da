use crate::catalogue::cards;
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
            let Some(transaction) = &sending.transaction else { continue };
            let is_at_once = matches!(sending.how, How::Delay | How::ApplyAsync) && !sending.is_later;
            // Whoever gives it time knows of the race.
            let waits = sending.options.iter().any(|(name, _)| matches!(name.as_str(), "countdown" | "eta"));
            if is_at_once && !waits {
                findings
                    .add(cards::DelayInTransaction { what: &sending.what, method: &sending.method })
                    .at(&sending.method)
                    .related(transaction, Role::Cause)
                    .at_most_info_if(file.is_for_tests());
            }
        }
    }
}
