use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::UPDATE_STATE_ARGUMENTS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for slip in file.slips.iter().filter(|slip| slip.in_task.is_some()) {
            let found = &slip.at;
            let message: Message = match &slip.is {
                SlipKind::StatePositional => cards::UpdateStateArguments::Positional { found }.into(),
                SlipKind::StateFailure => cards::UpdateStateArguments::Failure { found }.into(),
                SlipKind::StateOverwritten => cards::UpdateStateArguments::Overwritten { found }.into(),
                _ => continue,
            };
            let finding = findings.add(message).at(found).at_most_info_if(file.is_test_code());
            if slip.is == SlipKind::StatePositional {
                finding.replace(found, &format!("None, {}", found.as_str()));
            }
        }
    }
}
