use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_CALL_WITHOUT_RETURN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for slip in facts.python_code.iter().flat_map(|file| &file.slips) {
        match slip.is {
            SlipKind::CallWithoutReturn => {
                findings.add(cards::TaskCallWithoutReturn::NoReturn { found: &slip.at }).at(&slip.at);
            }
            SlipKind::BaseUnused => {
                findings.add(cards::TaskCallWithoutReturn::Unused { found: &slip.at }).at(&slip.at);
            }
            _ => {}
        }
    }
}
