use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::MODULE_HIDES_CELERY, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for shadow in facts.shadows_of_celery() {
        findings
            .add(cards::ModuleHidesCelery { file: shadow.path })
            .at(shadow.import)
            .related(&shadow.started, Role::Cause);
    }
}
