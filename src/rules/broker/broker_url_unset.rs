use crate::catalogue::{Message, cards};
use crate::facts::broker::{self, Inside};
use crate::facts::{Answer, Facts, Role, Said};
use crate::finding::Findings;
use crate::read::command_line::CeleryCommand;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::words::Role as Place;

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_URL_UNSET, sees: COMMAND_KINDS, check };

/// Everything that can say where the broker is.
const SAYS_WHERE: [&str; 5] = ["broker_url", "broker_read_url", "broker_write_url", "broker_host", "broker_transport"];

/// Where Flower's own image finds a broker (celery/bin/celery.py, celery/app/utils.py), or a file that may say one.
const SAYS_TO_FLOWER: [&str; 4] = ["CELERY_BROKER_URL", "BROKER_URL", "CELERY_BROKER", "FLOWER_CONF"];

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        for container in &variant.containers {
            let Some(image) = container.image.as_ref().filter(|it| it.as_str().contains("mher/flower")) else {
                continue;
            };
            let is_set =
                container.environment.open || SAYS_TO_FLOWER.iter().any(|it| container.environment.get(it).is_some());
            let brings_more = container.is_template || container.storage.open || !container.storage.mounts.is_empty();
            let asks_app = |it: &CeleryCommand| it.open || it.has("--broker") || it.has("--app");
            let commands = container.commands.as_deref().unwrap_or_default();
            let is_unseen = container.has_words() && commands.is_empty();
            if is_set
                || brings_more
                || is_unseen
                || commands.iter().any(asks_app)
                || broker::has_no_broker_inside(variant, container) != Inside::Nothing
            {
                continue;
            }
            findings.add(cards::BrokerUrlUnset::Nobody {}).at(image).scope(&container.name);
        }
    }
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        let (Some(container), Some(subcommand)) = (variant.container_of(process), &process.command.subcommand) else {
            continue;
        };
        let mut empty = None;
        // `""` and None are taken for nothing; only all of the code and the environment can say that nothing else is.
        let says_nothing = |name: &&str| match scope.answer(name) {
            Answer::Default => true,
            Answer::NotShown => false,
            Answer::Said(values) => {
                let is_nothing =
                    |said: &Said<'_>| said.is_none() || said.known.whole_text().is_some_and(|text| text.is_empty());
                empty = values.first().map(|said| said.setting.written.clone());
                scope.closed && values.iter().all(is_nothing)
            }
        };
        if !matches!(process.role, Role::Worker | Role::Beat) || !SAYS_WHERE.iter().all(says_nothing) {
            continue;
        }
        let message: Message = match broker::has_no_broker_inside(variant, container) {
            Inside::Nothing => cards::BrokerUrlUnset::Nobody {}.into(),
            Inside::MayBe | Inside::Unknown => cards::BrokerUrlUnset::Localhost {}.into(),
        };
        let finding = findings.add(message).at(subcommand).related(&container.at, Place::Cause).scope(&scope.name);
        if let Some(empty) = empty {
            finding.related(&empty, Place::Cause);
        }
    }
}
