use crate::catalogue::{Message, cards};
use crate::facts::containers::Container;
use crate::facts::process::Because;
use crate::facts::{Facts, Role, StartsAs, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::RUNS_AS_ROOT, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let mut asked: Vec<Asked<'_>> = Vec::new();
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
                    ask_about(variant, container, &mut asked);
                }
                continue;
            }
            StartsAs::Somebody(_) => continue,
        };
        findings.add(said).at(&at).scope(&process.name).remedy_for(kind.as_str());
    }
    for Asked { first, names, .. } in asked {
        findings.ask(cards::RunsAsRoot::NotShown { found: names }, &first.at, &["dockerfile"]);
    }
    // A log that says so, without a file that shows why: ask for the file.
    for event in &facts.events {
        if event.card.leads_to.contains(&cards::RUNS_AS_ROOT.id)
            && !facts.processes().any(|(_, it)| it.container.is_some())
        {
            findings.ask(
                cards::RunsAsRoot::NotShown { found: "celery worker".to_owned() },
                &event.at,
                &["dockerfile", "kubernetes", "compose"],
            );
        }
    }
}

/// One question about an image.
struct Asked<'a> {
    variant: &'a Variant,
    first: &'a Container,
    /// The workers that run in it.
    names: String,
}

/// Workers of one image have one answer.
fn ask_about<'a>(variant: &'a Variant, container: &'a Container, asked: &mut Vec<Asked<'a>>) {
    let is_same = |it: &&mut Asked<'_>| {
        std::ptr::eq(it.variant, variant)
            && it.first.built_from == container.built_from
            && it.first.image.as_ref().map(Text::as_str) == container.image.as_ref().map(Text::as_str)
    };
    match asked.iter_mut().find(is_same) {
        Some(known) => known.names = format!("{}, {}", known.names, container.name),
        None => asked.push(Asked { variant, first: container, names: container.name.clone() }),
    }
}
