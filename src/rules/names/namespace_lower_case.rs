use crate::catalogue::cards;
use crate::facts::written::Namespace;
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::NAMESPACE_LOWER_CASE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for (number, reader) in scope.configured.iter().enumerate() {
            let Namespace::Given(namespace) = &reader.namespace else { continue };
            let upper = namespace.as_str().to_ascii_uppercase();
            if upper == namespace.as_str() {
                differs(scope, number, namespace, findings);
                continue;
            }
            let prefix = format!("{}_", upper.trim_end_matches('_'));
            let meant = scope
                .written
                .iter()
                .find(|it| it.read_by == Some(number) && it.name.as_str().starts_with(&prefix) && it.means.is_some());
            if !reader.is_django && meant.is_none() {
                continue;
            }
            let finding = findings
                .add(cards::NamespaceLowerCase::Ignored { found: namespace, meant: &upper })
                .at(namespace)
                .scope(&scope.name)
                .uncertain_if(reader.is_conditional)
                .replace(namespace, &upper);
            if let Some(meant) = meant {
                finding.related(&meant.name, Role::Conflict);
            }
        }
    }
}

/// A namespace with which no name begins, while names begin with `CELERY_`.
fn differs(scope: &Scope, number: usize, namespace: &Text, findings: &mut Findings) {
    let own = format!("{}_", namespace.as_str().trim_end_matches('_'));
    let mut read = scope.written.iter().filter(|it| it.read_by == Some(number));
    if own == "CELERY_" || read.clone().any(|it| it.name.as_str().starts_with(&own)) {
        return;
    }
    // `S3_BUCKET` may be anybody's; the broker's address is Celery's.
    let Some(first) = read.find(|it| it.name.as_str() == "CELERY_BROKER_URL") else { return };
    findings
        .add(cards::NamespaceLowerCase::Differs { found: namespace, meant: "CELERY" })
        .at(namespace)
        .related(&first.name, Role::Conflict)
        .scope(&scope.name)
        .uncertain_if(scope.configured.len() > 1)
        .replace(namespace, "CELERY");
}
