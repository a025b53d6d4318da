use super::PACKAGE_KINDS;
use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::packages::ListDoes;
use crate::finding::Findings;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::CELERY_WITHOUT_UPPER_BOUND, sees: PACKAGE_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let lists = &facts.packages.lists;
    // A lock, or a list of constraints, pins what the requirements leave open; a file that is not shown may.
    if lists.iter().any(|list| list.does != ListDoes::Install || list.open) {
        return;
    }
    let said: Vec<_> = facts.packages.named("celery").collect();
    let bounded = |it: &&&crate::facts::packages::Requirement| {
        it.specifiers.as_ref().is_none_or(crate::facts::packages::Specifiers::has_upper_bound)
    };
    if said.iter().find(bounded).is_some() {
        return;
    }
    for requirement in said {
        findings.add(cards::CeleryWithoutUpperBound { found: &requirement.at }).at(&requirement.at);
    }
}
