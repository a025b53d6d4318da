use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::MULTI_FILE_SHARED, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let command = &process.command;
        let is_multi = command.subcommand.as_ref().is_some_and(|name| name.as_str() == "multi");
        let starts = command.stray.first().is_some_and(|verb| matches!(verb.as_str(), "start" | "restart"));
        if !is_multi || !starts || command.open || command.stray.iter().any(|word| word.expands) {
            continue;
        }
        // `start 3`, or `start mail images`: the first word is the verb.
        let names: Vec<&str> = command.stray.iter().skip(1).map(|word| word.as_str()).collect();
        let count = match &names[..] {
            [only] => only.parse::<u32>().unwrap_or(1),
            names => u32::try_from(names.len()).unwrap_or(2),
        };
        let written = command.options.iter().find(|option| option.written.as_str() == "--pidfile");
        let file = written.and_then(|option| option.value.as_ref());
        let Some(file) = file.filter(|file| !file.expands && !file.as_str().contains('%')) else { continue };
        if count > 1 && !file.as_str().is_empty() {
            findings.add(cards::MultiFileShared { found: &file.text }).at(&file.text).scope(&process.name);
        }
    }
}
