use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::broker::{self, TransportOption, transport_option};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::VISIBILITY_TIMEOUT_BEYOND_SQS, sees: SETTINGS_KINDS, check };

/// Twelve hours, the longest that SQS takes.
const LONGEST: f64 = 43_200.0;

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts).iter().filter(|address| address.url.is_any(&["sqs"])) {
        for said in address.scope.said("broker_transport_options").filter(|it| it.can_hold_with(&address.said)) {
            let TransportOption::Set(value) = transport_option(said.known, "visibility_timeout") else { continue };
            if value.seconds().is_some_and(|seconds| seconds > LONGEST) {
                findings
                    .add(cards::VisibilityTimeoutBeyondSqs { found: &value.at })
                    .at(&value.at)
                    .scope(&address.scope.name)
                    .as_said(&said);
            }
        }
    }
}
