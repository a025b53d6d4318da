use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::When;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::RATE_LIMIT_BELOW_SCHEDULE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_entry(facts, |scope, _, schedule, entry| {
        let (Some(name), When::Every(seconds)) = (entry.task(), entry.when()) else { return };
        let last = name.as_str().rsplit('.').next().unwrap_or_default();
        let mut tasks = facts.tasks().filter(|(_, task)| task.name.as_str() == last && task.option("name").is_none());
        let (Some((_, task)), None) = (tasks.next(), tasks.next()) else { return };
        let Some(limit) = task.option("rate_limit").and_then(|it| it.known()?.whole_text()) else { return };
        let Some(pause) = pause(limit.as_str()) else { return };
        let Some(at) = entry.field("schedule").map(|it| &it.at) else { return };
        // What comes too late is dropped then.
        if seconds > 0.0 && pause > seconds && entry.option("expires").is_none() {
            findings
                .add(cards::RateLimitBelowSchedule { limit, task: &task.name })
                .at(at)
                .related(limit, Role::Conflict)
                .scope(&scope.name)
                .as_said(&schedule.said);
        }
    });
}

/// The seconds between two tasks that a limit leaves (celery/utils/time.py, rate).
fn pause(limit: &str) -> Option<f64> {
    let (amount, unit) = limit.split_once('/').unwrap_or((limit, "s"));
    let amount = amount.trim().parse::<f64>().ok().filter(|it| *it > 0.0)?;
    Some(
        match unit {
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        } / amount,
    )
}
