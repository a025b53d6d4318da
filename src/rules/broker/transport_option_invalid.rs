use crate::catalogue::{Message, cards};
use crate::facts::broker;
use crate::facts::value::{Known, Value};
use crate::facts::{Facts, Said, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::TRANSPORT_OPTION_INVALID, sees: &[Kind::Python], check };

/// What the transport of Redis calculates with; each was tried with a text.
const NUMBERS: [&str; 8] = [
    "visibility_timeout",
    "socket_timeout",
    "socket_connect_timeout",
    "health_check_interval",
    "max_connections",
    "unacked_mutex_expire",
    "interval_start",
    "interval_max",
];
/// kombu/utils/scheduling.py, CYCLE_ALIASES.
const ORDERS: [&str; 3] = ["round_robin", "priority", "sorted"];
/// Options that are often misspelt: of Redis (kombu/transport/redis.py, from_transport_options), SQS and the file system.
const OPTIONS: [&str; 36] = [
    "visibility_timeout",
    "fanout_prefix",
    "fanout_patterns",
    "global_keyprefix",
    "unacked_key",
    "unacked_index_key",
    "unacked_mutex_key",
    "unacked_mutex_expire",
    "unacked_restore_limit",
    "socket_timeout",
    "socket_connect_timeout",
    "socket_keepalive",
    "socket_keepalive_options",
    "queue_order_strategy",
    "max_connections",
    "health_check_interval",
    "retry_on_timeout",
    "priority_steps",
    "client_name",
    "master_name",
    "min_other_sentinels",
    "sentinel_kwargs",
    "region",
    "polling_interval",
    "wait_time_seconds",
    "queue_name_prefix",
    "predefined_queues",
    "confirm_publish",
    "confirm_timeout",
    "max_retries",
    "interval_start",
    "interval_step",
    "interval_max",
    "data_folder_in",
    "data_folder_out",
    "control_folder",
];
/// Names that belong elsewhere, and what they are called here.
const MEANT: [(&str, &str); 7] = [
    ("service_name", "master_name"),
    ("sentinel_master_name", "master_name"),
    ("keyprefix", "global_keyprefix"),
    ("key_prefix", "global_keyprefix"),
    ("region_name", "region"),
    ("queue_prefix", "queue_name_prefix"),
    ("wait_time", "wait_time_seconds"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        let is_redis = address.url.is_any(&["redis", "rediss", "sentinel"]);
        let is_sqs = address.url.is_any(&["sqs"]);
        if !is_redis && !is_sqs && !address.url.is_any(&["filesystem"]) {
            continue;
        }
        for said in address.scope.said("broker_transport_options").filter(|said| said.can_hold_with(&address.said)) {
            let Value::Dict(entries) = &said.known.value else { continue };
            let has = |option: &str| entries.iter().any(|(key, _)| is(key, option));
            if let Some((message, at)) = beside_each_other(&address, entries) {
                findings
                    .add(message)
                    .at(at)
                    .scope(&address.scope.name)
                    .at_most_info_if(said.is_conditional() || said.is_for_tests());
            }
            for (key, value) in entries {
                let Some(option) = key.whole_text() else { continue };
                let mut fix = None;
                let (message, at): (Message, &Text) = match option.as_str() {
                    name if is_redis && NUMBERS.contains(&name) && is_text(value) => {
                        (cards::TransportOptionInvalid::Number { option, meant: "" }.into(), &value.at)
                    }
                    name if is_redis && NUMBERS.contains(&name) && value.is_raw_variable() => {
                        (cards::TransportOptionInvalid::Variable { option, meant: "" }.into(), &value.at)
                    }
                    "priority_steps" if is_redis && (is_text(value) || matches!(value.value, Value::Integer(_))) => {
                        (cards::TransportOptionInvalid::Steps { option, meant: "" }.into(), &value.at)
                    }
                    "queue_order_strategy" if is_redis => {
                        let Some(found) = value.whole_text().filter(|found| is_no_order(found)) else { continue };
                        (cards::TransportOptionInvalid::Order { option, meant: "" }.into(), found)
                    }
                    "wait_time_seconds" if is_sqs && matches!(value.value, Value::Integer(21..)) => {
                        (cards::TransportOptionInvalid::Wait { option, meant: "" }.into(), &value.at)
                    }
                    "predefined_queues" if is_sqs => match not_a_queue(value) {
                        Some(wrong) => (cards::TransportOptionInvalid::Queues { option, meant: "" }.into(), &wrong.at),
                        None => continue,
                    },
                    name if !OPTIONS.contains(&name) => {
                        let listed = MEANT.iter().find(|(written, _)| *written == name).map(|(_, meant)| *meant);
                        let Some(meant) = listed.or_else(|| nearest(name, OPTIONS)).filter(|meant| !has(meant)) else {
                            continue;
                        };
                        fix = Some(meant);
                        (cards::TransportOptionInvalid::Unknown { option, meant }.into(), option)
                    }
                    _ => continue,
                };
                let finding = findings
                    .add(message)
                    .at(at)
                    .scope(&address.scope.name)
                    .uncertain_if(is_uncertain(&said, address.said.is_conditional() && address.of > 1))
                    .at_most_info_if(said.is_for_tests());
                if let Some(meant) = fix {
                    finding.replace(option, meant);
                }
            }
        }
    }
}

/// Options that do not go together, or not with the default queue.
fn beside_each_other<'a>(address: &broker::Address<'_>, entries: &'a [(Known, Known)]) -> Option<(Message, &'a Text)> {
    let value = |option: &str| entries.iter().find(|(key, _)| is(key, option)).map(|(_, value)| value);
    if address.url.is_any(&["filesystem"]) {
        // kombu/transport/filesystem.py: _put writes to the one, _get reads from the other.
        let (reads, writes) = (value("data_folder_in")?.whole_text()?, value("data_folder_out")?.whole_text()?);
        let message = cards::TransportOptionInvalid::Folders { option: writes, meant: reads.as_str() };
        return (reads.as_str() != writes.as_str()).then(|| (message.into(), writes));
    }
    let queues = value("predefined_queues").filter(|_| address.url.is_any(&["sqs"]))?;
    let Value::Dict(entries) = &queues.value else { return None };
    let names: Option<Vec<&Text>> = entries.iter().map(|(name, _)| name.whole_text()).collect();
    let default = queues::default_queue(address.scope)?;
    let first = *names.as_ref()?.first()?;
    let is_there = names?.iter().any(|name| name.as_str() == default);
    let names_queues = ["queue", "task_queues", "task_routes"].iter().any(|word| address.scope.mentions(word))
        || address.process().is_some_and(|process| process.command.value("--queues").is_some());
    let message = cards::TransportOptionInvalid::Default { option: "predefined_queues", meant: &default };
    (!is_there && !names_queues).then(|| (message.into(), first))
}

fn is_uncertain(said: &Said<'_>, of_several: bool) -> bool {
    said.is_conditional() || of_several
}

fn is(known: &Known, text: &str) -> bool {
    known.whole_text().is_some_and(|known| known.as_str() == text)
}

fn is_text(known: &Known) -> bool {
    known.whole_text().is_some_and(|text| !text.is_empty())
}

/// A name without a dot is no path of a class either.
fn is_no_order(found: &Text) -> bool {
    !ORDERS.contains(&found.as_str()) && !found.is_empty() && !found.as_str().contains(['.', ':'])
}

/// What is no queue with an address (kombu/transport/SQS.py, _update_queue_cache: `q["url"]` of each).
fn not_a_queue(known: &Known) -> Option<&Known> {
    match &known.value {
        Value::Dict(queues) => queues.iter().map(|(_, queue)| queue).find(|queue| match &queue.value {
            Value::Text(_) | Value::List(_) => true,
            Value::Dict(fields) => {
                fields.iter().all(|(key, _)| key.whole_text().is_some())
                    && !fields.iter().any(|(key, _)| is(key, "url"))
            }
            _ => false,
        }),
        Value::List(_) => Some(known),
        Value::Text(template) if template.whole().is_some() => Some(known),
        _ => None,
    }
}
