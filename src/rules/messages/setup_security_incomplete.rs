use crate::catalogue::{Message, cards};
use crate::facts::{Answer, Facts, Said, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SETUP_SECURITY_INCOMPLETE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        match scope.signed_at.first() {
            Some(call) => contradicted(call, scope, findings),
            // Variables cannot call it; a second file shows that this is more than an excerpt.
            None if (scope.closed || (scope.code_is_closed && facts.python_code.len() > 1))
                && !scope.mentions("setup_security") =>
            {
                not_set_up(scope, findings);
            }
            None => {}
        }
    }
}

/// celery/security/__init__.py, setup_security: both settings are compared with exactly these values.
fn contradicted(call: &Text, scope: &Scope, findings: &mut Findings) {
    for said in scope.said("task_serializer") {
        if let Some(found) = said.known.whole_text().filter(|text| text.as_str() != "auth") {
            let message = cards::SetupSecurityIncomplete::Serializer { setting: &said.setting.written };
            add(findings, message, found, &said, scope, Some(call));
        }
    }
    for said in scope.said("accept_content") {
        let is_exact = |list: &[&Text]| matches!(list, [only] if only.as_str() == "auth");
        if said.all_strings().is_some_and(|list| !is_exact(&list)) {
            let message = cards::SetupSecurityIncomplete::Accepts { setting: &said.setting.written };
            add(findings, message, &said.known.at, &said, scope, Some(call));
        }
    }
    for (name, setting) in [("task_serializer", "task_serializer"), ("accept_content", "accept_content")] {
        if matches!(scope.answer(name), Answer::Default) {
            findings
                .add(cards::SetupSecurityIncomplete::Missing { setting })
                .at(call)
                .scope(&scope.name)
                .at_most_info_if(scope.is_for_tests);
        }
    }
}

/// Only setup_security registers the serializer `auth`.
fn not_set_up(scope: &Scope, findings: &mut Findings) {
    for said in scope.said("task_serializer") {
        if let Some(found) = said.known.whole_text().filter(|text| text.as_str() == "auth") {
            let message = cards::SetupSecurityIncomplete::NotCalled { setting: &said.setting.written };
            add(findings, message, found, &said, scope, None);
        }
    }
}

fn add(
    findings: &mut Findings,
    message: impl Into<Message>,
    at: &Text,
    said: &Said<'_>,
    scope: &Scope,
    call: Option<&Text>,
) {
    let finding = findings.add(message);
    if let Some(call) = call {
        finding.related(call, Role::Conflict);
    }
    finding.at(at).scope(&scope.name).as_said(said).at_most_info_if(scope.is_for_tests);
}
