use crate::catalogue::cards;
use crate::facts::{Facts, Role, StartsAs};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::UID_OPTION_WITH_DETACH, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        // Without root, `--uid` fails for a reason of its own.
        if matches!(process.starts_as(variant), StartsAs::Somebody(_)) {
            continue;
        }
        // `multi start` detaches every node (celery/apps/multi.py). As root: 5.3.6 and 5.7.0 end without a word.
        if let Some(multi) = &process.command.of_multi
            && let Some(option) = process.command.uses("--uid").next()
        {
            findings
                .add(cards::UidOptionWithDetach { detach: multi, option: &option.written })
                .at(&option.written)
                .related(multi, crate::words::Role::Conflict)
                .scope(&process.name);
        }
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
