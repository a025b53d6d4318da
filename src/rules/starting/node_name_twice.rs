use std::collections::HashMap;

use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Process, Role, Variant, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::words;

pub(super) const RULE: Rule = Rule { card: &cards::NODE_NAME_TWICE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        // Lines of a note may be alternatives; containers of one file run together, and so do copies.
        let runs = |process: &&Process| {
            process.role == Role::Worker
                && (process.container.is_some() || is_supervised(process) || variant.copies_of(process).is_some())
        };
        let workers: Vec<&Process> = variant.processes.iter().filter(runs).collect();
        let mut of_name: HashMap<String, Vec<&Process>> = HashMap::new();
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
            let namesakes = of_name.entry(name.clone()).or_default();
            let earlier = namesakes.iter().copied().find(|earlier| are_together(variant, earlier, later));
            namesakes.push(later);
            let Some(first) = earlier.and_then(|earlier| earlier.option("--hostname")) else { continue };
            let Some(at) = later.option("--hostname").and_then(|given| given.text()) else { continue };
            let Some(other) = first.text() else { continue };
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
    let text = process.option("--hostname")?.text()?.as_str();
    // Programs of one Supervisor run on one machine: `%h` is the same for both.
    let text = if is_supervised(process) { text.replace("%h", "host") } else { text.to_owned() };
    let is_fixed = !text.is_empty() && !text.contains(['%', '$', '{', crate::facts::value::HOLE]);
    is_fixed.then(|| if text.contains('@') { text.clone() } else { format!("celery@{text}") })
}

/// Whether two workers of one deployment and name run at the same time, at the same broker.
fn are_together(variant: &Variant, one: &Process, other: &Process) -> bool {
    let app =
        |process: &Process| process.option("--app").and_then(|given| given.text()).map(|it| it.as_str().to_owned());
    let broker = |process: &Process| {
        let given = process.option("--broker").and_then(|given| given.text()).map(|it| it.as_str().to_owned());
        given.or_else(|| {
            let value = process.environment.get("CELERY_BROKER_URL")?.value.as_ref()?;
            Some(value.as_str().to_owned())
        })
    };
    let are_apart = if is_supervised(one) && is_supervised(other) {
        one.daemon != other.daemon && one.command.program.span().source == other.command.program.span().source
    } else {
        let containers = variant.container_of(one).zip(variant.container_of(other));
        one.container != other.container && containers.is_some_and(|(one, other)| !one.is_never_beside(other))
    };
    are_apart && app(one).is_some() && app(one) == app(other) && broker(one) == broker(other)
}

fn is_supervised(process: &Process) -> bool {
    process.kind == Kind::Supervisord && process.daemon.is_some()
}
