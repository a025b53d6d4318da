use crate::catalogue::cards;
use crate::catalogue::version::Version;
use crate::facts::packages::{Installed, Requirement};
use crate::facts::{Facts, Process, Role, Variant};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::PROGRAM_REMOVED, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        if let Some((program, is_certain)) = stand_alone_flower(facts, variant, process) {
            let finding = findings.add(cards::ProgramRemoved::Flower { program, instead: "celery flower" });
            finding.at(program).scope(&process.name).uncertain_if(!is_certain);
        }
        if let Some(program) = command_of_django_celery(facts, process) {
            let finding = findings.add(cards::ProgramRemoved::Manage { program, instead: "celery -A" });
            finding.at(program).scope(&process.name);
        }
        let Some(old) = process.command.old_program() else { continue };
        let instead = match old {
            "celeryd" | "celeryd_detach" => "celery worker",
            "celerybeat" => "celery beat",
            "celeryd-multi" | "celeryd_multi" => "celery multi",
            "celeryev" => "celery events",
            _ => "celery inspect",
        };
        findings
            .add(cards::ProgramRemoved::Gone { program: &process.command.program, instead })
            .at(&process.command.program)
            .scope(&process.name)
            // A project may have a command of that name itself.
            .uncertain_if(process.command.has_own_app);
    }
}

/// `manage.py celery worker`, where nothing of the paste brings this command along.
fn command_of_django_celery<'a>(facts: &Facts, process: &'a Process) -> Option<&'a Text> {
    let command = &process.command;
    let is_brought_along = facts.packages.installed(&["django-celery", "nautobot"]) == Installed::Yes
        || facts.files.iter().any(|path| path.ends_with("management/commands/celery.py"));
    let is_old = matches!(process.role, Role::Worker | Role::Beat | Role::Flower);
    (command.of_manage && is_old && !is_brought_along).then_some(&command.program)
}

/// `flower …` without `celery`, where a Flower is installed that has no such program: 1.0 and later; and whether it
/// certainly is one of these.
fn stand_alone_flower<'a>(facts: &Facts, variant: &Variant, process: &'a Process) -> Option<(&'a Text, bool)> {
    let flower = process.command.subcommand.as_ref().filter(|name| name.as_str() == "flower")?;
    // Words of one variable stand at one place too.
    (flower.span() == process.command.program.span() && flower.origins().is_empty()).then_some(())?;
    let is_new = |version: &str| !version.starts_with("0.");
    let image = variant.container_of(process).and_then(|it| it.image.as_ref());
    let of_flower = image.is_some_and(|image| image.as_str().contains("flower"));
    let by_image = image.is_some_and(|image| {
        let (name, tag) = image.as_str().rsplit_once(':').unwrap_or((image.as_str(), "latest"));
        name.trim_start_matches("docker.io/") == "mher/flower" && is_new(tag) && !tag.contains(['$', '{', '/'])
    });
    let allows = |it: &Requirement, minor, patch| {
        it.specifiers.as_ref().is_none_or(|it| it.allows_release(Version { major: 0, minor, patch }))
    };
    let may_be_old = |it: &Requirement| (0..8).any(|patch| allows(it, 9, patch) || allows(it, 8, patch));
    let asked: Vec<&Requirement> = facts.packages.named("flower").filter(|_| !of_flower).collect();
    // Without a version, pip takes the newest that there is.
    let takes_newest = |it: &Requirement| it.specifiers.as_ref().is_some_and(|it| !it.has_upper_bound());
    let with_celery_4 = || facts.packages.named("celery").any(|it| !takes_newest(it) && celery_4(it));
    let by_name = !asked.is_empty() && asked.iter().all(|it| takes_newest(it)) && !with_celery_4();
    let is_certain = by_image || (!asked.is_empty() && !asked.iter().any(|it| may_be_old(it)));
    (is_certain || by_name).then_some((flower, is_certain))
}

fn celery_4(asked: &Requirement) -> bool {
    asked.specifiers.as_ref().is_none_or(|it| it.allows_release(Version { major: 4, minor: 4, patch: 7 }))
}
