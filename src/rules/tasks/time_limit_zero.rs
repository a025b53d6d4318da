use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::limits::number;
use crate::facts::value::Known;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::TIME_LIMIT_ZERO, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, task) in facts.tasks() {
        for name in ["time_limit", "soft_time_limit"] {
            let Some(option) = task.option(name) else { continue };
            if option.known().is_some_and(is_zero) {
                say(findings, cards::TimeLimitZero::Off { limit: &option.name }, &option.expression);
            }
        }
    }
    for (_, scope) in facts.scopes() {
        for name in ["task_time_limit", "task_soft_time_limit"] {
            for said in scope.said(name).filter(|said| is_zero(said.known)) {
                say(findings, cards::TimeLimitZero::Off { limit: &said.setting.written }, &said.known.at);
            }
        }
    }
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        for (name, given) in &sending.options {
            if matches!(name.as_str(), "time_limit" | "soft_time_limit") && is_zero(&given.value) {
                say(findings, cards::TimeLimitZero::Ignored { limit: name }, &given.at);
            }
        }
    }
}

fn is_zero(known: &Known) -> bool {
    number(known).is_some_and(|number| number == 0.0)
}

fn say(findings: &mut Findings, message: impl Into<Message>, at: &Text) {
    findings.add(message).at(at);
}
