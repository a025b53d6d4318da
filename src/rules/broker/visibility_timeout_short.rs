use crate::catalogue::version::Version;
use crate::catalogue::{Message, cards};
use crate::facts::broker::{Address, TransportOption, default_visibility_timeout, transport_option};
use crate::facts::tasks::limits::number;
use crate::facts::tasks::{CodeFile, SlipKind};
use crate::facts::value::{Known, Value};
use crate::facts::{Answer, Facts, Said, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::VISIBILITY_TIMEOUT_SHORT, sees: SETTINGS_KINDS, check };

/// A time for which a worker holds a message: its seconds, its place, its file.
type Hold<'a> = (f64, &'a Text, &'a CodeFile);

fn check(facts: &Facts, findings: &mut Findings) {
    let addresses = broker::brokers(facts);
    // Gathered once: deployments may have many workers.
    let (delays, late) = (delays(facts), late(facts));
    for address in addresses {
        if address.url.is_any(&["amqp", "amqps", "pyamqp"]) {
            by_rabbitmq(facts, &address, delays.iter().chain(&late), findings);
        }
        let Some(default) = default_visibility_timeout(&address.url) else { continue };
        let scope = address.scope;
        // Only a task that is acknowledged when it is done stays on loan while it runs.
        for (late, limit) in scope.together("task_acks_late", "task_time_limit") {
            let Some(seconds) = limit.number() else { continue };
            if late.boolean() != Some(true) || ![&late, &limit].iter().all(|it| it.can_hold_with(&address.said)) {
                continue;
            }
            let options: Vec<Option<Said<'_>>> = match scope.answer("broker_transport_options") {
                Answer::Said(said) => said.into_iter().map(Some).collect(),
                Answer::Default => vec![None],
                Answer::NotShown => Vec::new(),
            };
            for option in options {
                if option.as_ref().is_some_and(|it| !it.can_hold_with(&limit) || !it.can_hold_with(&address.said)) {
                    continue;
                }
                let set: Option<&Known> =
                    match option.as_ref().map(|it| transport_option(it.known, "visibility_timeout")) {
                        None | Some(TransportOption::NotSet) => None,
                        Some(TransportOption::Set(value)) => Some(value),
                        Some(TransportOption::Unknown) => continue,
                    };
                let timeout = match set.map(|known| &known.value) {
                    None => default,
                    #[allow(clippy::cast_precision_loss, reason = "nobody waits for 2^53 seconds")]
                    Some(Value::Integer(seconds)) => *seconds as f64,
                    Some(Value::Float(seconds)) => *seconds,
                    Some(_) => continue,
                };
                if seconds <= timeout || timeout <= 0.0 {
                    continue;
                }
                let (limit_seconds, timeout_seconds) = (seconds as u64, timeout as u64);
                let message: Message = match set {
                    Some(_) => {
                        cards::VisibilityTimeoutShort::Said { limit: limit_seconds, timeout: timeout_seconds }.into()
                    }
                    None => {
                        cards::VisibilityTimeoutShort::Default { limit: limit_seconds, timeout: timeout_seconds }.into()
                    }
                };
                let conditional = limit.is_conditional() || late.is_conditional() || address.said.is_conditional();
                let finding = findings.add(message);
                finding
                    .at(set.map_or(&limit.known.at, |known| &known.at))
                    .related(&limit.known.at, Role::Conflict)
                    .related(&late.known.at, Role::Cause)
                    .scope(&scope.name)
                    .uncertain_if(conditional)
                    .at_most_info_if(limit.is_for_tests() || address.said.is_for_tests());
            }
        }
        delayed(facts, &address, default, &delays, findings);
    }
}

/// A task that is to run later waits in a worker, on loan all the while.
fn delayed(facts: &Facts, address: &Address<'_>, default: f64, delays: &[Hold<'_>], findings: &mut Findings) {
    let scope = address.scope;
    let set: Vec<Said<'_>> = scope.said("broker_transport_options").collect();
    let (timeout, at) = match &set[..] {
        // No option and no variable sets it: the code alone tells.
        [] if scope.no_code_sets("broker_transport_options") => (default, None),
        [only] if !only.is_conditional() => match transport_option(only.known, "visibility_timeout") {
            TransportOption::NotSet => (default, None),
            TransportOption::Set(known) => match number(known) {
                Some(seconds) if seconds > 0.0 => (seconds, Some(&known.at)),
                _ => return,
            },
            TransportOption::Unknown => return,
        },
        _ => return,
    };
    for (seconds, found, file) in longer(facts, address, timeout, delays.iter()) {
        let message = cards::VisibilityTimeoutShort::Later { limit: *seconds as u64, timeout: timeout as u64 };
        let finding = findings.add(message).at(found).scope(&scope.name).as_said(&address.said);
        finding.at_most_info_if(file.is_for_tests());
        if let Some(at) = at {
            finding.related(at, Role::Conflict);
        }
    }
}

/// Those of the app of an address that are longer than a timeout.
fn longer<'h, 'a: 'h>(
    facts: &'h Facts,
    address: &'h Address<'_>,
    timeout: f64,
    holds: impl Iterator<Item = &'h Hold<'a>>,
) -> impl Iterator<Item = &'h Hold<'a>> {
    holds.filter(move |(seconds, _, file)| {
        *seconds > timeout && facts.is_of_one_app(file, &address.said.setting.written)
    })
}

/// RabbitMQ closes the channel of a worker that holds a message for half an hour. From 4.3 on it spares classic
/// queues, and countdowns of quorum queues wait in RabbitMQ itself.
fn by_rabbitmq<'h, 'a: 'h>(
    facts: &'h Facts,
    address: &'h Address<'_>,
    holds: impl Iterator<Item = &'h Hold<'a>>,
    findings: &mut Findings,
) {
    const HALF_AN_HOUR: f64 = 1800.0;
    const SPARES_CLASSIC: Version = Version { major: 4, minor: 3, patch: 0 };
    let servers = &facts.rabbitmq.servers;
    let is_new = !servers.is_empty() && servers.iter().all(|it| it.is_from(SPARES_CLASSIC));
    if is_new || facts.rabbitmq.speaks_of("consumer_timeout") || address.scope.mentions("quorum") {
        return;
    }
    let may_be_new = servers.is_empty() || servers.iter().any(|it| it.may_be_from(SPARES_CLASSIC));
    let holds = longer(facts, address, HALF_AN_HOUR, holds);
    let mut held: Vec<(f64, &Text, bool)> =
        holds.map(|(seconds, at, file)| (*seconds, *at, file.is_for_tests())).collect();
    // A task that is acknowledged when it is done is held while it runs.
    for (late, limit) in address.scope.together("task_acks_late", "task_time_limit") {
        let seconds = limit.number().filter(|it| *it > HALF_AN_HOUR && late.boolean() == Some(true));
        held.extend(seconds.map(|seconds| (seconds, &limit.known.at, limit.is_for_tests())));
    }
    for (seconds, found, is_for_tests) in held {
        let message = cards::VisibilityTimeoutShort::Rabbitmq { limit: seconds as u64, timeout: HALF_AN_HOUR as u64 };
        let finding = findings.add(message).at(found).scope(&address.scope.name).as_said(&address.said);
        finding.uncertain_if(may_be_new).at_most_info_if(is_for_tests);
    }
}

/// The time limits of tasks that are acknowledged when they are done.
fn late(facts: &Facts) -> Vec<Hold<'_>> {
    let mut found = Vec::new();
    for (file, task) in facts.tasks() {
        let option = |name: &str| task.option(name).and_then(|it| it.known());
        let is_late = option("acks_late").and_then(Known::truth) == Some(true);
        if let Some(limit) = option("time_limit").filter(|_| is_late) {
            found.extend(number(limit).map(|seconds| (seconds, &limit.at, file)));
        }
    }
    found
}

/// Countdowns, and delays of retries: a retry waits in the worker as well.
fn delays(facts: &Facts) -> Vec<Hold<'_>> {
    let mut found = Vec::new();
    for file in &facts.python_code {
        let of_tasks = file.tasks.iter().filter_map(|task| {
            let known = task.option("default_retry_delay")?.known()?;
            Some((number(known)?, &known.at))
        });
        let countdowns = file.slips.iter().filter_map(|slip| match slip.is {
            #[allow(clippy::cast_precision_loss, reason = "nobody waits for 2^53 seconds")]
            SlipKind::RetryCountdown(seconds) => Some((seconds as f64, &slip.at)),
            _ => None,
        });
        let of_sendings = file.sendings.iter().filter_map(|sending| {
            sending.options.iter().find_map(|(name, given)| match name.as_str() {
                "countdown" => Some((number(&given.value)?, &given.at)),
                "eta" => Some((sending.eta_in?, &given.at)),
                _ => None,
            })
        });
        let all = of_tasks.chain(countdowns).chain(of_sendings);
        found.extend(all.map(|(seconds, at)| (seconds, at, file)));
    }
    found
}
