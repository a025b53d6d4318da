use crate::catalogue::cards;
use crate::facts::value::{Value, Why};
use crate::facts::{Facts, Said};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_SAME_AS_BROKER, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for (backend, broker) in scope.together("result_backend", "broker_url") {
            let (Some(name), Some(of_broker)) = (source(&backend), source(&broker)) else { continue };
            // Redis can be both. Only the name of the value tells that RabbitMQ stands behind it.
            if name != of_broker || !names_rabbitmq(name) {
                continue;
            }
            findings
                .add(cards::ResultBackendSameAsBroker { setting: &backend.setting.written, name })
                .at(&backend.known.at)
                .related(&broker.known.at, Role::Cause)
                .scope(&scope.name)
                .uncertain_if(true)
                .at_most_info_if(backend.is_for_tests());
        }
    }
}

/// The variable or name that the whole value comes from, where the value is not shown.
fn source<'a>(said: &Said<'a>) -> Option<&'a str> {
    let why = match &said.known.value {
        Value::Unknown(why) => why,
        // The variable and nothing else, put into a string.
        Value::Text(template) if crate::facts::url::Url::is_one_hole(template) => &template.holes[0].why,
        _ => return None,
    };
    match why {
        Why::Environment { name, .. } | Why::Name(name) => Some(name),
        _ => None,
    }
}

fn names_rabbitmq(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("rabbit") || name.contains("amqp")
}
