use crate::catalogue::cards;
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_CELERY_OPTION_AFTER, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        if process.role != Role::Flower {
            continue;
        }
        // flower/command.py (1.0 to 2.2.0), warn_about_celery_args_used_in_flower_command.
        for option in process.command.options.iter().filter(|option| option.known.is_some()) {
            findings
                .add(cards::FlowerCeleryOptionAfter { option: &option.written })
                .at(&option.written)
                .scope(&process.name);
        }
    }
}
