use crate::catalogue::cards;
use crate::facts::Answer;
use crate::facts::Facts;
use crate::facts::broker::{self, TransportOption, transport_option};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::SENTINEL_WITHOUT_MASTER_NAME, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let mut said = Vec::new();
    for address in broker::all(facts).iter().filter(|address| address.url.is_any(&["sentinel"])) {
        let is_backend = address.said.setting.name == "result_backend";
        let options = if is_backend { "result_backend_transport_options" } else { "broker_transport_options" };
        let lacks = match address.scope.answer(options) {
            Answer::Default => true,
            Answer::NotShown => false,
            Answer::Said(values) => values
                .iter()
                .filter(|it| it.can_hold_with(&address.said))
                .all(|it| matches!(transport_option(it.known, "master_name"), TransportOption::NotSet)),
        };
        // One remark for all the sentinels of a value.
        let place = address.said.setting.written.span();
        if lacks && !said.contains(&place) {
            said.push(place);
            findings
                .add(cards::SentinelWithoutMasterName { setting: &address.said.setting.written, options })
                .at(&address.url.scheme.text)
                .scope(&address.scope.name)
                .as_said(&address.said);
        }
    }
}
