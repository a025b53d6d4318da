use crate::catalogue::{Message, cards};
use crate::facts::process::Because;
use crate::facts::{Facts, Process, Role as ProcessRole, Scope, StartsAs, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::ROOT_WITH_PICKLE, sees: &[Kind::Python], check };

/// pickle's content type, which accept_content takes as well as the name.
const PICKLE_TYPE: &str = "application/x-python-serialize";

/// Lets a worker that accepts pickle start as root (celery/platforms.py).
const FORCE: &str = "C_FORCE_ROOT";

/// The worker of a scope, if it starts as root and stays root.
fn root_worker<'a>(variant: &'a Variant, scope: &Scope) -> Option<(&'a Process, Because)> {
    let process = scope.process.and_then(|number| variant.processes.get(number))?;
    if process.role != ProcessRole::Worker || process.changes_user().is_some() {
        return None;
    }
    match process.starts_as(variant) {
        StartsAs::Root(because) => Some((process, because)),
        _ => None,
    }
}

/// Whether this rule speaks of a scope: then no other has to.
pub(in crate::rules) fn is_root_with_pickle(variant: &Variant, scope: &Scope) -> bool {
    let accepts = |said: crate::facts::Said<'_>| {
        said.strings().unwrap_or_default().iter().any(|text| ["pickle", PICKLE_TYPE].contains(&text.as_str()))
    };
    root_worker(variant, scope).is_some() && scope.said("accept_content").any(accepts)
}

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some((process, because)) = root_worker(variant, scope) else { continue };
        let (Because::Said { at: root, .. }
        | Because::ImageWithoutUser { at: root, .. }
        | Because::OfficialImage { at: root, .. }
        | Because::UnitWithoutUser { at: root }) = because;
        let forced = process.environment.get(FORCE);
        // Any text that is not empty counts (celery/platforms.py, C_FORCE_ROOT).
        // Supervisor may have been started with it, and a variable of another file may be meant for this worker.
        let is_elsewhere = || {
            scope.mentions(FORCE)
                || process.daemon.is_some() && process.environment.open
                || facts.variants.iter().flat_map(|it| &it.containers).any(|it| it.environment.get(FORCE).is_some())
                || facts.processes().any(|(_, it)| it.environment.get(FORCE).is_some())
        };
        let is_forced = forced.is_some_and(|it| it.value.as_ref().is_none_or(|value| !value.text.is_empty()));
        for said in scope.said("accept_content") {
            for accepted in said.strings().unwrap_or_default() {
                let by_type = accepted.as_str() == PICKLE_TYPE;
                if !by_type && accepted.as_str() != "pickle" {
                    continue;
                }
                let found = accepted;
                // From 5.1 on the check looks for a misspelt content type, so the right one slips through
                // (celery/platforms.py:855 in 5.7.0; up to 5.0 both spellings were refused).
                let slips_through = by_type && !facts.celery.all_in("<5.1");
                let message: Message = if is_forced {
                    cards::RootWithPickle::Forced { found }.into()
                } else if slips_through {
                    cards::RootWithPickle::SlipsThrough { found }.into()
                } else {
                    cards::RootWithPickle::RefusesToStart { found }.into()
                };
                let finding = findings
                    .add(message)
                    .at(accepted)
                    .related(&root, Role::Cause)
                    .scope(&process.name)
                    .uncertain_if(said.is_conditional() || (!is_forced && is_elsewhere()))
                    .at_most_info_if(said.is_for_tests());
                if let Some(variable) = forced.filter(|_| is_forced) {
                    finding.related(&variable.name, Role::Cause);
                }
            }
        }
    }
}
