use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::LINK_NOT_A_SIGNATURE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let slips = || facts.python_code.iter().flat_map(|file| file.slips.iter().map(move |slip| (file, slip)));
    let makes = facts
        .python_code
        .iter()
        .flat_map(|file| &file.imports)
        .any(|it| it.module.starts_with("celery") && it.name.as_ref().is_some_and(|name| name.as_str() == "group"));
    let saves = slips().any(|(_, it)| it.is == SlipKind::GroupSaved);
    for (file, slip) in slips().filter(|(file, _)| !file.is_test_code()) {
        let found = &slip.at;
        let message: Message = match &slip.is {
            SlipKind::LinkNoSignature(option) => {
                cards::LinkNotASignature::Link { found, option: option.as_str() }.into()
            }
            SlipKind::StarmapItem(method) => cards::LinkNotASignature::Item { found, option: method.as_str() }.into(),
            SlipKind::NoSignature(taker) => cards::LinkNotASignature::Canvas { found, option: taker.as_str() }.into(),
            SlipKind::GroupRestored if makes && !saves => {
                cards::LinkNotASignature::NotSaved { found, option: "" }.into()
            }
            _ => continue,
        };
        let is_task = file.tasks.iter().any(|task| task.name.as_str() == found.as_str());
        let finding = findings.add(message).at(found);
        if matches!(slip.is, SlipKind::LinkNoSignature(_)) && is_task {
            finding.replace(found, &format!("{}.s()", found.as_str()));
        }
    }
}
