use crate::catalogue::cards;
use crate::facts::written::{Namespace, Place, Style, Written};
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_NAMES_MIXED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        let mut groups: Vec<usize> = scope.written.iter().map(|written| written.group).collect();
        crate::text::order::distinct(&mut groups);
        for group in groups {
            let names: Vec<&Written> = scope.written.iter().filter(|it| it.group == group && counts(it)).collect();
            if let Some(is_certain) = is_one_style(scope, &names) {
                check_group(scope, &names, is_certain, findings);
            }
        }
    }
}

/// Only names that have an old and a new spelling count (celery/app/utils.py:240, detect_settings, 5.7.0).
fn counts(written: &Written) -> bool {
    let has_both = written.means.and_then(celery::setting).is_some_and(|row| !row.old_name.is_empty());
    has_both && (written.style == Style::New || lookup::is_old(written))
}

/// Whether Celery holds these names to one style, and whether that is certain; `None` if it does not.
fn is_one_style(scope: &Scope, names: &[&Written]) -> Option<bool> {
    let first = names.first()?;
    if names.iter().any(|it| it.in_django) {
        return None;
    }
    match (first.place, lookup::reader(scope, first)) {
        (Place::Module | Place::Class | Place::Dictionary, Some(reader)) => {
            let is_bare = matches!(reader.namespace, Namespace::Absent) && !reader.is_django;
            is_bare.then_some(!reader.is_conditional)
        }
        // Whatever an app is told before it reads its configuration is held to one style; afterwards it is not.
        (Place::Conf, _) => (scope.configured.is_empty() && scope.open_at.is_empty()).then_some(false),
        // A file alone may be a settings module; beside an app that does not read it, it is not.
        (Place::Module, None) => {
            let is_own = names.iter().any(|it| lookup::is_read_elsewhere(scope, it));
            (scope.configured.is_empty() && !scope.makes_app && !is_own).then_some(false)
        }
        _ => None,
    }
}

/// Whether the names beside this one, in the same place, have to be of one style and are not.
pub(super) fn is_among_mixed(scope: &Scope, written: &Written) -> bool {
    let names: Vec<&Written> = scope.written.iter().filter(|it| it.group == written.group && counts(it)).collect();
    names.iter().any(|it| it.style == Style::New) && is_one_style(scope, &names).is_some()
}

fn check_group(scope: &Scope, names: &[&Written], is_certain: bool, findings: &mut Findings) {
    let (old, new): (Vec<&Written>, Vec<&Written>) = names.iter().partition(|it| lookup::is_old(it));
    let distinct = |names: &[&Written]| {
        let mut names: Vec<String> = names.iter().map(|it| it.name.as_str().to_owned()).collect();
        crate::text::order::distinct(&mut names);
        names.len()
    };
    // The majority decides which side is in the wrong; the same setting in both spellings is fine.
    let (left, other) = if distinct(&old) > distinct(&new) { (&new, &old) } else { (&old, &new) };
    let left: Vec<&&Written> = left.iter().filter(|it| !other.iter().any(|other| other.means == it.means)).collect();
    let (Some(first), Some(against)) = (left.first(), other.first()) else { return };
    let mut listed: Vec<&str> = left.iter().map(|it| it.name.as_str()).collect();
    let mut seen = std::collections::HashSet::new();
    listed.retain(|name| seen.insert(*name));
    let is_conditional = left.iter().all(|it| it.is_conditional()) || other.iter().all(|it| it.is_conditional());
    let finding = findings
        .add(cards::SettingNamesMixed { found: &listed, other: &against.name })
        .at(&first.name)
        .related(&against.name, Role::Conflict)
        .scope(&scope.name)
        .uncertain_if(!is_certain || is_conditional);
    for another in left.iter().skip(1) {
        finding.related(&another.name, Role::Conflict);
    }
    if old.iter().any(|it| lookup::is_read_elsewhere(scope, it)) {
        return;
    }
    let renamed: Vec<_> = old.iter().filter_map(|it| Some((&it.name, it.means?.to_owned()))).collect();
    lookup::rename_all(finding, &renamed);
}
