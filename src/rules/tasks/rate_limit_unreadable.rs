use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::{Known, Value};
use crate::finding::{Finding, Findings};
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::RATE_LIMIT_UNREADABLE, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, task) in facts.tasks() {
        let Some(option) = task.option("rate_limit") else { continue };
        for value in &option.values {
            if let Some(finding) = judged(&value.known, findings) {
                finding.uncertain_if(!value.conditions.is_empty());
            }
        }
    }
    for (_, scope) in facts.scopes() {
        for said in scope.said("task_default_rate_limit") {
            if let Some(finding) = judged(said.known, findings) {
                finding.scope(&scope.name).as_said(&said);
            }
        }
        for said in scope.said("task_annotations") {
            for limit in annotated(said.known) {
                if let Some(finding) = judged(limit, findings) {
                    finding.scope(&scope.name).as_said(&said);
                }
            }
        }
    }
}

/// The rate limits in `{"shop.tasks.add": {"rate_limit": "10/s"}}`.
fn annotated(annotations: &Known) -> Vec<&Known> {
    let Value::Dict(tasks) = &annotations.value else { return Vec::new() };
    let mut found = Vec::new();
    for (_, options) in tasks {
        let Value::Dict(options) = &options.value else { continue };
        found.extend(
            options
                .iter()
                .filter(|(key, _)| key.whole_text().is_some_and(|key| key.as_str() == "rate_limit"))
                .map(|(_, limit)| limit),
        );
    }
    found
}

fn judged<'a>(known: &Known, findings: &'a mut Findings) -> Option<&'a mut Finding> {
    let written = known.whole_text()?;
    if is_rate(written.as_str()) {
        return None;
    }
    let finding = findings.add(cards::RateLimitUnreadable { found: written }).at(written);
    if let Some(meant) = meant(written) {
        finding.replace(written, &meant);
    }
    Some(finding)
}

// celery/utils/time.py:310 (5.7.0): a number, then nothing or one of s, m and h behind a slash.
fn is_rate(written: &str) -> bool {
    let (amount, unit) = written.split_once('/').unwrap_or((written, ""));
    written.is_empty() || (matches!(unit, "" | "s" | "m" | "h") && amount.trim().parse::<f64>().is_ok())
}

/// `10/min` is `10/m`.
fn meant(written: &Text) -> Option<String> {
    let (amount, unit) = written.as_str().split_once('/')?;
    amount.trim().parse::<f64>().ok()?;
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        _ => return None,
    };
    Some(format!("{}/{unit}", amount.trim()))
}
