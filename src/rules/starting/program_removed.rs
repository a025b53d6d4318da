use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::PROGRAM_REMOVED, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(old) = process.command.old_program() else { continue };
        let instead = match old {
            "celeryd" => "celery worker",
            "celerybeat" => "celery beat",
            "celeryd-multi" => "celery multi",
            "celeryev" => "celery events",
            _ => "celery inspect",
        };
        findings
            .add(cards::ProgramRemoved { program: &process.command.program, instead })
            .at(&process.command.program)
            .scope(&process.name);
    }
}
