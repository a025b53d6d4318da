use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role, StartsAs};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::UID_OPTION_WITHOUT_ROOT, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        if !matches!(process.role, Role::Worker | Role::Beat) {
            continue;
        }
        // --gid alone works for the process's own group, which is not always shown.
        let Some(option) = process.command.uses("--uid").next() else { continue };
        let no_rights = variant.container_of(process).and_then(|container| container.cannot_change_user.as_ref());
        let (message, cause): (Message, _) = match process.starts_as(variant) {
            StartsAs::Somebody(at) => (cards::UidOptionWithoutRoot::NotRoot { option: &option.written }.into(), at),
            _ => match no_rights {
                Some(at) => (cards::UidOptionWithoutRoot::NoRights { option: &option.written }.into(), at.clone()),
                None => continue,
            },
        };
        findings.add(message).at(&option.written).related(&cause, crate::words::Role::Conflict).scope(&process.name);
    }
}
