use crate::catalogue::cards;
use crate::facts::{Facts, schedule};
use crate::finding::Findings;
use crate::knowledge::backends;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_EXPIRES_WITHOUT_BEAT, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let without_beat = facts.variants.iter().filter(|variant| schedule::shows_no_beat(variant));
    for scope in without_beat.flat_map(|variant| &variant.scopes).filter(|scope| scope.process.is_some()) {
        // Who sets it to None has answered already.
        if scope.said("result_expires").any(|said| said.is_none() || said.number() == Some(0.0)) {
            continue;
        }
        for backend in super::backends(scope) {
            let keeps = backends::find(backend.alias.as_str())
                // Of files in a container another rule speaks: they are gone with it.
                .is_some_and(|row| !row.forgets && !matches!(row.alias, "disabled" | "amqp" | "riak" | "file"));
            if keeps {
                findings
                    .add(cards::ResultExpiresWithoutBeat { backend: &backend.alias })
                    .at(&backend.alias)
                    .scope(&scope.name)
                    .at_most_info_if(backend.said.is_for_tests());
            }
        }
    }
}
