use super::setting_names_mixed::is_among_mixed;
use crate::catalogue::version::VersionRange;
use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::Scope;
use crate::facts::written::{Namespace, Place, Style, Written};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::setting_lookup::reader;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_DEPRECATED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        let mut groups: Vec<usize> = Vec::new();
        for written in scope.written.iter() {
            let is_split = written.means == Some("task_acks_on_failure_or_timeout");
            let message: Message = if is_split {
                cards::SettingDeprecated::Split { found: &written.name }.into()
            } else if is_old(written) && !has_a_finding(scope, written) && !groups.contains(&written.group) {
                // Once for each place: the whole file is renamed at once.
                groups.push(written.group);
                cards::SettingDeprecated::OldName { found: &written.name }.into()
            } else {
                continue;
            };
            let finding = findings.add(message).at(&written.name).scope(&scope.name);
            if is_split {
                // celery/app/defaults.py:258 (5.7.0)
                finding.only_in = VersionRange::parse(">=5.7");
            }
        }
    }
}

/// Whether another rule says more of the name: it is mixed with new ones, or read through a namespace.
fn has_a_finding(scope: &Scope, written: &Written) -> bool {
    let is_namespaced = reader(scope, written).is_some_and(|it| matches!(it.namespace, Namespace::Given(_)));
    is_namespaced || is_among_mixed(scope, written)
}

/// A name of 3.x that Celery reads and will not read for ever; with a namespace other rules speak of it.
fn is_old(written: &Written) -> bool {
    let is_celery = ["BROKER_", "CELERY"].iter().any(|start| written.name.as_str().starts_with(start));
    written.style == Style::Old && is_celery && matches!(written.place, Place::Conf | Place::Argument)
        || (written.style == Style::Old && is_celery && written.read_by.is_some() && !written.in_django)
}
