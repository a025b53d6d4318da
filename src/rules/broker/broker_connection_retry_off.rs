use crate::catalogue::version::VersionRange;
use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_CONNECTION_RETRY_OFF, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        if process.role != Role::Worker || process.container.is_none() {
            continue;
        }
        for name in ["broker_connection_retry", ON_STARTUP] {
            for said in scope.said(name).filter(|said| said.boolean() == Some(false)) {
                let setting = &said.setting.written;
                // On startup it decides alone, where it is set (celery/worker/consumer/consumer.py, 5.3.6 and 5.7.0).
                let startup = scope.said(ON_STARTUP).find(|it| it.boolean() == Some(true) && it.can_hold_with(&said));
                let message: Message = match name != ON_STARTUP && startup.is_some() {
                    true => cards::BrokerConnectionRetryOff::Later { setting }.into(),
                    false => cards::BrokerConnectionRetryOff::AtStart { setting }.into(),
                };
                let finding = findings.add(message);
                finding.at(&said.known.at).scope(&scope.name).as_said(&said);
                if name == ON_STARTUP {
                    finding.only_in = VersionRange::parse(">=5.3");
                }
            }
        }
    }
}

const ON_STARTUP: &str = "broker_connection_retry_on_startup";
