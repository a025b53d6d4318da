use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::QUEUE_NAME_WITH_BLANK, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        for option in ["--queues", "--exclude-queues"] {
            let Some(given) = process.option(option) else { continue };
            let Some(queues) = given.text().filter(|text| !text.as_str().contains('$')) else { continue };
            // The list is split at commas and at nothing else (celery/utils/text.py, str_to_list).
            let has_blank = |name: &str| name != name.trim() && !name.trim().is_empty();
            let Some(name) = queues.as_str().split(',').find(|name| has_blank(name)) else { continue };
            let tight = queues.as_str().split(',').map(str::trim).collect::<Vec<_>>().join(",");
            findings
                .add(cards::QueueNameWithBlank { name, option: &given.written })
                .at(queues)
                .scope(&process.name)
                .replace(queues, &tight);
        }
    }
}
