use crate::catalogue::{Message, cards};
use crate::facts::tasks::Task;
use crate::facts::value::{Known, Value};
use crate::facts::{Facts, Said, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::IGNORE_RESULT_IN_CHORD, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    read_by_setting(facts, findings);
    // Redis counts what is done by itself (celery/backends/redis.py:934, on_chord_part_return, 5.7.0).
    let backends: Vec<_> = facts.scopes().flat_map(|(_, scope)| scope.said("result_backend")).collect();
    let scheme = |said: &Said<'_>| said.text().and_then(|it| url::parse(it).scheme_name());
    if backends.iter().any(|it| scheme(it).is_some_and(|it| counts_alone(it.as_str()))) {
        return;
    }
    let is_unknown = backends.is_empty() || backends.iter().any(|it| it.text().is_none());
    let chords = facts.python_code.iter().flat_map(|file| file.chords.iter().map(move |chord| (file, chord)));
    for (file, chord) in chords {
        for signature in chord.header.iter().filter(|signature| !signature.is_changed) {
            let Some(task) = signature.task.and_then(|task| facts.task(task)) else { continue };
            if let Some(option) = task.option("ignore_result") {
                if option.known().is_some_and(|known| matches!(known.value, Value::Boolean(true))) {
                    let message: Message = cards::IgnoreResultInChord::ByTask { task: &task.name }.into();
                    let finding = findings.add(message).at(&option.expression);
                    finding.related(&signature.at, Role::Conflict).uncertain_if(is_unknown);
                }
                continue;
            }
            if task.is_open {
                continue;
            }
            for (_, scope) in facts.scopes() {
                let is_on =
                    |said: &Said<'_>| said.boolean() == Some(true) && facts.is_of_one_app(file, &said.setting.written);
                for said in scope.said("task_ignore_result").filter(is_on) {
                    let message: Message = cards::IgnoreResultInChord::BySetting { task: &task.name }.into();
                    findings
                        .add(message)
                        .at(&said.known.at)
                        .related(&signature.at, Role::Conflict)
                        .scope(&scope.name)
                        .as_said(&said)
                        .uncertain_if(is_unknown);
                }
            }
        }
    }
}

fn counts_alone(scheme: &str) -> bool {
    matches!(scheme, "redis" | "rediss" | "sentinel" | "valkey" | "valkeys")
}

/// Results that are read although the settings keep none, and no task says otherwise.
fn read_by_setting(facts: &Facts, findings: &mut Findings) {
    let reads = facts.python_code.iter().filter(|file| !file.is_for_tests()).flat_map(|file| &file.reads);
    let mut looks_up = reads.filter(|read| read.is_looked_up());
    let Some(read) = looks_up.next() else { return };
    // Whichever task the id is of, none keeps what is asked for.
    let mut tasks = facts.tasks().filter(|(file, _)| !file.is_for_tests()).map(|(_, task)| thrown_away(task));
    if let Some(Some(first)) = tasks.next()
        && tasks.all(|it| it.is_some())
    {
        let message: Message = cards::IgnoreResultInChord::ReadByTask { task: "ignore_result" }.into();
        findings.add(message).at(&first.at).related(&read.method, Role::Conflict);
    }
    for (_, scope) in facts.scopes() {
        let is_eager = scope.said("task_always_eager").any(|said| said.boolean() != Some(false));
        if is_eager || scope.mentions("ignore_result") {
            continue;
        }
        for said in scope.said("task_ignore_result").filter(|said| said.boolean() == Some(true)) {
            let message: Message = cards::IgnoreResultInChord::ReadBySetting { task: &said.setting.written }.into();
            findings
                .add(message)
                .at(&said.known.at)
                .related(&read.method, Role::Conflict)
                .scope(&scope.name)
                .as_said(&said);
        }
    }
}

/// `ignore_result=True` of a task, as it is written.
fn thrown_away(task: &Task) -> Option<&Known> {
    let known = task.option("ignore_result").filter(|_| !task.is_open)?.known()?;
    matches!(known.value, Value::Boolean(true)).then_some(known)
}
