use super::PACKAGE_KINDS;
use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::packages::normalised;
use crate::finding::Findings;
use crate::knowledge::packages;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::CELERY_EXTRA_INSTALLS_NOTHING, sees: PACKAGE_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(python) = facts.packages.python() else { return };
    for requirement in facts.packages.named("celery") {
        for extra in &requirement.extras {
            let name = normalised(extra.as_str());
            let is_empty = packages::extra(&name)
                .is_some_and(|row| facts.celery.possible.iter().all(|it| row.is_empty_on(*it, python.version())));
            // The package itself is on the list: then the extra does no harm.
            if is_empty && facts.packages.named(&name).next().is_none() {
                findings
                    .add(cards::CeleryExtraInstallsNothing { found: extra, python: python.name() })
                    .at(extra)
                    .related(&python.at, Role::Cause);
            }
        }
    }
}
