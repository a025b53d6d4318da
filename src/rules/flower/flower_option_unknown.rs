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
    for (variant, process) in facts.processes() {
        if process.role != Role::Flower {
            continue;
        }
        let seen = Seen {
            is_guarded: ["basic_auth", "auth"].iter().any(|name| flower::option(process, name).is_some()),
            // A Secret that was not pasted may set the login.
            is_open: variant.container_of(process).is_some_and(|container| container.environment.open),
            name: &process.name,
        };
        for option in process.command.options.iter().filter(|option| option.known.is_none()) {
            if option.written.as_str().starts_with("--") {
                say(&option.written, &flower::name_of(option.written.as_str()), "--", &seen, findings);
            }
        }
        for (name, variable) in process.environment.iter() {
            if let Some(option) = name.strip_prefix("FLOWER_") {
                say(&variable.name, &option.to_ascii_lowercase(), "FLOWER_", &seen, findings);
            }
        }
    }
}

/// What is known of a Flower.
struct Seen<'a> {
    /// Whether it asks for a login all the same.
    is_guarded: bool,
    is_open: bool,
    name: &'a str,
}

fn say(written: &Text, name: &str, start: &str, seen: &Seen<'_>, findings: &mut Findings) {
    if flower::row(name).is_some() || OTHERS.contains(&name) {
        return;
    }
    let options = || celery::flower_options().iter().map(|row| row.option);
    // `--basic-auth-users`: a name with more to it than the option has. Kubernetes makes variables of that shape.
    let longer = |option: &&str| start == "--" && name.strip_prefix(*option).is_some_and(|rest| rest.starts_with('_'));
    let typo = nearest(name, options());
    let Some(meant) = typo.or_else(|| options().filter(longer).max_by_key(|option| option.len())) else { return };
    let full = match start {
        "--" => format!("--{meant}"),
        _ => format!("FLOWER_{}", meant.to_ascii_uppercase()),
    };
    let message: Message = if meant.contains("auth") && !seen.is_guarded {
        cards::FlowerOptionUnknown::Unguarded { found: written, meant: &full }.into()
    } else {
        cards::FlowerOptionUnknown::Ignored { found: written, meant: &full }.into()
    };
    let finding = findings.add(message).at(written).scope(seen.name).uncertain_if(seen.is_open);
    if typo.is_some() {
        finding.replace(written, &full);
    }
}
