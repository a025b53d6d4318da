use crate::catalogue::cards;
use crate::catalogue::version::Version;
use crate::facts::Facts;
use crate::facts::written::Place;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_TOO_NEW, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    if !facts.celery.is_known() {
        return;
    }
    let newest = facts.celery.newest();
    for (_, scope) in facts.scopes() {
        for written in scope.written.iter() {
            let Some(row) = written.means.and_then(celery::setting) else { continue };
            let exists = facts.celery.possible.iter().any(|&version| row.exists_in(version));
            let first: Option<Version> =
                celery::releases().iter().copied().find(|&version| version > newest && row.exists_in(version));
            let Some(first) = first.filter(|_| !exists) else { continue };
            let is_own = !lookup::is_certainly_for_celery(written)
                || lookup::is_read_elsewhere(scope, written)
                || written.place == Place::FlaskConfig;
            if is_own || celery::releases().iter().any(|&version| version < newest && row.exists_in(version)) {
                continue;
            }
            findings
                .add(cards::SettingTooNew { found: &written.name, first, version: newest })
                .at(&written.name)
                .scope(&scope.name)
                .uncertain_if(written.is_conditional());
        }
    }
}
