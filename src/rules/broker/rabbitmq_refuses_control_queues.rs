use crate::catalogue::version::Version;
use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Role, Scope, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule {
    card: &cards::RABBITMQ_REFUSES_CONTROL_QUEUES,
    sees: &[Kind::Compose, Kind::Kubernetes, Kind::Dockerfile, Kind::Log, Kind::Command],
    check,
};

/// From here on RabbitMQ denies transient queues that are not exclusive (rabbit_amqqueue.erl:115, 4.3).
const FIRST: Version = Version { major: 4, minor: 3, patch: 0 };

fn check(facts: &Facts, findings: &mut Findings) {
    let Some((_, worker)) = facts.processes().find(|(_, process)| process.role == Role::Worker) else { return };
    if facts.rabbitmq.speaks_of("transient_nonexcl_queues") || facts.scopes().any(|(_, scope)| has_a_way_out(scope)) {
        return;
    }
    // Celery 5.6 has settings for it: where settings may be hidden, nothing is certain.
    let may_be_set = facts.celery.any_in(">=5.6") && facts.scopes().any(|(_, scope)| !scope.closed);
    for server in &facts.rabbitmq.servers {
        let is_certain = server.is_from(FIRST);
        let message: Message = if is_certain {
            cards::RabbitmqRefusesControlQueues::Refuses {}.into()
        } else if server.may_be_from(FIRST) {
            cards::RabbitmqRefusesControlQueues::MayRefuse {}.into()
        } else {
            continue;
        };
        let at = server.at.as_ref().or(worker.command.subcommand.as_ref()).unwrap_or(&worker.command.program);
        findings
            .add(message)
            .at(at)
            .scope(&worker.name)
            .uncertain_if(may_be_set)
            // A floating tag beside a Celery that nobody names: two guesses are worth a note, not a warning.
            .at_most_info_if(!is_certain && !facts.celery.is_known());
    }
}

/// Whether another broker is used, or the queues are not made as RabbitMQ refuses them.
fn has_a_way_out(scope: &Scope) -> bool {
    let is_other_broker = scope.said("broker_url").any(|said| {
        let scheme = said.text().map(url::parse).filter(|url| url.has_authority).and_then(|url| url.scheme_name());
        scheme.is_some_and(|it| !matches!(it.as_str(), "amqp" | "amqps" | "pyamqp" | "librabbitmq"))
    });
    let says_not = |name: &str, harmless: bool| scope.said(name).any(|said| said.boolean() != Some(!harmless));
    is_other_broker
        || says_not("control_queue_exclusive", true)
        || says_not("control_queue_durable", true)
        || says_not("worker_enable_remote_control", false)
}
