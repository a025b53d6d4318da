use std::collections::HashMap;

use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Process, Role, Variant, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;
use crate::words;

pub(super) const RULE: Rule = Rule { card: &cards::NODE_NAME_TWICE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        // Lines of a note may be alternatives; containers of one file run together, and so do copies.
        let runs = |process: &&Process| {
            process.role == Role::Worker
                && (process.container.is_some()
                    || is_supervised(process)
                    || in_background(process)
                    || variant.copies_of(process).is_some())
        };
        let workers: Vec<&Process> = variant.processes.iter().filter(runs).collect();
        let mut alike: HashMap<(String, String, Option<String>), Vec<&Process>> = HashMap::new();
        for later in workers {
            let Some(name) = node_name(later) else { continue };
            if let Some(copies) = variant.copies_of(later).filter(|copies| copies.most > 1)
                && let Some(at) = later.option("--hostname").and_then(|given| given.text())
            {
                findings
                    .add(said(facts, variant, later, &name))
                    .at(at)
                    .related(&copies.at, words::Role::Cause)
                    .scope(&later.name);
                continue;
            }
            let given = |option: &str| Some(later.option(option)?.text()?.as_str().to_owned());
            let Some(app) = given("--app") else { continue };
            let by_variable = || Some(later.environment.get("CELERY_BROKER_URL")?.value.as_ref()?.as_str().to_owned());
            let broker = given("--broker").or_else(by_variable);
            let namesakes = alike.entry((name.clone(), app, broker)).or_default();
            let earlier = namesakes.iter().copied().find(|earlier| are_together(variant, earlier, later));
            namesakes.push(later);
            let Some(other) = earlier.and_then(place) else { continue };
            let Some(at) = place(later) else { continue };
            findings
                .add(said(facts, variant, later, &name))
                .at(at)
                .related(other, words::Role::Conflict)
                .scope(&later.name)
                .uncertain_if(is_supervised(later));
        }
    }
}

/// Since 5.7 each name has a queue that RabbitMQ gives to one connection alone; Redis lets both workers run on.
fn said(facts: &Facts, variant: &Variant, later: &Process, name: &str) -> Message {
    let is_rabbitmq = variant.scopes.iter().any(|scope| {
        let is_own = scope.process.and_then(|it| variant.processes.get(it)).is_some_and(|it| std::ptr::eq(it, later));
        is_own && queues::broker_is_rabbitmq(scope)
    });
    if is_rabbitmq && !facts.celery.all_in("<5.7") {
        cards::NodeNameTwice::Stops { name }.into()
    } else {
        cards::NodeNameTwice::MixedUp { name }.into()
    }
}

/// The full node name, where nothing in it is filled in by Celery or a shell (celery/utils/nodenames.py).
fn node_name(process: &Process) -> Option<String> {
    let text = match process.option("--hostname") {
        Some(given) => given.text()?.as_str(),
        None => in_background(process).then_some("celery@%h")?,
    };
    // Programs of one Supervisor run on one machine, and so do those of a script: `%h` is the same for both.
    let text =
        if is_supervised(process) || in_background(process) { text.replace("%h", "host") } else { text.to_owned() };
    let is_fixed = !text.is_empty() && !text.contains(['%', '$', '{', crate::facts::value::HOLE]);
    is_fixed.then(|| if text.contains('@') { text.clone() } else { format!("celery@{text}") })
}

/// Whether two workers of one deployment run at the same time.
fn are_together(variant: &Variant, one: &Process, other: &Process) -> bool {
    if in_background(one) && in_background(other) {
        one.command.program.span().source == other.command.program.span().source
    } else if is_supervised(one) && is_supervised(other) {
        one.daemon != other.daemon && one.command.program.span().source == other.command.program.span().source
    } else {
        let containers = variant.container_of(one).zip(variant.container_of(other));
        one.container != other.container && containers.is_some_and(|(one, other)| !one.is_never_beside(other))
    }
}

fn is_supervised(process: &Process) -> bool {
    process.kind == Kind::Supervisord && process.daemon.is_some()
}

/// A worker that a script leaves running beside the next.
fn in_background(process: &Process) -> bool {
    let command = &process.command;
    process.kind == Kind::Shell && command.is_in_background && !command.is_conditional && !command.open
}

/// Where the name is given, or where one could be.
fn place(process: &Process) -> Option<&Text> {
    match process.option("--hostname") {
        Some(given) => given.text(),
        None => Some(&process.command.program),
    }
}
