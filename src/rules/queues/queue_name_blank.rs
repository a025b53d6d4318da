use crate::catalogue::cards;
use crate::facts::{Facts, queues};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::QUEUE_NAME_BLANK, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes().filter(|(_, process)| queues::is_worker(process)) {
        for option in ["--queues", "--exclude-queues"] {
            let Some(word) = process.command.value(option).filter(|word| !word.expands) else { continue };
            // celery/bin/base.py, CommaSeparatedList: blanks stay.
            let names = queues::comma_separated(&word.text);
            let Some(name) = names.iter().find(|name| !name.is_empty() && name.trim().len() < name.len()) else {
                continue;
            };
            let trimmed: Vec<&str> = names.iter().map(|name| name.as_str().trim()).collect();
            findings
                .add(cards::QueueNameBlank { queue: name.trim() })
                .at(&word.text)
                .scope(&process.name)
                .replace(&word.text, &trimmed.join(","));
        }
    }
}
