use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::settings::is_telling_name;
use crate::facts::written::{Place, Style};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;

pub(super) const RULE: Rule = Rule { card: &cards::LOWER_CASE_IN_DJANGO, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for written in scope.written.iter() {
            let Some(means) = written.means.filter(|_| written.style == Style::New && written.place == Place::Module)
            else {
                continue;
            };
            let reader = lookup::reader(scope, written);
            let is_django = match reader {
                Some(reader) => reader.is_django,
                None => written.in_django && scope.configured.is_empty(),
            };
            if !is_django || !is_telling_name(means) || lookup::is_read_elsewhere(scope, written) {
                continue;
            }
            let namespace = lookup::only_namespace(scope);
            let meant = lookup::in_namespace(namespace.map_or("CELERY", |text| text.as_str()), means);
            let finding = findings
                .add(cards::LowerCaseInDjango { found: &written.name, meant: &meant })
                .at(&written.name)
                .scope(&scope.name)
                .uncertain_if(reader.is_none() || written.is_conditional());
            if namespace.is_some() {
                finding.replace(&written.name, &meant);
            }
        }
    }
}
