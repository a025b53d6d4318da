use crate::catalogue::cards;
use crate::facts::{Facts, Process, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::URL_PART_UNSET, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        // An env file or a Secret that was named and not pasted may well set them.
        let process = scope.process.and_then(|number| variant.processes.get(number));
        let is_named = |process: &Process| match variant.container_of(process) {
            Some(container) => container.environment.open,
            // Whoever runs an image gives it its variables.
            None if process.image.is_some() => true,
            None => process.daemon.is_some() && process.environment.open,
        };
        if process.is_some_and(is_named) {
            continue;
        }
        // Beside containers that set a variable, code that no process is shown for has it from them.
        // A command that somebody types, as a README shows it, has the variables of that terminal.
        let is_typed =
            process.is_none_or(|it| variant.container_of(it).is_none() && it.image.is_none() && it.daemon.is_none());
        let is_set = |variable: &str| {
            is_typed
                && facts.variants.iter().flat_map(|it| &it.containers).any(|it| it.environment.get(variable).is_some())
        };
        for name in super::ADDRESSES {
            for said in scope.said(name) {
                let Some(address) = said.text().map(url::parse).filter(|url| url.has_authority) else { continue };
                // str(None) is "None": kombu then reads the port "None" and stops with a ValueError.
                let unset = address.holes().filter_map(|(_, hole)| Some((hole, hole.none_if_unset.as_ref()?)));
                let unset: Vec<_> = unset.filter(|(_, variable)| !is_set(variable)).collect();
                let Some((first, _)) = unset.first() else { continue };
                let variables: Vec<&String> = unset.iter().map(|(_, variable)| *variable).collect();
                // What one would mend stands where the address is put together, not where it is used.
                let made_at =
                    address.scheme.text.origins().last().cloned().unwrap_or_else(|| address.scheme.text.clone());
                let place = if address.scheme.text.is_empty() { &first.site } else { &made_at };
                let finding = findings
                    .add(cards::UrlPartUnset { variables: &variables })
                    .at(place)
                    .scope(&scope.name)
                    .at_most_info_if(said.is_for_tests());
                for (hole, _) in unset {
                    finding.related(&hole.site, Role::Cause);
                }
            }
        }
    }
}
