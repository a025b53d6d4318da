use crate::catalogue::cards;
use crate::facts::{Answer, Facts, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::LATE_ACK_SETTING_WITHOUT_ACKS_LATE, sees: &[Kind::Python], check };

/// Settings that are looked at for late-acknowledged tasks alone (celery/worker/request.py, on_failure and on_timeout),
/// with the value that asks for something, and whether tasks depend on it.
const ONLY_LATE: [(&str, bool, bool); 4] = [
    ("task_reject_on_worker_lost", true, true),
    ("task_acks_on_failure_or_timeout", false, false),
    ("task_acks_on_failure", false, false),
    ("task_acks_on_timeout", false, false),
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // A decorator may switch it on for one task.
        if scope.mentions("acks_late") || !is_off(scope) {
            continue;
        }
        for (name, asks, is_lost) in ONLY_LATE {
            for said in scope.said(name).filter(|said| said.boolean() == Some(asks)) {
                let setting = &said.setting.written;
                let finding = match is_lost {
                    true => findings.add(cards::LateAckSettingWithoutAcksLate::WorkerLost { setting }),
                    false => findings.add(cards::LateAckSettingWithoutAcksLate::Failure { setting }),
                };
                for late in scope.said("task_acks_late") {
                    finding.related(&late.setting.written, Role::Conflict);
                }
                finding.at(setting).scope(&scope.name).as_said(&said);
            }
        }
    }
}

/// Whether task_acks_late is certainly off for every task that says nothing itself.
fn is_off(scope: &Scope) -> bool {
    match scope.answer("task_acks_late") {
        Answer::Said(values) => values.iter().all(|said| said.boolean() == Some(false)),
        Answer::Default => true,
        Answer::NotShown => false,
    }
}
