use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::SIGNAL_SENDER_NEVER, sees: &[Kind::Python], check };

/// Signals whose sender is the task itself (celery/app/trace.py and celery/worker/request.py, 5.7.0).
const BY_TASK: [&str; 7] = [
    "task_prerun",
    "task_postrun",
    "task_success",
    "task_failure",
    "task_retry",
    "task_revoked",
    "task_internal_error",
];
/// Signals whose sender is the name of the task (celery/app/amqp.py, 5.7.0).
const BY_NAME: [&str; 2] = ["before_task_publish", "after_task_publish"];

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        for receiver in &file.receivers {
            let Some((sender, is_string)) = &receiver.sender else { continue };
            let signal = receiver.signal.as_str().rsplit('.').next().unwrap_or_default();
            let is_task = || facts.tasks().any(|(_, task)| task.name.as_str() == sender.as_str());
            let message: Message = if *is_string && BY_TASK.contains(&signal) {
                cards::SignalSenderNever::Name { signal, sender }.into()
            } else if !is_string && BY_NAME.contains(&signal) && is_task() {
                cards::SignalSenderNever::Task { signal, sender }.into()
            } else {
                continue;
            };
            let finding = findings.add(message).at(sender);
            if !is_string {
                finding.replace(sender, &format!("{}.name", sender.as_str()));
            }
        }
    }
}
