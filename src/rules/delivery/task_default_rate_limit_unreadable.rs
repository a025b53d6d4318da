use crate::catalogue::cards;
use crate::facts::value::{Known, Value};
use crate::facts::{Facts, Said, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_DEFAULT_RATE_LIMIT_UNREADABLE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("task_default_rate_limit") {
            if let Some(found) = said.known.whole_text() {
                judge(found, &said, scope, findings);
            }
        }
        for said in scope.said("task_annotations") {
            for found in annotated(said.known) {
                judge(found, &said, scope, findings);
            }
        }
    }
}

fn judge(found: &Text, said: &Said<'_>, scope: &Scope, findings: &mut Findings) {
    if is_readable(found.as_str()) {
        return;
    }
    let finding = findings
        .add(cards::TaskDefaultRateLimitUnreadable { found })
        .at(found)
        .scope(&scope.name)
        .uncertain_if(said.is_conditional())
        .at_most_info_if(said.is_for_tests());
    if let Some(meant) = meant(found.as_str()) {
        finding.replace(found, &meant);
    }
}

/// The `rate_limit` of every entry of `task_annotations`, which is a dictionary or a list of dictionaries.
fn annotated(known: &Known) -> Vec<&Text> {
    let mut found = Vec::new();
    match &known.value {
        Value::Dict(tasks) => {
            for (_, options) in tasks {
                let Value::Dict(options) = &options.value else { continue };
                let limit = options
                    .iter()
                    .rfind(|(name, _)| name.whole_text().is_some_and(|name| name.as_str() == "rate_limit"));
                found.extend(limit.and_then(|(_, value)| value.whole_text()));
            }
        }
        Value::List(items) => found.extend(items.iter().flat_map(annotated)),
        _ => {}
    }
    found
}

/// Whether Celery reads it: a number, then nothing, `/s`, `/m` or `/h`. An empty text is no limit
/// (celery/utils/time.py, rate).
fn is_readable(written: &str) -> bool {
    if written.is_empty() {
        return true;
    }
    let (number, unit) = written.split_once('/').unwrap_or((written, "s"));
    // Python's float also takes `inf`, `nan` and underscores: whoever writes that means it.
    let is_number = number.trim().replace('_', "").parse::<f64>().is_ok();
    is_number && (unit.is_empty() || matches!(unit, "s" | "m" | "h"))
}

/// The unit that a word certainly stands for.
fn meant(written: &str) -> Option<String> {
    let (number, unit) = written.split_once('/')?;
    number.trim().parse::<f64>().ok()?;
    let letter = match unit.trim().to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hour" | "hours" => "h",
        _ => return None,
    };
    Some(format!("{}/{letter}", number.trim()))
}
