use crate::catalogue::cards;
use crate::facts::queues::{self, Consumption};
use crate::facts::tasks::TaskOption;
use crate::facts::value::Known;
use crate::facts::{Facts, Variant, schedule};
use crate::finding::{Finding, Findings};
use crate::intake::Kind;
use crate::rules::nearest::{differ_in_digits, nearest};
use crate::rules::{Rule, task_name};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::QUEUE_NEVER_CONSUMED, sees: &[Kind::Python], check };

/// A misspelt name is looked for among this many.
const MOST_NAMES: usize = 100;

fn check(facts: &Facts, findings: &mut Findings) {
    let mut all: Vec<(&Variant, Consumption)> =
        facts.variants.iter().filter_map(|variant| Some((variant, Consumption::of(variant)?))).collect();
    // Scripts and units may be a part of what runs, so there only a name that is nearly the same tells.
    let is_whole = !all.is_empty();
    if !is_whole {
        all = facts.variants.iter().filter_map(|it| Some((it, Consumption::of_machines(it)?))).collect();
    }
    for (variant, consumed) in &all {
        for queue in own_queues(facts) {
            // A note may show a part of the deployment.
            if !all.iter().any(|(_, consumed)| consumed.has(queue.as_str())) {
                report(queue, consumed, is_whole, findings);
            }
        }
        for scope in &variant.scopes {
            let includes = task_name::includes(scope);
            let routes = queues::routes(scope).to.into_iter();
            // What no task takes leads nowhere.
            let used = routes.filter(|(it, _)| task_name::pattern_meant(facts, &includes, it.as_str()).is_none());
            let mut targets: Vec<&Text> = used.map(|(_, queue)| queue).collect();
            for schedule in schedule::schedules(scope).filter(|schedule| !schedule.said.is_for_tests()) {
                let entries = schedule.entries.iter().flatten();
                targets.extend(entries.filter_map(|entry| entry.option("queue")?.whole_text()));
            }
            for queue in targets {
                // `worker_direct` makes a queue for each worker (celery/utils/nodenames.py, WORKER_DIRECT_QUEUE_FORMAT).
                if queue.is_empty() || queue.as_str().ends_with(".dq") || consumed.has(queue.as_str()) {
                    continue;
                }
                if let Some(finding) = report(queue, consumed, is_whole, findings) {
                    finding.scope(&scope.name);
                }
            }
        }
    }
}

fn report<'f>(
    queue: &Text,
    consumed: &Consumption,
    is_whole: bool,
    findings: &'f mut Findings,
) -> Option<&'f mut Finding> {
    let near = nearest(queue.as_str(), consumed.names.iter().map(String::as_str).take(MOST_NAMES));
    let place = near.and_then(|name| consumed.place(name));
    // `mail1` and `mail2` may each be of its own machine.
    if !is_whole && place.is_none_or(|place| differ_in_digits(place.as_str(), queue.as_str())) {
        return None;
    }
    let finding = findings.add(cards::QueueNeverConsumed { queue });
    finding.at(queue);
    if let Some(place) = place {
        finding.related(place, Role::Conflict);
    }
    Some(finding)
}

/// The queues that tasks name for themselves, in a decorator or where they are sent.
fn own_queues(facts: &Facts) -> impl Iterator<Item = &Text> {
    let files = || facts.python_code.iter().filter(|file| !file.is_for_tests());
    let of_tasks = files()
        .flat_map(|file| &file.tasks)
        .filter(|task| task.conditions.is_empty())
        .filter_map(|task| task.option("queue").and_then(TaskOption::known).and_then(Known::whole_text));
    let of_calls = files()
        .flat_map(|file| &file.sendings)
        .filter(|sending| sending.task.is_some())
        .flat_map(|sending| &sending.options)
        .filter(|(name, _)| name.as_str() == "queue")
        .filter_map(|(_, given)| given.value.whole_text());
    // A name alone may be that of another project's task.
    let is_here = |name: &Text| {
        facts.tasks().any(|(_, task)| {
            let own = task.option("name").and_then(TaskOption::known).and_then(Known::whole_text);
            own.is_some_and(|own| own.as_str() == name.as_str())
        })
    };
    let by_name = files().flat_map(|file| &file.sent_to).filter(move |(name, _)| is_here(name)).map(|(_, queue)| queue);
    of_tasks.chain(of_calls).chain(by_name).filter(|queue| !queue.is_empty() && !queue.as_str().ends_with(".dq"))
}
