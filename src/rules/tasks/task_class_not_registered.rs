use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{MadeBy, SlipKind};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_CLASS_NOT_REGISTERED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let slips = || facts.python_code.iter().flat_map(|file| &file.slips);
    for (file, slip) in facts.python_code.iter().flat_map(|file| file.slips.iter().map(move |slip| (file, slip))) {
        let SlipKind::ClassSent { class, on_class } = &slip.is else { continue };
        let mut classes = facts.tasks().filter(|(_, it)| it.made_by == MadeBy::Class && it.name.as_str() == class);
        let (Some((_, task)), None) = (classes.next(), classes.next()) else { continue };
        if task.is_twice || file.is_test_code() {
            continue;
        }
        let is_registered = slips().any(|it| matches!(&it.is, SlipKind::ClassRegistered(other) if other == class));
        let message: Message = if *on_class {
            cards::TaskClassNotRegistered::OnClass { found: class.as_str() }.into()
        } else if !is_registered {
            cards::TaskClassNotRegistered::Unregistered { found: class.as_str() }.into()
        } else {
            continue;
        };
        findings.add(message).at(&slip.at).related(&task.name, Role::Conflict);
    }
}
