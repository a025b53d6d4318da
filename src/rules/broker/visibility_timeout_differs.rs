use crate::catalogue::cards;
use crate::facts::broker::{TransportOption, default_visibility_timeout, transport_option};
use crate::facts::tasks::limits::number;
use crate::facts::{Facts, Scope, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::VISIBILITY_TIMEOUT_DIFFERS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        // Each process sees the app that it names.
        let apps: Vec<_> = variant.scopes.iter().flat_map(|scope| apps(facts, scope)).collect();
        for (name, address, seconds, at) in &apps {
            // Workers of one Redis database share what is out on loan (kombu/transport/redis.py, restore_visible, 5.7.0).
            let longer = apps.iter().find(|it| it.1 == *address && it.2 > *seconds);
            if let Some((_, _, others, others_at)) = longer {
                findings
                    .add(cards::VisibilityTimeoutDiffers { short: *seconds as u64, long: *others as u64 })
                    .at(at)
                    .related(others_at, Role::Conflict)
                    .scope(name);
            }
        }
    }
}

/// The apps that are each made in a file of its own with a Redis broker: the scope, the address, the timeout, and where
/// it is set.
fn apps<'a>(facts: &Facts, scope: &'a Scope) -> Vec<(&'a str, &'a str, f64, &'a Text)> {
    let mut found = Vec::new();
    for broker in scope.said("broker_url").filter(|said| !said.is_conditional()) {
        let Some(address) = broker.text().filter(|template| template.holes.is_empty()) else { continue };
        let source = broker.setting.written.span().source;
        let makes_app = facts.code_file_of(&broker.setting.written).is_some_and(|file| !file.wiring.apps.is_empty());
        if !makes_app || default_visibility_timeout(&url::parse(address)).is_none() {
            continue;
        }
        let options = scope
            .said("broker_transport_options")
            .filter(|said| !said.is_conditional() && said.setting.written.span().source == source);
        for said in options {
            if let TransportOption::Set(known) = transport_option(said.known, "visibility_timeout")
                && let Some(seconds) = number(known)
            {
                found.push((scope.name.as_str(), address.as_str(), seconds, &known.at));
            }
        }
    }
    found
}
