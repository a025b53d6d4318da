use crate::catalogue::cards;
use crate::facts::{Answer, Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::SourceId;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_TIME_LIMIT_MISSING, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let mut said_in: Vec<SourceId> = Vec::new();
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        let command = &process.command;
        let is_limited = ["task_time_limit", "task_soft_time_limit"]
            .iter()
            .any(|name| !matches!(scope.answer(name), Answer::Default))
            || ["time_limit", "soft_time_limit", "apply_async"].iter().any(|word| scope.mentions(word))
            || ["--time-limit", "--soft-time-limit"].iter().any(|option| command.uses(option).next().is_some());
        // Other pools have no limits to set.
        let is_prefork = scope.said("worker_pool").next().is_none() && command.uses("--pool").next().is_none();
        let shows_tasks = scope.mentions("task") || scope.mentions("shared_task");
        if process.role != Role::Worker || is_limited || !is_prefork || !shows_tasks {
            continue;
        }
        let Some(at) = &command.subcommand else { continue };
        let source = at.span().source;
        if !said_in.contains(&source) {
            said_in.push(source);
            findings.add(cards::TaskTimeLimitMissing {}).at(at).scope(&process.name);
        }
    }
}
