use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::limits::{Limit, limit, of_tasks_and_settings};
use crate::finding::{Finding, Findings};
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SOFT_TIME_LIMIT_USELESS, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for pair in of_tasks_and_settings(facts) {
        let is_same = (pair.soft.seconds - pair.hard.seconds).abs() <= f64::EPSILON;
        // A longer one is refused when a task is sent, which another rule says. What the worker alone is told is not
        // compared there.
        let is_longer = pair.is_of_worker && pair.soft.seconds > pair.hard.seconds;
        // Before 5.7 nothing refuses those of the settings, and they hold where the tasks run.
        let is_unrefused = pair.is_of_settings && !pair.is_of_sender && facts.celery.all_in("<5.7");
        let is_longer = is_longer || is_unrefused && pair.soft.seconds > pair.hard.seconds;
        if !(is_same || is_longer) {
            continue;
        }
        let finding =
            add(findings, &pair.soft, &pair.hard).uncertain_if(pair.is_uncertain).at_most_info_if(pair.is_for_tests);
        if let Some(scope) = pair.scope {
            finding.scope(scope);
        }
    }
    // The options of one call are not compared either.
    for file in &facts.python_code {
        for sending in &file.sendings {
            let of = |wanted: &str| {
                let given = sending.options.iter().find(|(name, _)| name.as_str() == wanted);
                given.and_then(|(_, given)| limit(&given.value))
            };
            if let (Some(soft), Some(hard)) = (of("soft_time_limit"), of("time_limit"))
                && soft.seconds >= hard.seconds
            {
                add(findings, &soft, &hard).at_most_info_if(file.is_for_tests());
            }
        }
    }
}

fn add<'a>(findings: &'a mut Findings, soft: &Limit, hard: &Limit) -> &'a mut Finding {
    findings
        .add(cards::SoftTimeLimitUseless { soft: soft.whole_seconds(), hard: hard.whole_seconds() })
        .at(&soft.at)
        .related(&hard.at, Role::Conflict)
}
