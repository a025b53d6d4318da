use crate::catalogue::cards;
use crate::facts::schedule::{self, Scheduler};
use crate::facts::{Facts, Process, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule {
    card: &cards::BEAT_MULTIPLE,
    sees: &[Kind::Compose, Kind::Kubernetes, Kind::Procfile, Kind::Systemd, Kind::Supervisord],
    check,
};

/// More beats than these are not held against each other.
const MOST_BEATS: usize = 32;

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        let beats = variant.processes.iter().filter(|process| schedule::is_beat(process));
        let beats: Vec<(&Process, Scheduler)> = beats
            .map(|process| (process, scheduler(variant, process)))
            // RedBeat locks; a scheduler of the project's own may.
            .filter(|(_, scheduler)| !matches!(scheduler, Scheduler::RedBeat | Scheduler::Other))
            .take(MOST_BEATS)
            .collect();
        let copies = |beat: &Process| variant.copies_of(beat).filter(|copies| copies.most > 1);
        for (index, &(beat, scheduler)) in beats.iter().enumerate() {
            if let Some(copies) = copies(beat) {
                findings
                    .add(cards::BeatMultiple::Copies { command: command(beat), count: copies.most })
                    .at(&copies.at)
                    .related(place(beat), Role::Cause)
                    .scope(&beat.name)
                    .uncertain_if(scheduler == Scheduler::NotShown);
                continue;
            }
            let mut others = beats[..index].iter().map(|(other, _)| *other).filter(|other| copies(other).is_none());
            let Some((earlier, sure)) =
                others.find_map(|other| Some((other, are_one_deployment(variant, other, beat)?)))
            else {
                continue;
            };
            findings
                .add(cards::BeatMultiple::Two { command: command(beat), count: 2_u64 })
                .at(place(beat))
                .related(place(earlier), Role::Conflict)
                .scope(&beat.name)
                .uncertain_if(!sure || scheduler == Scheduler::NotShown);
        }
    }
}

fn scheduler(variant: &Variant, process: &Process) -> Scheduler {
    let mut found = variant.scopes_of(process).map(|scope| schedule::scheduler(variant, scope));
    let first = found.next().unwrap_or(Scheduler::NotShown);
    if found.all(|other| other == first) { first } else { Scheduler::Other }
}

fn command(beat: &Process) -> &'static str {
    if schedule::embeds_beat(beat).is_some() { "celery worker -B" } else { "celery beat" }
}

fn place(beat: &Process) -> &Text {
    schedule::embeds_beat(beat).or(beat.command.subcommand.as_ref()).unwrap_or(&beat.command.program)
}

/// Whether both run side by side and schedule the same app; `Some(false)` where that is only likely.
fn are_one_deployment(variant: &Variant, one: &Process, two: &Process) -> Option<bool> {
    let app = |process: &Process| process.command.value("--app").map(|word| word.as_str().to_owned());
    let variable = |process: &Process, name: &str| {
        process.environment.get(name).and_then(|it| it.value.as_ref().map(|value| value.as_str().to_owned()))
    };
    const TELL_APART: [&str; 6] = [
        "CELERY_BROKER_URL",
        "BROKER_URL",
        "DJANGO_SETTINGS_MODULE",
        "CELERY_CONFIG_MODULE",
        "CELERY_APP",
        "FLASK_APP",
    ];
    if one.kind != two.kind || app(one) != app(two) {
        return None;
    }
    if TELL_APART.iter().any(|name| variable(one, name) != variable(two, name)) {
        return None;
    }
    let (first, second) = match (variant.container_of(one), variant.container_of(two)) {
        (Some(first), Some(second)) => (first, second),
        (None, None) if one.daemon.is_some() => return are_on_one_machine(variant, one, two),
        // The lines of a Procfile run together; commands of a note are alternatives.
        (None, None) => return (one.kind == Kind::Procfile).then_some(true),
        _ => return None,
    };
    let runs_always = |copies: Option<u64>| copies != Some(0);
    let copies = |container: &crate::facts::containers::Container| container.copies.as_ref().map(|it| it.most);
    if one.container == two.container
        || first.namespace != second.namespace
        || first.profiles.is_some()
        || second.profiles.is_some()
        || !runs_always(copies(first))
        || !runs_always(copies(second))
    {
        return None;
    }
    match (&first.image, &second.image) {
        (Some(one), Some(two)) => (one.as_str() == two.as_str()).then_some(true),
        _ => Some(first.built_from.is_some() && first.built_from == second.built_from),
    }
}

/// The programs of one file of Supervisor all start; of two files and of two units, one may be there for another
/// time. Two programs of one name are one, in a file and in what it is made from.
fn are_on_one_machine(variant: &Variant, one: &Process, two: &Process) -> Option<bool> {
    let runs = |process: &Process| variant.copies_of(process).is_none_or(|copies| copies.most > 0);
    let directory = |process: &Process| {
        variant.daemon_of(process).and_then(|daemon| daemon.directory.as_ref()).map(|text| text.as_str().to_owned())
    };
    let name = |process: &Process| variant.daemon_of(process).map(|daemon| daemon.name.clone());
    let is_pair = name(one) != name(two) && directory(one) == directory(two) && runs(one) && runs(two);
    let in_one_file = place(one).span().source == place(two).span().source;
    is_pair.then_some(one.kind == Kind::Supervisord && in_one_file)
}
