use crate::catalogue::{Message, cards};
use crate::facts::settings::Source;
use crate::facts::value::{Known, Value};
use crate::facts::{Facts, Scope, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_VALUE_UNKNOWN, sees: &[Kind::Python], check };

/// The words that a setting knows. `any_case`: Celery makes them upper case itself.
struct Choice {
    setting: &'static str,
    words: &'static [&'static str],
    any_case: bool,
    /// Whether the setting is used at all here.
    is_used: fn(&Scope) -> bool,
}

const CASSANDRA: &[&str] = &[
    "ANY",
    "ONE",
    "TWO",
    "THREE",
    "QUORUM",
    "ALL",
    "LOCAL_QUORUM",
    "EACH_QUORUM",
    "SERIAL",
    "LOCAL_SERIAL",
    "LOCAL_ONE",
];

const CHOICES: [Choice; 7] = [
    // amqp/connection.py, Connection.__init__
    Choice {
        setting: "broker_login_method",
        words: &["PLAIN", "AMQPLAIN", "EXTERNAL", "GSSAPI"],
        any_case: false,
        is_used: queues::broker_may_be_rabbitmq,
    },
    // celery/utils/log.py, mlevel: the names of logging, and those that a program adds.
    Choice {
        setting: "worker_redirect_stdouts_level",
        words: &["WARNING", "INFO", "DEBUG", "ERROR", "CRITICAL", "FATAL", "WARN", "NOTSET"],
        any_case: true,
        is_used: |scope| !scope.mentions("addLevelName"),
    },
    // celery/worker/consumer/delayed_delivery.py, _validate_queue_type
    Choice {
        setting: "broker_native_delayed_delivery_queue_type",
        words: &["quorum", "classic"],
        any_case: false,
        is_used: queues::broker_may_be_rabbitmq,
    },
    // RabbitMQ's own types; plugins add others, whose names begin with `x-`.
    Choice { setting: "task_default_exchange_type", words: EXCHANGES, any_case: false, is_used: |_| true },
    // kombu/entity.py, DELIVERY_MODE… through maybe_delivery_mode
    Choice {
        setting: "task_default_delivery_mode",
        words: &["persistent", "transient"],
        any_case: false,
        is_used: |_| true,
    },
    // celery/backends/cassandra.py: names of cassandra.ConsistencyLevel
    Choice { setting: "cassandra_read_consistency", words: CASSANDRA, any_case: false, is_used: |_| true },
    Choice { setting: "cassandra_write_consistency", words: CASSANDRA, any_case: false, is_used: |_| true },
];

const EXCHANGES: &[&str] = &["direct", "topic", "fanout", "headers"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for choice in &CHOICES {
            for said in scope.said(choice.setting).filter(|said| said.setting.source <= Source::Python) {
                let Some(found) = said.known.whole_text() else { continue };
                let is_known = |word: &&&str| match choice.any_case {
                    true => word.eq_ignore_ascii_case(found.as_str()),
                    false => **word == found.as_str(),
                };
                let may_be_of_plugin = choice.words == EXCHANGES && found.as_str().starts_with("x-");
                if found.is_empty()
                    || choice.words.iter().any(|word| is_known(&word))
                    || may_be_of_plugin
                    || !(choice.is_used)(scope)
                {
                    continue;
                }
                let setting = said.setting.written.as_str();
                let known: Vec<&str> = choice.words.iter().take(4).copied().collect();
                // The type of delayed delivery is looked at only where a quorum queue is found.
                let is_late = choice.setting.ends_with("delivery_queue_type") && queues::quorum(scope).is_empty();
                let meant = choice.words.iter().find(|word| {
                    word.eq_ignore_ascii_case(found.as_str().trim())
                        || strsim::osa_distance(word, &found.as_str().to_ascii_lowercase()) == 1
                        || strsim::osa_distance(word, &found.as_str().to_ascii_uppercase()) == 1
                });
                let message: Message = match choice.setting {
                    "broker_native_delayed_delivery_queue_type" => {
                        cards::SettingValueUnknown::QueueType { setting, found, known: &known }.into()
                    }
                    _ => cards::SettingValueUnknown::Word { setting, found, known: &known }.into(),
                };
                let finding = findings
                    .add(message)
                    .at(found)
                    .scope(&scope.name)
                    .uncertain_if(said.is_conditional() || is_late)
                    .at_most_info_if(said.is_for_tests());
                if let Some(meant) = meant {
                    finding.replace(found, meant);
                }
            }
        }
        // RabbitMQ: `max_value_exceeded`.
        for said in scope.said("task_queue_max_priority").filter(|_| queues::broker_may_be_rabbitmq(scope)) {
            if said.number().is_some_and(|number| number > 255.0) {
                let (setting, known) = (said.setting.written.as_str(), &Vec::<&str>::new());
                findings
                    .add(cards::SettingValueUnknown::Priority { setting, found: &said.known.at, known })
                    .at(&said.known.at)
                    .scope(&scope.name)
                    .uncertain_if(said.is_conditional() || scope.said("broker_url").next().is_none())
                    .at_most_info_if(said.is_for_tests());
            }
        }
        // celery/backends/database/__init__.py: `.get("task")` and `.get("group")`.
        for said in ["database_table_names", "database_table_schemas"].into_iter().flat_map(|name| scope.said(name)) {
            let Value::Dict(entries) = &said.known.value else { continue };
            for found in entries.iter().filter_map(|(key, _)| key.whole_text()) {
                if !["task", "group"].contains(&found.as_str()) {
                    let setting = said.setting.written.as_str();
                    findings
                        .add(cards::SettingValueUnknown::Key { setting, found, known: &vec!["task", "group"] })
                        .at(found)
                        .scope(&scope.name)
                        .as_said(&said);
                }
            }
        }
        for said in scope.said("worker_autoscaler").filter(|said| said.setting.source <= Source::Python) {
            let Some(found) = said.known.whole_text().filter(|_| is_numbers(said.known)) else { continue };
            let (setting, known) = (said.setting.written.as_str(), &Vec::<&str>::new());
            findings
                .add(cards::SettingValueUnknown::Autoscaler { setting, found, known })
                .at(found)
                .scope(&scope.name)
                .as_said(&said);
        }
    }
}

/// `"10,3"`: what `--autoscale` takes.
fn is_numbers(known: &Known) -> bool {
    matches!(&known.value, Value::Text(template)
        if !template.as_str().is_empty() && template.as_str().chars().all(|it| it.is_ascii_digit() || ", ".contains(it)))
}
