use crate::catalogue::cards;
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_AMQP, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("result_backend") {
            // celery/app/backends.py: the part before "://" (or the whole value) is looked up as an alias.
            let Some(scheme) = said.text().map(url::parse).and_then(|url| url.scheme_name()) else { continue };
            if scheme.as_str() != "amqp" {
                continue;
            }
            let finding = findings
                .add(cards::ResultBackendAmqp { setting: &said.setting.written })
                .at(&scheme)
                .scope(&scope.name)
                .as_said(&said);
            if scheme.replacement("rpc").is_some() {
                finding.replace(&scheme, "rpc");
            } else if let Some(expression) = &said.setting.expression {
                finding.replace(expression, "\"rpc://\"");
            }
        }
    }
}
