use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role, flower};
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_OPTION_UNKNOWN, sees: SETTINGS_KINDS, check };

/// What Tornado itself adds (tornado/log.py, define_logging_options), and what Flower reads beside its options.
const OTHERS: [&str; 9] = [
    "help",
    "logging",
    "log_to_stderr",
    "log_file_prefix",
    "log_file_max_size",
    "log_file_num_backups",
    "log_rotate_mode",
    "log_rotate_when",
    "unauthenticated_api",
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        if process.role != Role::Flower {
            continue;
        }
        for option in process.command.options.iter().filter(|option| option.known.is_none()) {
            if option.written.as_str().starts_with("--") {
                say(&option.written, &flower::name_of(option.written.as_str()), "--", &process.name, findings);
            }
        }
        for (name, variable) in process.environment.iter() {
            if let Some(option) = name.strip_prefix("FLOWER_") {
                say(&variable.name, &option.to_ascii_lowercase(), "FLOWER_", &process.name, findings);
            }
        }
    }
}

fn say(written: &Text, name: &str, start: &str, scope: &str, findings: &mut Findings) {
    if flower::row(name).is_some() || OTHERS.contains(&name) {
        return;
    }
    let Some(meant) = nearest(name, celery::flower_options().iter().map(|row| row.option)) else { return };
    let full = match start {
        "--" => format!("--{meant}"),
        _ => format!("FLOWER_{}", meant.to_ascii_uppercase()),
    };
    let guards = meant.contains("auth") || meant.starts_with("cert") || meant == "read_only";
    let message: Message = if guards {
        cards::FlowerOptionUnknown::Unguarded { found: written, meant: &full }.into()
    } else {
        cards::FlowerOptionUnknown::Ignored { found: written, meant: &full }.into()
    };
    findings.add(message).at(written).scope(scope).replace(written, &full);
}
