use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::nearest::nearest;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::SUBCOMMAND_UNKNOWN, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(subcommand) = &process.command.subcommand else { continue };
        let topics = celery::topics(subcommand.as_str());
        if let Some(word) = process.command.stray.first().filter(|it| !it.expands && !topics.contains(&it.as_str()))
            && let Some(meant) = nearest(word.as_str(), topics.iter().copied())
        {
            let found = &word.text;
            let finding = findings.add(cards::SubcommandUnknown { found, meant });
            finding.at(found).scope(&process.name).replace(found, meant);
            continue;
        }
        let written = subcommand.as_str();
        // An option that no version knows may have taken this word as its value.
        let is_certain = process.command.before.iter().all(|option| option.known.is_some());
        if !is_certain || celery::subcommands().any(|known| known == written) {
            continue;
        }
        // Another package may add sub-commands (entry points `celery.commands`): only a near miss is certain.
        let Some(meant) = nearest(written, celery::subcommands()) else { continue };
        findings
            .add(cards::SubcommandUnknown { found: subcommand, meant })
            .at(subcommand)
            .scope(&process.name)
            .replace(subcommand, meant);
    }
}
