use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::CONTROL_CALL_WRONG, sees: &[Kind::Python], check };

/// What people look for, and what `inspect()` calls it (celery/app/control.py, 5.7.0).
const MEANT: [(&str, &str); 8] = [
    ("active_tasks", "active"),
    ("get_active", "active"),
    ("queues", "active_queues"),
    ("get_queues", "active_queues"),
    ("tasks", "registered"),
    ("workers", "ping"),
    ("reserved_tasks", "reserved"),
    ("scheduled_tasks", "scheduled"),
];
/// The signals that people stop tasks with, in both ways to write them.
const SIGNALS: [&str; 14] = [
    "SIGTERM", "SIGKILL", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGABRT", "TERM", "KILL", "INT", "QUIT", "HUP",
    "USR1", "ABRT",
];
const ASKED: [&str; 12] = [
    "active",
    "active_queues",
    "clock",
    "conf",
    "hello",
    "ping",
    "registered",
    "report",
    "reserved",
    "revoked",
    "scheduled",
    "stats",
];

fn check(facts: &Facts, findings: &mut Findings) {
    // A project may add commands of its own.
    let has_own = facts.python_code.iter().flat_map(|file| &file.imports).any(|import| {
        import.module.starts_with("celery.worker")
            || import
                .name
                .as_ref()
                .is_some_and(|it| matches!(it.as_str(), "control_command" | "inspect_command" | "Panel"))
    });
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        for slip in &file.slips {
            let found = &slip.at;
            let mut meant = "";
            let message: Message = match &slip.is {
                SlipKind::InspectUnknown => {
                    let listed = MEANT.iter().find(|(other, _)| *other == found.as_str()).map(|(_, it)| *it);
                    meant = listed.or_else(|| nearest(found.as_str(), ASKED)).unwrap_or("active");
                    cards::ControlCallWrong::Unknown { found, meant }.into()
                }
                SlipKind::CommandUnknown if !has_own && commands().all(|it| it != found.as_str()) => {
                    let Some(near) = nearest(found.as_str(), commands()) else { continue };
                    meant = near;
                    cards::ControlCallWrong::Command { found, meant }.into()
                }
                SlipKind::SignalUnknown => {
                    let upper = found.as_str().to_ascii_uppercase();
                    let same = SIGNALS.into_iter().find(|it| *it == upper);
                    meant = same.or_else(|| nearest(&upper, SIGNALS)).unwrap_or("");
                    cards::ControlCallWrong::Signal { found, meant }.into()
                }
                SlipKind::InspectNotCalled => cards::ControlCallWrong::NotCalled { found, meant }.into(),
                SlipKind::EventUnknown => {
                    let Some(event) = event_meant(found.as_str()) else { continue };
                    meant = event;
                    cards::ControlCallWrong::Event { found, meant }.into()
                }
                SlipKind::DestinationString => cards::ControlCallWrong::Destination { found, meant }.into(),
                SlipKind::RevokedByName => cards::ControlCallWrong::ByName { found, meant }.into(),
                SlipKind::InspectMayBeNone => cards::ControlCallWrong::NoAnswer { found, meant }.into(),
                _ => continue,
            };
            let finding = findings.add(message).at(found);
            match &slip.is {
                SlipKind::DestinationString => finding.replace(found, &format!("[{}]", found.as_str())),
                SlipKind::InspectNotCalled => finding.replace(found, &format!("{}()", found.as_str())),
                SlipKind::SignalUnknown if meant.is_empty() => finding,
                SlipKind::InspectUnknown
                | SlipKind::SignalUnknown
                | SlipKind::CommandUnknown
                | SlipKind::EventUnknown => finding.replace(found, meant),
                _ => finding,
            };
        }
    }
}

/// What Celery calls a type of event that somebody else names in another way (celery/events/state.py).
fn event_meant(written: &str) -> Option<&'static str> {
    const EVENTS: [&str; 11] = [
        "task-sent",
        "task-received",
        "task-started",
        "task-succeeded",
        "task-failed",
        "task-rejected",
        "task-revoked",
        "task-retried",
        "worker-online",
        "worker-heartbeat",
        "worker-offline",
    ];
    const OTHERS: [(&str, &str); 4] = [
        ("task-success", "task-succeeded"),
        ("task-failure", "task-failed"),
        ("task-retry", "task-retried"),
        ("task-revoke", "task-revoked"),
    ];
    let dashed = written.replace('_', "-");
    let listed = OTHERS.iter().find(|(other, _)| *other == dashed).map(|(_, it)| *it);
    listed.or_else(|| EVENTS.into_iter().find(|it| *it == dashed)).filter(|it| *it != written)
}

/// Commands that workers know.
fn commands() -> impl Iterator<Item = &'static str> {
    ["control", "inspect"].into_iter().filter_map(celery::remote_commands).flatten().copied()
}
