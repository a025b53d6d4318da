use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::command::{Given, Misfit};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::OPTION_VALUE_MALFORMED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        // `celery /path/of/celery multi …` fails before it reads an option.
        if process.command.subcommand.as_ref().is_some_and(|name| name.as_str().contains('/')) {
            continue;
        }
        for given in &process.given {
            let Some((value, message)) = refused(given, facts) else { continue };
            findings.add(message).at(value).scope(&process.name).uncertain_if(!process.certainly_has(given));
        }
    }
}

/// The value that every version refuses, with what is said of it; `auto` is refused by some.
fn refused<'a>(given: &'a Given, facts: &Facts) -> Option<(&'a Text, Message)> {
    let misfit = facts.celery.possible.iter().find_map(|version| given.misfit(*version))?;
    let everywhere = facts.celery.possible.iter().all(|version| given.misfit(*version).is_some());
    if !everywhere && misfit != Misfit::AutoTooNew {
        return None;
    }
    let found = given.text()?;
    let option = &given.written;
    let message: Message = match misfit {
        Misfit::WholeNumber => cards::OptionValueMalformed::WholeNumber { option, found }.into(),
        Misfit::Number => cards::OptionValueMalformed::Number { option, found }.into(),
        Misfit::Autoscale => cards::OptionValueMalformed::Autoscale { option, found }.into(),
        Misfit::AutoTooNew => cards::OptionValueMalformed::AutoTooNew { option, found }.into(),
        Misfit::Json => cards::OptionValueMalformed::Json { option, found }.into(),
        // A name that does not exist, and a variable that was meant for something else, are rules of their own.
        Misfit::Choice | Misfit::Boolean => return None,
    };
    Some((found, message))
}
