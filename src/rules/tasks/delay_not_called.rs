use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_NOT_CALLED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        for slip in &file.slips {
            let found = &slip.at;
            let message: Message = match &slip.is {
                SlipKind::DelayNotCalled => cards::DelayNotCalled::NotCalled { found }.into(),
                SlipKind::LoopInLambda(name) => cards::DelayNotCalled::Loop { found: name.as_str() }.into(),
                _ => continue,
            };
            findings.add(message).at(found);
        }
    }
}
