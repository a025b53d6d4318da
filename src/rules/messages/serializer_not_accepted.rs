use crate::catalogue::{Message, cards};
use crate::facts::value::Value;
use crate::facts::{Answer, Facts, Said, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::serializers::{of_entry, of_name};
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SERIALIZER_NOT_ACCEPTED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // Signed messages have a rule of their own.
        if !scope.signed_at.is_empty() {
            continue;
        }
        // kombu's `register` may give any name any content type.
        if scope.mentions("register") && scope.mentions("kombu") {
            continue;
        }
        tasks(scope, findings);
        own_of_tasks(facts, scope, findings);
        results(scope, findings);
        default_serializer(scope, findings);
    }
}

/// Tasks go out with `task_serializer`; workers take what `accept_content` lists.
fn tasks(scope: &Scope, findings: &mut Findings) {
    for (serializer, accepts) in scope.together("task_serializer", "accept_content") {
        let Some(found) = refused(&serializer, &accepts) else { continue };
        let accepted = written(&accepts);
        let message = cards::SerializerNotAccepted::Task { found, accepted: &accepted };
        add(findings, message, found, &[&serializer, &accepts], scope).related(&accepts.known.at, Role::Conflict);
    }
    if !matches!(scope.answer("accept_content"), Answer::Default) {
        return;
    }
    for serializer in scope.said("task_serializer") {
        let Some(found) = serializer.known.whole_text() else { continue };
        if of_name(found.as_str()).is_some() && found.as_str() != "json" {
            let message = cards::SerializerNotAccepted::DefaultAccepts { found, accepted: &vec!["json".to_owned()] };
            add(findings, message, found, &[&serializer], scope).uncertain_if(!scope.closed);
        }
    }
}

/// `@app.task(serializer=…)` and `apply_async(serializer=…)` win over the setting.
fn own_of_tasks(facts: &Facts, scope: &Scope, findings: &mut Findings) {
    let is_default = facts.scopes().all(|(_, scope)| matches!(scope.answer("accept_content"), Answer::Default));
    for (file, found) in super::own_serializers(facts) {
        if is_default && of_name(found.as_str()).is_some_and(|it| it != "application/json") {
            let message = cards::SerializerNotAccepted::DefaultAccepts { found, accepted: &vec!["json".to_owned()] };
            add(findings, message, found, &[], scope).uncertain_if(!scope.closed).at_most_info_if(file.is_for_tests());
        }
        for accepts in scope.said("accept_content") {
            if accepts.is_conditional()
                || !facts.is_of_one_app(file, &accepts.setting.written)
                || !is_refused(found, &accepts)
            {
                continue;
            }
            let accepted = written(&accepts);
            let message = cards::SerializerNotAccepted::Task { found, accepted: &accepted };
            add(findings, message, found, &[&accepts], scope)
                .related(&accepts.known.at, Role::Conflict)
                .at_most_info_if(file.is_for_tests());
        }
    }
}

/// Results are written with `result_serializer`, and read with `result_accept_content`, else `accept_content`.
fn results(scope: &Scope, findings: &mut Findings) {
    if !scope.said("result_backend").any(|said| said.text().is_some()) {
        return;
    }
    let own = scope.said("result_accept_content").any(|said| !said.is_none());
    let list = if own { "result_accept_content" } else { "accept_content" };
    for (serializer, accepts) in scope.together("result_serializer", list) {
        let Some(found) = refused(&serializer, &accepts) else { continue };
        let accepted = written(&accepts);
        let message = cards::SerializerNotAccepted::Result { found, accepted: &accepted };
        add(findings, message, found, &[&serializer, &accepts], scope)
            .related(&accepts.known.at, Role::Conflict)
            .uncertain_if(!own && !scope.closed);
    }
}

/// Nothing chooses a serializer for tasks, so it is json, and json is not on the list.
fn default_serializer(scope: &Scope, findings: &mut Findings) {
    if !matches!(scope.answer("task_serializer"), Answer::Default) {
        return;
    }
    for accepts in scope.said("accept_content") {
        let Some(list) = accepts.all_strings().filter(|list| !list.is_empty()) else { continue };
        if list.iter().all(|entry| of_entry(entry.as_str()).is_some_and(|it| it != "application/json")) {
            let message = cards::SerializerNotAccepted::DefaultSent { found: "json", accepted: &written(&accepts) };
            add(findings, message, &accepts.known.at, &[&accepts], scope).uncertain_if(!scope.closed);
        }
    }
}

fn written(accepts: &Said<'_>) -> Vec<String> {
    accepts.strings().unwrap_or_default().iter().map(|entry| entry.as_str().to_owned()).collect()
}

fn add<'a>(
    findings: &'a mut Findings,
    message: impl Into<Message>,
    at: &Text,
    of: &[&Said<'_>],
    scope: &Scope,
) -> &'a mut crate::finding::Finding {
    findings
        .add(message)
        .at(at)
        .scope(&scope.name)
        .uncertain_if(of.iter().any(|said| said.is_conditional()))
        .at_most_info_if(of.iter().any(|said| said.is_for_tests()))
}

/// The serializer, if it is one that everybody knows and certainly not on the list. An empty list is another rule's.
fn refused<'a>(serializer: &Said<'a>, accepts: &Said<'_>) -> Option<&'a Text> {
    let found = serializer.known.whole_text()?;
    is_refused(found, accepts).then_some(found)
}

fn is_refused(serializer: &Text, accepts: &Said<'_>) -> bool {
    let Some(content_type) = of_name(serializer.as_str()) else { return false };
    if !matches!(&accepts.known.value, Value::List(items) if !items.is_empty()) {
        return false;
    }
    let Some(list) = accepts.all_strings() else { return false };
    list.iter().all(|entry| of_entry(entry.as_str()).is_some_and(|it| it != content_type))
}
