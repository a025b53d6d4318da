use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_INCOMPLETE, sees: &[Kind::Python], check };

/// Settings without which a backend refuses to be made, and cannot get from its address
/// (celery/backends/s3.py, cassandra.py, database/__init__.py; `ImproperlyConfigured`).
const NEEDED: [(&str, &str); 5] = [
    ("s3", "s3_bucket"),
    ("cassandra", "cassandra_keyspace"),
    ("cassandra", "cassandra_table"),
    ("database", "database_url"),
    ("db", "database_url"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for backend in super::backends(scope) {
            let is_address = backend.said.text().is_some_and(|text| text.as_str().contains("://"));
            let missing = NEEDED
                .iter()
                .filter(|(alias, setting)| {
                    *alias == backend.alias.as_str() && !(is_address && *setting == "database_url")
                })
                .find(|(_, setting)| scope.no_code_sets(setting));
            let Some((_, missing)) = missing else { continue };
            findings
                .add(cards::ResultBackendIncomplete { backend: &backend.alias, missing: *missing })
                .at(&backend.alias)
                .scope(&scope.name)
                .as_said(&backend.said);
        }
    }
}
