use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{CodeFile, MadeBy, Slip, SlipKind};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::APP_CALL_WRONG, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for slip in &file.slips {
            let found = &slip.at;
            let message: Message = match &slip.is {
                SlipKind::WorkerMain => cards::AppCallWrong::WorkerMain { found }.into(),
                SlipKind::ProgramInArguments => cards::AppCallWrong::Program { found }.into(),
                SlipKind::WorkerClass => cards::AppCallWrong::WorkerClass { found }.into(),
                SlipKind::UserOptionFunction => cards::AppCallWrong::UserOption { found }.into(),
                SlipKind::LoggerWithoutName => cards::AppCallWrong::Logger { found }.into(),
                SlipKind::PackageAsApp => cards::AppCallWrong::Package { found }.into(),
                SlipKind::ModuleAsApp => cards::AppCallWrong::Module { found }.into(),
                SlipKind::NoDecorator => cards::AppCallWrong::Decorator { found }.into(),
                SlipKind::Depends => cards::AppCallWrong::Depends { found }.into(),
                SlipKind::TaskAttribute if is_plain(file, slip) => cards::AppCallWrong::OfRequest { found }.into(),
                SlipKind::AppNotReturned(function) => {
                    let given = facts.python_code.iter().flat_map(|file| &file.slips);
                    let of_it = |it: &&Slip| matches!(&it.is, SlipKind::AppFromFunction(name) if name == function);
                    let Some(given) = given.into_iter().find(of_it) else { continue };
                    let message = cards::AppCallWrong::Factory { found };
                    findings.add(message).at(found).related(&given.at, Role::Conflict);
                    continue;
                }
                SlipKind::AddressAsLoader => cards::AppCallWrong::Loader { found: "" }.into(),
                SlipKind::StepsKey => cards::AppCallWrong::Steps { found }.into(),
                _ => continue,
            };
            findings.add(message).at(found).at_most_info_if(file.is_test_code());
        }
    }
}

/// Whether it stands in a task without a class of its own, which may bring attributes.
fn is_plain(file: &CodeFile, slip: &Slip) -> bool {
    slip.in_task.and_then(|task| file.tasks.get(task)).is_some_and(|task| {
        task.made_by != MadeBy::Class
            && task.is_bound() == Some(true)
            && task.option("base").is_none()
            && !task.options.iter().any(|it| slip.at.as_str().ends_with(it.name.as_str()))
            && task.parameters.first().is_some_and(|it| it.name.as_str() == "self")
    }) && !file.slips.iter().any(|it| it.is == SlipKind::TaskClassGiven)
}
