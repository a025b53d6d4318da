use crate::catalogue::{Message, cards};
use crate::facts::process::Because;
use crate::facts::{Facts, Role, StartsAs};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::RUNS_AS_ROOT, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        // Only the worker looks at its rights (celery/apps/worker.py, on_before_init); --uid changes them.
        if process.role != Role::Worker || process.changes_user().is_some() {
            continue;
        }
        let (said, at, kind): (Message, _, _) = match process.starts_as(variant) {
            StartsAs::Root(Because::Said { at, kind }) => {
                (cards::RunsAsRoot::Said { found: at.clone() }.into(), at, kind)
            }
            StartsAs::Root(Because::ImageWithoutUser { at, base }) => {
                (cards::RunsAsRoot::ImageWithoutUser { found: base }.into(), at, Kind::Dockerfile)
            }
            StartsAs::Root(Because::OfficialImage { at, image, kind }) => {
                (cards::RunsAsRoot::OfficialImage { found: image }.into(), at, kind)
            }
            StartsAs::Root(Because::UnitWithoutUser { at }) => {
                (cards::RunsAsRoot::UnitWithoutUser { found: at.clone() }.into(), at, Kind::Systemd)
            }
            StartsAs::Unknown => {
                if let Some(container) = variant.container_of(process) {
                    let message = cards::RunsAsRoot::NotShown { found: container.name.clone() };
                    findings.ask(message, &container.at, &["dockerfile"]);
                }
                continue;
            }
            StartsAs::Somebody(_) => continue,
        };
        findings.add(said).at(&at).scope(&process.name).remedy_for(kind.as_str());
    }
    // A log that says so, without a file that shows why: ask for the file.
    for event in &facts.events {
        if event.card.leads_to.contains(&cards::RUNS_AS_ROOT.id)
            && !facts.processes().any(|(_, it)| it.container.is_some())
        {
            findings.ask(
                cards::RunsAsRoot::NotShown { found: "celery worker" },
                &event.at,
                &["dockerfile", "kubernetes", "compose"],
            );
        }
    }
}
