use crate::catalogue::cards;
use crate::facts::value::Value;
use crate::facts::written::{Namespace, Place, Style, Written};
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::NAMESPACE_MISSING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        if lookup::may_have_namespace(scope) {
            continue;
        }
        let ignored = |written: &&Written| {
            written.style == Style::Namespaced
                && !lookup::is_read_elsewhere(scope, written)
                && !is_default_anyway(written)
        };
        let names: Vec<&Written> = scope.written.iter().filter(ignored).collect();
        configured(scope, &names, findings);
        on_app(scope, &names, facts, findings);
    }
}

/// Eager mode that is switched off is off without the setting too, and UTC is on.
fn is_default_anyway(written: &Written) -> bool {
    let default = match written.means {
        Some("task_always_eager") => false,
        Some("enable_utc") => true,
        _ => return false,
    };
    let is_default = written.values.iter().all(|it| matches!(it.known.value, Value::Boolean(set) if set == default));
    is_default && !written.values.is_empty()
}

/// `config_from_object(…)` without a namespace, and settings that are written with one.
fn configured(scope: &Scope, names: &[&Written], findings: &mut Findings) {
    for (number, reader) in scope.configured.iter().enumerate() {
        // It goes to Celery as it is.
        let is_flask = reader.is_flask_mapping();
        let is_read = |it: &Written| {
            it.read_by == Some(number) || (is_flask && it.place == Place::Dictionary && it.read_by.is_none())
        };
        let read: Vec<&&Written> = names.iter().filter(|it| is_read(it)).collect();
        let (Some(first), Namespace::Absent) = (read.first(), &reader.namespace) else { continue };
        let listed = distinct(read.iter().map(|it| it.name.as_str()));
        let at = if reader.is_implicit || is_flask { &first.name } else { &reader.at };
        let finding = findings
            .add(cards::NamespaceMissing::Configured { found: &listed })
            .at(at)
            .scope(&scope.name)
            .uncertain_if(reader.is_conditional || scope.configured.len() > 1);
        for name in read.iter().take(5) {
            finding.related(&name.name, Role::Conflict);
        }
        let is_celery = read.iter().all(|it| it.name.as_str().starts_with("CELERY_"));
        // Names of before 4.0 beside them would then be ignored.
        let has_old = scope.written.iter().any(|it| it.read_by == Some(number) && it.style == Style::Old);
        if is_celery && !has_old && !reader.is_implicit && reader.at.as_str().starts_with(['"', '\'']) {
            finding.replace(&reader.at, &format!("{}, namespace=\"CELERY\"", reader.at.as_str()));
        }
    }
}

/// `app.conf.CELERY_BROKER_URL = …`
fn on_app(scope: &Scope, names: &[&Written], facts: &Facts, findings: &mut Findings) {
    let takes_flask_config = facts.python_code.iter().any(|file| file.wiring.takes_flask_config);
    // `CELERY = {…}` of Flask's settings, as its documentation hands it on.
    let takes_mapping = facts.python_code.iter().any(|file| file.wiring.takes_flask_mapping);
    let on_app: Vec<&&Written> = names
        .iter()
        .filter(|it| match it.place {
            Place::Conf => true,
            Place::FlaskConfig => takes_flask_config,
            // A class that Flask is configured from, where nothing else reads one.
            Place::Class => takes_flask_config && it.read_by.is_none() && scope.configured.is_empty(),
            Place::Dictionary => takes_mapping && it.read_by.is_none(),
            _ => false,
        })
        .collect();
    let Some(first) = on_app.first() else { return };
    let listed = distinct(on_app.iter().map(|it| it.name.as_str()));
    // The dictionary goes to the only app as it is, whatever else that app is told.
    let apps = facts.python_code.iter().map(|file| file.wiring.apps.len()).sum::<usize>();
    let is_handed = apps == 1 && scope.configured.is_empty() && on_app.iter().all(|it| it.place == Place::Dictionary);
    let is_open = !is_handed && (!scope.makes_app || !scope.open_at.is_empty());
    let finding = findings
        .add(cards::NamespaceMissing::OnApp { found: &listed })
        .at(&first.name)
        .scope(&scope.name)
        .uncertain_if(on_app.iter().all(|it| it.is_conditional()) || is_open);
    for name in on_app.iter().skip(1).take(5) {
        finding.related(&name.name, Role::Conflict);
    }
    let renamed: Vec<_> = on_app.iter().filter_map(|it| Some((&it.name, it.means?.to_owned()))).collect();
    lookup::rename_all(finding, &renamed);
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}
