use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::MODULE_HIDES_CELERY, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for shadow in facts.shadows_of_celery() {
        let message: Message = match shadow.is_reached {
            true => cards::ModuleHidesCelery::Started { file: shadow.path }.into(),
            false => cards::ModuleHidesCelery::Beside { file: shadow.path }.into(),
        };
        findings.add(message).at(shadow.import).related(&shadow.started, Role::Cause);
    }
}
