//! The time limits of tasks and settings, each soft one beside the hard one that holds with it.

use super::{CodeFile, Task, TaskOption};
use crate::facts::settings::Source;
use crate::facts::value::{Known, Value};
use crate::facts::{Facts, Role, Scope, Variant};
use crate::text::Text;

/// A limit, and where it is written.
#[derive(Clone, Debug)]
pub struct Limit {
    pub seconds: f64,
    pub at: Text,
}

/// A soft limit beside the hard one that holds with it.
#[derive(Clone, Debug)]
pub struct Pair<'a> {
    pub soft: Limit,
    pub hard: Limit,
    pub scope: Option<&'a str>,
    /// Whether an option of the worker gives one of them: sending a task does not look at those.
    pub is_of_worker: bool,
    /// Whether a setting gives one of them: before 5.7, tasks do not take theirs from there, and sending does not
    /// look (celery/app/task.py:439, 5.7.0).
    pub is_of_settings: bool,
    /// Whether the process of the scope only sends tasks.
    pub is_of_sender: bool,
    pub is_uncertain: bool,
    pub is_for_tests: bool,
}

impl Limit {
    /// For showing it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limits are positive and short")]
    pub fn whole_seconds(&self) -> u64 {
        self.seconds.round() as u64
    }
}

/// A number, however it is written; a boolean is none.
pub fn number(known: &Known) -> Option<f64> {
    match known.value {
        #[allow(clippy::cast_precision_loss, reason = "nobody writes a limit beyond 2^53")]
        Value::Integer(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

/// A number of seconds; 0 and None are no limits.
pub fn limit(known: &Known) -> Option<Limit> {
    let seconds = number(known)?;
    (seconds > 0.0).then(|| Limit { seconds, at: known.at.clone() })
}

fn of_option(option: &TaskOption) -> Option<Limit> {
    // The expression is what one would mend, wherever its value comes from.
    limit(option.known()?).map(|limit| Limit { at: option.expression.clone(), ..limit })
}

/// The pairs of every task, with the settings where it has but one limit of its own; and those of the settings.
pub fn of_tasks_and_settings(facts: &Facts) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    for (file, task) in facts.tasks().filter(|(_, task)| !task.is_open) {
        let own = |name: &str| task.option(name);
        match (own("soft_time_limit"), own("time_limit")) {
            (Some(soft), Some(hard)) => {
                if let (Some(soft), Some(hard)) = (of_option(soft), of_option(hard)) {
                    pairs.push(Pair {
                        soft,
                        hard,
                        scope: None,
                        is_of_worker: false,
                        is_of_settings: false,
                        is_of_sender: false,
                        is_uncertain: false,
                        is_for_tests: false,
                    });
                }
            }
            (None, None) => {}
            _ => pairs.extend(facts.scopes().filter_map(|(variant, scope)| {
                let pair = with_setting(facts, file, task, scope)?;
                Some(Pair { is_of_sender: is_of_sender(variant, scope), ..pair })
            })),
        }
    }
    for (variant, scope) in facts.scopes() {
        for (soft, hard) in scope.together("task_soft_time_limit", "task_time_limit") {
            let (Some(soft_limit), Some(hard_limit)) = (limit(soft.known), limit(hard.known)) else { continue };
            pairs.push(Pair {
                soft: soft_limit,
                hard: hard_limit,
                scope: Some(&scope.name),
                is_of_worker: [&soft, &hard].iter().any(|said| said.setting.source == Source::CommandLine),
                is_of_settings: true,
                is_of_sender: is_of_sender(variant, scope),
                is_uncertain: soft.is_conditional() || hard.is_conditional(),
                is_for_tests: soft.is_for_tests() || hard.is_for_tests(),
            });
        }
    }
    pairs
}

fn is_of_sender(variant: &Variant, scope: &Scope) -> bool {
    let process = scope.process.and_then(|number| variant.processes.get(number));
    process.is_some_and(|process| process.role != Role::Worker)
}

/// A task with one limit of its own; the other one is the only value of its setting.
fn with_setting<'a>(facts: &Facts, file: &CodeFile, task: &Task, scope: &'a Scope) -> Option<Pair<'a>> {
    let of_setting = |name: &'static str| {
        let mut said = scope.said(name);
        let only = said.next().filter(|_| said.next().is_none())?;
        // What the worker is told holds for tasks without a limit of their own; it is judged with the settings.
        let is_judged = !only.is_conditional()
            && only.setting.source != Source::CommandLine
            && facts.is_of_one_app(file, &only.setting.written);
        is_judged.then(|| limit(only.known)).flatten()
    };
    let (soft, hard) = match (task.option("soft_time_limit"), task.option("time_limit")) {
        (Some(soft), None) => (of_option(soft)?, of_setting("task_time_limit")?),
        (None, Some(hard)) => (of_setting("task_soft_time_limit")?, of_option(hard)?),
        _ => return None,
    };
    Some(Pair {
        soft,
        hard,
        scope: Some(&scope.name),
        is_of_worker: false,
        is_of_settings: true,
        is_of_sender: false,
        is_uncertain: false,
        is_for_tests: false,
    })
}
