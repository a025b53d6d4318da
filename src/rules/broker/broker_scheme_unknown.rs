use std::collections::HashMap;

use crate::catalogue::{Message, cards};
use crate::facts::{Facts, broker};
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::BROKER_SCHEME_UNKNOWN, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    // Every file is asked once for each scheme, however many addresses have it.
    let mut registered: HashMap<String, bool> = HashMap::new();
    for address in broker::brokers(facts) {
        if !address.url.has_authority {
            continue;
        }
        let (Some(found), Some(scheme)) = (address.url.scheme_name(), address.url.transport()) else { continue };
        // Quotes, blanks and variables have rules of their own; with a dot it is the path of a class (kombu/transport/
        // __init__.py, resolve_transport).
        if scheme.is_empty() || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            continue;
        }
        let row = celery::broker_scheme(&scheme);
        let exists = |version: &_| row.is_some_and(|row| row.is_broker() && row.exists_in(*version));
        if facts.celery.possible.iter().any(exists) {
            continue;
        }
        let now = celery::broker_schemes()
            .iter()
            .filter(|row| row.is_broker() && facts.celery.possible.iter().all(|version| row.exists_in(*version)));
        let meant = match row {
            Some(row) if row.kind == "misnomer" => Some(row.meant).filter(|meant| !meant.is_empty()),
            Some(_) => None,
            None => nearest(&scheme, now.map(|row| row.scheme)),
        };
        let mut may_be_own = || match registered.get(&*scheme) {
            Some(known) => *known,
            None => {
                let found = is_registered(facts, &scheme);
                registered.insert(scheme.to_string(), found);
                found
            }
        };
        if row.is_none() && meant.is_none() && may_be_own() {
            continue;
        }
        let message: Message = match (row, meant) {
            (Some(row), _) if row.is_broker() => {
                cards::BrokerSchemeUnknown::OtherVersion { scheme: &found, meant: "" }.into()
            }
            (Some(row), None) if row.kind == "backend" => {
                cards::BrokerSchemeUnknown::OnlyBackend { scheme: &found, meant: "" }.into()
            }
            (_, Some(meant)) => cards::BrokerSchemeUnknown::Meant { scheme: &found, meant }.into(),
            _ => cards::BrokerSchemeUnknown::Unknown { scheme: &found, meant: "" }.into(),
        };
        let finding = findings.add(message).at(&found).scope(&address.scope.name).as_said(&address.said);
        // Behind a `+` stands a driver, and a meaning with `+` needs one.
        if let Some(meant) = meant.filter(|meant| !meant.contains('+') && found.len() == address.url.scheme.text.len())
        {
            finding.replace(&found, meant);
        }
    }
}

/// Whether a package named after it may add the transport to kombu's: `kubemq-celery`.
fn is_registered(facts: &Facts, scheme: &str) -> bool {
    let is_it = |name: &str| {
        let has = |wanted: &str| name.split(['.', '-', '_']).any(|word| word.eq_ignore_ascii_case(wanted));
        has(scheme) && (has("celery") || has("kombu"))
    };
    let imported = facts.python_code.iter().flat_map(|file| &file.imports).any(|import| is_it(&import.module));
    imported || facts.packages.lists.iter().flat_map(|list| &list.requirements).any(|it| is_it(it.name.as_str()))
}
