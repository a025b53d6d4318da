use crate::catalogue::cards;
use crate::facts::{Answer, Facts, Role};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule =
    Rule { card: &cards::BROKER_CONNECTION_RETRY_ON_STARTUP_UNSET, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    // celery/worker/consumer/consumer.py:502 in 5.3.6, 503 in 5.4.0; from 5.5 on the warning needs a False.
    if !facts.celery.all_in(">=5.3,<5.5") {
        return;
    }
    // One remark, at the first worker: the setting is the app's, and the others start the same app.
    let mut first = None;
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        let unset = matches!(scope.answer("broker_connection_retry_on_startup"), Answer::Default);
        if let Some(worker) = process.command.subcommand.as_ref().filter(|_| process.role == Role::Worker && unset) {
            let place = *first.get_or_insert(worker);
            findings.add(cards::BrokerConnectionRetryOnStartupUnset {}).at(place).scope(&scope.name);
        }
    }
}
