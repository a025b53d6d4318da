use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::APP_CALL_WRONG, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for slip in &file.slips {
            let found = &slip.at;
            let message: Message = match &slip.is {
                SlipKind::WorkerMain => cards::AppCallWrong::WorkerMain { found }.into(),
                SlipKind::WorkerClass => cards::AppCallWrong::WorkerClass { found }.into(),
                SlipKind::UserOptionFunction => cards::AppCallWrong::UserOption { found }.into(),
                SlipKind::LoggerWithoutName => cards::AppCallWrong::Logger { found }.into(),
                SlipKind::PackageAsApp => cards::AppCallWrong::Package { found }.into(),
                SlipKind::StepsKey => cards::AppCallWrong::Steps { found }.into(),
                _ => continue,
            };
            findings.add(message).at(found).at_most_info_if(file.is_test_code());
        }
    }
}
