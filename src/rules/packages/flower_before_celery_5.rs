use super::PACKAGE_KINDS;
use crate::catalogue::cards;
use crate::catalogue::version::Version;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_BEFORE_CELERY_5, sees: PACKAGE_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let Some((celery, version)) = facts.packages.celery_pin().filter(|(_, version)| version.major >= 5) else { return };
    for flower in facts.packages.named("flower") {
        let exact = flower.specifiers.as_ref().and_then(|it| it.exact());
        if exact.is_some_and(|it| it < Version { major: 1, minor: 0, patch: 0 }) {
            findings
                .add(cards::FlowerBeforeCelery5 { found: &flower.at, celery: version })
                .at(&flower.at)
                .related(&celery.at, Role::Cause);
        }
    }
}
