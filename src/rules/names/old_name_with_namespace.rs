use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::written::{Namespace, Style};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::OLD_NAME_WITH_NAMESPACE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for written in scope.written.iter() {
            let (Some(reader), Some(means)) = (lookup::reader(scope, written), written.means) else { continue };
            let Namespace::Given(namespace) = &reader.namespace else { continue };
            let is_upper = namespace.as_str().bytes().any(|letter| letter.is_ascii_uppercase());
            // Django's own settings and the project's have names such as S3_BUCKET; these two are Celery's.
            let is_telling = ["BROKER_", "CELERY"].iter().any(|start| written.name.as_str().starts_with(start));
            if written.style != Style::Old || !is_upper || !is_telling || lookup::is_read_elsewhere(scope, written) {
                continue;
            }
            // celery/utils/collections.py:390 (5.7.0): the name with the namespace comes first.
            let has_new = scope.written.iter().any(|other| {
                other.means == Some(means) && matches!(other.style, Style::Namespaced | Style::OldAndNamespaced)
            });
            if has_new {
                continue;
            }
            let meant = lookup::in_namespace(namespace.as_str(), means);
            findings
                .add(cards::OldNameWithNamespace { found: &written.name, meant: &meant })
                .at(&written.name)
                .related(&reader.at, Role::Cause)
                .scope(&scope.name)
                .uncertain_if(reader.is_conditional || written.is_conditional() || scope.configured.len() > 1)
                // It is read there, as it stands.
                .at_most_info_if(facts.celery.all_in(">=5.7"))
                .replace(&written.name, &meant);
        }
    }
}
