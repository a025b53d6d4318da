use crate::catalogue::{Message, cards};
use crate::facts::command;
use crate::facts::{Facts, Role, flower};
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::FLOWER_VALUE_REFUSED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        if process.role != Role::Flower {
            continue;
        }
        for row in celery::flower_options() {
            let Some(given) = flower::option(process, row.option) else { continue };
            let Some(text) = given.value.as_ref().and_then(|value| value.whole()) else { continue };
            let option = &given.written;
            let message: Message = match (row.option, row.kind) {
                // The address must name http or https: 2.2.0 ends (flower/command.py), 2.1.0 logs it and asks nobody.
                ("broker_api", _) if !text.is_empty() && !is_http(text.as_str()) => {
                    cards::FlowerValueRefused::NotHttp { option }.into()
                }
                // What answers there speaks AMQP.
                ("broker_api", _) if text.as_str().contains(":5672") => {
                    cards::FlowerValueRefused::AmqpPort { option }.into()
                }
                // Nobody can log in; every entry is compared with `user:password` (flower/views/__init__.py).
                ("basic_auth", _) if !text.is_empty() && !text.as_str().contains(':') => {
                    cards::FlowerValueRefused::NoPassword { option }.into()
                }
                // Only `web` is reached from outside, at the port in the variable.
                ("port", _)
                    if process.command.named.as_ref().is_some_and(|name| name.as_str() == "web")
                        && text.as_str().parse::<u16>().is_ok() =>
                {
                    cards::FlowerValueRefused::FixedPort { option }.into()
                }
                (_, "int") if command::integer(text.as_str()).is_none() && !text.as_str().contains('$') => {
                    cards::FlowerValueRefused::NotANumber { option }.into()
                }
                _ => continue,
            };
            findings.add(message).at(text).scope(&process.name);
        }
    }
}

fn is_http(address: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme))
}
