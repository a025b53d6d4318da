use crate::catalogue::{Message, cards};
use crate::facts::written::{Style, Written};
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_REMOVED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for written in scope.written.iter().filter(|it| is_for_celery(scope, it)) {
            let Some(message) = message(facts, written) else { continue };
            findings.add(message).at(&written.name).scope(&scope.name);
        }
    }
}

fn is_for_celery(scope: &Scope, written: &Written) -> bool {
    lookup::is_certainly_for_celery(written) && !lookup::is_read_elsewhere(scope, written)
}

fn message(facts: &Facts, written: &Written) -> Option<Message> {
    let found = &written.name;
    if let Some(row) = written.means.and_then(celery::setting) {
        // Gone in every version that is possible, and there before.
        let newest = facts.celery.newest();
        let was_there = celery::releases().iter().any(|&version| version < newest && row.exists_in(version));
        let is_gone = !facts.celery.possible.iter().any(|&version| row.exists_in(version));
        return (was_there && is_gone).then(|| cards::SettingRemoved::Gone { found, option: "" }.into());
    }
    let dead = celery::dead_setting(found.as_str()).filter(|_| written.style == Style::Unknown)?;
    match (dead.means, dead.option) {
        (Some(_), _) => None,
        (None, Some(option)) => Some(cards::SettingRemoved::Option { found, option }.into()),
        (None, None) => Some(cards::SettingRemoved::Long { found, option: "" }.into()),
    }
}
