use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role, flower};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_OPTION_WITHOUT_EQUALS, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        if process.role != Role::Flower {
            continue;
        }
        for option in process.command.options.iter().filter(|option| option.value.is_none()) {
            let written = option.written.as_str();
            let needs_value = flower::row(written).is_some_and(|row| row.kind != "bool");
            let is_short = written.len() == 2 && option.known.is_none() && written != "-h";
            let option = &option.written;
            let message: Message = if written.starts_with("--") && needs_value {
                cards::FlowerOptionWithoutEquals::Refused { option }.into()
            } else if is_short {
                cards::FlowerOptionWithoutEquals::Ignored { option }.into()
            } else {
                continue;
            };
            findings.add(message).at(option).scope(&process.name);
        }
    }
}
