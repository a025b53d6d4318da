use crate::catalogue::cards;
use crate::facts::{Facts, Process, Variant};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::PROGRAM_REMOVED, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        if let Some(program) = stand_alone_flower(facts, variant, process) {
            let finding = findings.add(cards::ProgramRemoved::Flower { program, instead: "celery flower" });
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

/// `flower …` without `celery`, where a Flower is installed that has no such program: 1.0 and later.
fn stand_alone_flower<'a>(facts: &Facts, variant: &Variant, process: &'a Process) -> Option<&'a Text> {
    let flower = process.command.subcommand.as_ref().filter(|name| name.as_str() == "flower")?;
    (flower.span() == process.command.program.span()).then_some(())?;
    let is_new = |version: &str| !version.starts_with("0.");
    let by_image = variant.container_of(process).and_then(|it| it.image.as_ref()).is_some_and(|image| {
        let (name, tag) = image.as_str().rsplit_once(':').unwrap_or((image.as_str(), "latest"));
        name.trim_start_matches("docker.io/") == "mher/flower" && is_new(tag) && !tag.contains(['$', '{', '/'])
    });
    let mut pins = facts.packages.named("flower").map(|it| it.specifiers.as_ref().and_then(|it| it.exact()));
    let by_pin = pins.next().flatten().is_some_and(|version| version.major >= 1) && pins.next().is_none();
    (by_image || by_pin).then_some(flower)
}
