use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::nearest::nearest;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::REMOTE_COMMAND_UNKNOWN, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let command = &process.command;
        let Some(subcommand) = command.subcommand.as_ref() else { continue };
        let Some(names) = celery::remote_commands(subcommand.as_str()) else { continue };
        let unknown_option = command.before.iter().chain(&command.options).any(|option| option.known.is_none());
        let Some(word) = command.stray.first().filter(|word| !word.expands && !unknown_option) else { continue };
        if names.contains(&word.as_str()) {
            continue;
        }
        // `inspect` and `control` have names of their own, and refuse the other's.
        let other = if subcommand.as_str() == "inspect" { "control" } else { "inspect" };
        if celery::remote_commands(other).is_some_and(|names| names.contains(&word.as_str())) {
            findings
                .add(cards::RemoteCommandUnknown::OfTheOther { found: &word.text, meant: other, subcommand })
                .at(&word.text)
                .scope(&process.name)
                .replace(subcommand, other);
            continue;
        }
        // An app may register commands of its own: only a near miss is certain.
        let has_word = |name: &&&str| name.split('_').any(|part| part == word.as_str());
        let mut alike = names.iter().filter(has_word);
        let only = alike.next().filter(|_| alike.next().is_none()).copied();
        let Some(meant) = nearest(word.as_str(), names.iter().copied()).or(only) else { continue };
        findings
            .add(cards::RemoteCommandUnknown::Unknown { found: &word.text, meant, subcommand })
            .at(&word.text)
            .scope(&process.name)
            .replace(&word.text, meant);
    }
}
