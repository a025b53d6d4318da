use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::written::Namespace;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::NAMESPACE_LOWER_CASE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for (number, reader) in scope.configured.iter().enumerate() {
            let Namespace::Given(namespace) = &reader.namespace else { continue };
            let upper = namespace.as_str().to_ascii_uppercase();
            if upper == namespace.as_str() {
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
                .add(cards::NamespaceLowerCase { found: namespace, meant: &upper })
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
