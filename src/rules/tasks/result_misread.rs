use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{CodeFile, SlipKind};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_MISREAD, sees: &[Kind::Python], check };

/// Names that people give states, and what Celery calls them (celery/states.py).
const STATES: [(&str, &str); 20] = [
    ("COMPLETE", "SUCCESS"),
    ("COMPLETED", "SUCCESS"),
    ("DONE", "SUCCESS"),
    ("FINISHED", "SUCCESS"),
    ("SUCCEEDED", "SUCCESS"),
    ("SUCCESSFUL", "SUCCESS"),
    ("SUCESS", "SUCCESS"),
    ("FAILED", "FAILURE"),
    ("FAIL", "FAILURE"),
    ("ERROR", "FAILURE"),
    ("RUNNING", "STARTED"),
    ("QUEUED", "PENDING"),
    ("WAITING", "PENDING"),
    ("CANCELED", "REVOKED"),
    ("CANCELLED", "REVOKED"),
    ("RETRYING", "RETRY"),
    ("success", "SUCCESS"),
    ("failure", "FAILURE"),
    ("pending", "PENDING"),
    ("started", "STARTED"),
];

/// What people call on a result, and what it has.
const METHODS: [(&str, &str); 16] = [
    ("is_ready", "ready"),
    ("done", "ready"),
    ("is_done", "ready"),
    ("finished", "ready"),
    ("is_successful", "successful"),
    ("success", "successful"),
    ("succeeded", "successful"),
    ("is_failed", "failed"),
    ("cancel", "revoke"),
    ("terminate", "revoke"),
    ("value", "result"),
    ("error", "result"),
    ("link", "then"),
    ("get_state", "state"),
    ("get_result", "get"),
    ("task", "id"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    let runs_coroutines = facts.python_code.iter().any(speaks_of_coroutines);
    let slips = || facts.python_code.iter().flat_map(|file| &file.slips);
    let is_own = |name: &str| slips().any(|it| matches!(&it.is, SlipKind::StateOwn(own) if own == name));
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        for slip in &file.slips {
            let found = &slip.at;
            let mut meant = "";
            let message: Message = match &slip.is {
                SlipKind::Awaited if !runs_coroutines => cards::ResultMisread::Awaited { found, meant }.into(),
                SlipKind::ResultMethodNotCalled => cards::ResultMisread::NotCalled { found, meant }.into(),
                SlipKind::TimeoutOfPython => cards::ResultMisread::Timeout { found, meant }.into(),
                SlipKind::ResultInJson => cards::ResultMisread::Json { found, meant }.into(),
                SlipKind::CanvasRead(canvas) => {
                    cards::ResultMisread::NotSent { found: canvas, meant: found.as_str() }.into()
                }
                SlipKind::ResultOfResult => cards::ResultMisread::OfResult { found, meant }.into(),
                SlipKind::BlocksLoop => cards::ResultMisread::Blocks { found, meant }.into(),
                SlipKind::ResultUnknown => {
                    let listed = METHODS.iter().find(|(other, _)| *other == found.as_str()).map(|(_, it)| *it);
                    let near = listed.or_else(|| nearest(found.as_str(), METHODS.iter().map(|(_, it)| *it)));
                    let Some(method) = near else { continue };
                    meant = method;
                    cards::ResultMisread::Unknown { found, meant }.into()
                }
                SlipKind::StateCompared(state) if !is_own(state) => {
                    let Some((_, celerys)) = STATES.iter().find(|(other, _)| other == state) else { continue };
                    meant = celerys;
                    cards::ResultMisread::State { found, meant }.into()
                }
                _ => continue,
            };
            let finding = findings.add(message).at(found);
            if slip.is == SlipKind::ResultMethodNotCalled {
                finding.replace(found, &format!("{}()", found.as_str()));
            }
        }
        ignored(facts, file, findings);
    }
}

/// Waiting for a task that keeps no result: there is none, and the wait may last for ever.
fn ignored(facts: &Facts, file: &CodeFile, findings: &mut Findings) {
    for read in file.reads.iter().filter(|read| read.waits) {
        let sent = file.sendings.iter().find(|it| it.at.span() == read.from.span());
        let Some(sending) = sent else { continue };
        if sending.options.iter().any(|(name, _)| name.as_str() == "ignore_result") || sending.arguments.is_open {
            continue;
        }
        let Some(task) = sending.task.and_then(|task| facts.task(task)) else { continue };
        let Some(option) = task.option("ignore_result") else {
            if !task.is_open {
                ignored_by_setting(facts, file, &read.method, findings);
            }
            continue;
        };
        if option.known().and_then(|it| it.truth()) == Some(true) {
            let message = cards::ResultMisread::Ignored { found: &read.method, meant: "" };
            findings.add(message).at(&read.method).related(&option.name, Role::Cause);
        }
    }
}

/// The same, where the settings say so for every task (celery/app/task.py, `from_config`).
fn ignored_by_setting(facts: &Facts, file: &CodeFile, method: &Text, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        // Eager mode hands the value over.
        if scope.said("task_always_eager").any(|said| said.boolean() != Some(false)) {
            continue;
        }
        for said in scope.said("task_ignore_result").filter(|said| said.boolean() == Some(true)) {
            if facts.is_of_one_app(file, &said.setting.written) {
                let message = cards::ResultMisread::Ignored { found: method, meant: "" };
                findings.add(message).at(method).related(&said.known.at, Role::Cause).scope(&scope.name).as_said(&said);
            }
        }
    }
}

/// Whether a package is imported whose results can be awaited.
fn speaks_of_coroutines(file: &CodeFile) -> bool {
    file.imports.iter().any(|it| {
        let first = it.module.split('.').next().unwrap_or_default();
        (first.contains("celery") || first.contains("task")) && (first.contains("aio") || first.contains("async"))
            || matches!(first, "taskiq" | "arq" | "procrastinate")
    })
}
