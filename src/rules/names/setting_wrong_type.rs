use crate::catalogue::{Message, cards};
use crate::facts::settings::{Source, is_namespaced, is_telling_name, overruled_by_variable};
use crate::facts::value::{Known, PYDANTIC_URL as URL, Value, Why};
use crate::facts::written::{Place, Written};
use crate::facts::{Facts, Said, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::read::python::ConditionKind;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_WRONG_TYPE, sees: &[Kind::Python], check };

/// Settings whose list is right though the table calls them a string or a switch, and those with cards of their own.
const OTHERWISE: [&str; 9] = [
    "broker_url",
    "broker_read_url",
    "broker_write_url",
    "broker_failover_strategy",
    "broker_use_ssl",
    "beat_schedule",
    "task_queues",
    "redis_backend_use_ssl",
    "cassandra_auth_kwargs",
];

/// Settings that take an address as a text.
const ADDRESSES: [&str; 4] = ["broker_url", "broker_read_url", "broker_write_url", "result_backend"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        let mut names: Vec<&'static str> = scope.settings.iter().map(|setting| setting.name).collect();
        crate::text::order::distinct(&mut names);
        for row in names.into_iter().filter_map(celery::setting) {
            for said in scope
                .said(row.name)
                .filter(|said| said.setting.source <= Source::Python)
                // A constant that other code reads is converted there.
                .filter(|said| !scope.names_read.contains(said.setting.written.as_str()))
            {
                // `S3_BUCKET` in capitals may be the project's own.
                let written = said.setting.written.as_str();
                if is_namespaced(written) && !is_telling_name(written) {
                    continue;
                }
                let Some(message) = message(row, &said) else { continue };
                let is_url = matches!(&said.known.value, Value::Call { function, .. } if function == URL);
                // A field that no app is configured from: what takes it on is said there.
                if is_url && is_field_unread(scope, &said) {
                    continue;
                }
                // Whichever variable fills it, pydantic makes an object of it.
                let depends = said.conditions.iter().any(|it| !is_url || it.is != ConditionKind::Set);
                let finding = findings
                    .add(message)
                    .at(&said.known.at)
                    .scope(&scope.name)
                    .uncertain_if(said.is_conditional() && depends && !lookup::is_default_of_variable(&said))
                    .uncertain_if(is_url && is_saved_by_variable(row, &said))
                    .at_most_info_if(said.is_for_tests());
                if let Some(expression) = said.setting.expression.as_ref().filter(|_| is_url)
                    && expression.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte))
                {
                    finding.replace(expression, &format!("str({})", expression.as_str()));
                }
            }
        }
    }
}

fn message(row: &celery::SettingRow, said: &Said<'_>) -> Option<Message> {
    let setting = &said.setting.written;
    match (&said.known.value, row.kind) {
        // kombu/connection.py and celery/app/backends.py look for `://` in it.
        (Value::Call { called, .. }, _) if called.full_name == URL => {
            ADDRESSES.contains(&row.name).then(|| cards::SettingWrongType::Url { setting }.into())
        }
        _ if OTHERWISE.contains(&row.name) => None,
        // A switch that is not empty is on: wrong only where it should be off.
        (Value::List(items), "bool") => match &items[..] {
            [only] if only.truth() == Some(false) => Some(cards::SettingWrongType::TurnedOn { setting }.into()),
            _ => None,
        },
        (Value::List(items), "string" | "str" | "int" | "float") => match &items[..] {
            [] => None,
            [only] if !said.known.at.as_str().starts_with(['[', '{']) && is_one(only) => {
                Some(cards::SettingWrongType::Comma { setting }.into())
            }
            _ => Some(cards::SettingWrongType::List { setting }.into()),
        },
        // celery/app/base.py, connection: dict(…) of it; the others ask it for its keys.
        (Value::Text(template), "dict") if template.whole().is_some_and(|text| !text.is_empty()) => {
            Some(cards::SettingWrongType::Dictionary { setting }.into())
        }
        (Value::List(items), "dict") if items.iter().any(|item| is_one(item) && !is_pair(item)) => {
            Some(cards::SettingWrongType::Dictionary { setting }.into())
        }
        // celery/app/amqp.py, the router asks the default queue as a name.
        (Value::Call { called, .. }, _) if row.name == "task_default_queue" && called.full_name == "kombu.Queue" => {
            Some(cards::SettingWrongType::Queue { setting }.into())
        }
        // billiard adds it to a time of day.
        (Value::Call { called, .. }, _)
            if matches!(row.name, "task_time_limit" | "task_soft_time_limit")
                && called.full_name == "datetime.timedelta" =>
        {
            Some(cards::SettingWrongType::Duration { setting }.into())
        }
        _ => None,
    }
}

/// Whether the variable that fills the field is one that Celery reads by itself, as a text: only a `.env` file that
/// pydantic reads, or the field's default, then reaches Celery (celery/app/utils.py, Settings.broker_url, 5.7.0).
fn is_saved_by_variable(row: &celery::SettingRow, said: &Said<'_>) -> bool {
    let reads = |known: &Known| match &known.value {
        Value::Unknown(Why::Environment { name, .. }) => {
            overruled_by_variable(&name.to_ascii_uppercase()) == Some(row.name)
        }
        _ => false,
    };
    said.setting.alternatives.iter().any(|it| match &it.known.value {
        Value::Call { arguments, .. } => arguments.iter().any(|(_, text)| reads(text)),
        _ => false,
    })
}

/// Whether it stands in a class that nothing in sight hands to an app.
fn is_field_unread(scope: &Scope, said: &Said<'_>) -> bool {
    let name = &said.setting.written;
    let is_it = |it: &&Written| it.name.span() == name.span() && it.place == Place::Class;
    scope.makes_app && scope.written.iter().find(is_it).is_some_and(|it| it.read_by.is_none())
}

/// Whether it is one plain value.
fn is_one(known: &Known) -> bool {
    matches!(known.value, Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_))
}

/// `dict()` takes a text of two letters for a key and its value.
fn is_pair(known: &Known) -> bool {
    known.text().is_some_and(|text| text.as_str().chars().count() == 2)
}
