use crate::catalogue::{Message, cards};
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
            let written = &option.written;
            let is_app = option.known.is_some_and(|row| row.means == "--app");
            // click takes these for `-b` and `-A` before the sub-command (celery/bin/celery.py, 5.0 to 5.7).
            let by_variable = ["BROKER_URL", "CELERY_BROKER_URL", "CELERY_BROKER", "APP", "CELERY_APP"]
                .iter()
                .any(|name| process.environment.get(name).is_some());
            let message: Message = if is_app && by_variable {
                cards::FlowerCeleryOptionAfter::AppIgnored { option: written }.into()
            } else if is_app && process.command.before.is_empty() {
                cards::FlowerCeleryOptionAfter::NoApp { option: written }.into()
            } else {
                cards::FlowerCeleryOptionAfter::Ignored { option: written }.into()
            };
            findings.add(message).at(written).scope(&process.name);
        }
    }
}
