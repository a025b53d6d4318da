use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::UID_OPTION_WITH_DETACH, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        if process.role != Role::Worker {
            continue;
        }
        let Some(detach) = process.command.uses("--detach").next() else { continue };
        // With --gid alone the second process may start all the same: 5.0.5 does, 5.7.0 does for `--gid=x`.
        let Some(option) = process.command.uses("--uid").next() else { continue };
        findings
            .add(cards::UidOptionWithDetach { detach: &detach.written, option: &option.written })
            .at(&option.written)
            .related(&detach.written, crate::words::Role::Conflict)
            .scope(&process.name);
    }
}
