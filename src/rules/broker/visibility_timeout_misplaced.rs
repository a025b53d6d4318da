use crate::catalogue::cards;
use crate::facts::broker::{TransportOption, default_visibility_timeout, transport_option};
use crate::facts::{Answer, Facts, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::VISIBILITY_TIMEOUT_MISPLACED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for address in broker::brokers(facts) {
        if default_visibility_timeout(&address.url).is_none() {
            continue;
        }
        let lacks_it = match address.scope.answer("broker_transport_options") {
            Answer::Default => true,
            Answer::NotShown => false,
            Answer::Said(said) => said
                .iter()
                .all(|it| matches!(transport_option(it.known, "visibility_timeout"), TransportOption::NotSet)),
        };
        if !lacks_it {
            continue;
        }
        for said in address.scope.said("result_backend_transport_options") {
            let TransportOption::Set(value) = transport_option(said.known, "visibility_timeout") else { continue };
            findings
                .add(cards::VisibilityTimeoutMisplaced { setting: &said.setting.written })
                .at(&value.at)
                .scope(&address.scope.name)
                .uncertain_if(said.is_conditional())
                .at_most_info_if(said.is_for_tests());
        }
    }
}
