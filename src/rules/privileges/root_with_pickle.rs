use crate::catalogue::{Message, cards};
use crate::facts::process::Because;
use crate::facts::{Facts, Role as ProcessRole, StartsAs};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::ROOT_WITH_PICKLE, sees: &[Kind::Python], check };

/// pickle's content type, which accept_content takes as well as the name.
const PICKLE_TYPE: &str = "application/x-python-serialize";

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        if process.role != ProcessRole::Worker || process.changes_user().is_some() {
            continue;
        }
        let StartsAs::Root(because) = process.starts_as(variant) else { continue };
        let (Because::Said { at: root, .. }
        | Because::ImageWithoutUser { at: root, .. }
        | Because::OfficialImage { at: root, .. }) = because;
        let forced = process.environment.get("C_FORCE_ROOT");
        // Any text that is not empty counts (celery/platforms.py, C_FORCE_ROOT).
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
                    .uncertain_if(said.is_conditional())
                    .at_most_info_if(said.is_for_tests());
                if let Some(variable) = forced.filter(|_| is_forced) {
                    finding.related(&variable.name, Role::Cause);
                }
            }
        }
    }
}
