use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::command::{GivenBy, Misfit};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::SWITCH_VARIABLE_NOT_BOOLEAN, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        for given in process.given.iter().filter(|given| given.by == GivenBy::Environment) {
            let Some(found) = given.text() else { continue };
            let is_refused = |version| given.misfit(version) == Some(Misfit::Boolean);
            let variable = &given.written;
            let message: Message = if facts.celery.possible.iter().all(|version| is_refused(*version)) {
                let switch = given.row.option;
                cards::SwitchVariableNotBoolean::Refused { variable, found, switch }.into()
            } else if given.row.means == "--version" && given.is_on() {
                cards::SwitchVariableNotBoolean::OnlyTellsVersion { variable, found, switch: given.row.option }.into()
            } else {
                continue;
            };
            findings.add(message).at(variable).scope(&process.name).uncertain_if(!process.certainly_has(given));
        }
    }
}
