use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::Scheduler;
use crate::facts::tasks::SlipKind;
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_ARGS_INVALID, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // django_celery_beat/schedulers.py, ModelEntry: what `loads` refuses is switched off (2.9.0).
    for slip in facts.python_code.iter().flat_map(|file| &file.slips) {
        if slip.is == SlipKind::PeriodicNotJson {
            findings.add(cards::BeatEntryArgsInvalid::Database { value: &slip.at }).at(&slip.at);
        }
    }
    super::each_entry(facts, |scope, scheduler, schedule, entry| {
        if scheduler == Scheduler::Other {
            return;
        }
        for name in ["args", "kwargs", "options"] {
            let Some(known) = entry.field(name) else { continue };
            let at = known.written();
            let message = match (name, &known.value) {
                // Nothing is nothing, in whatever clothes (celery/beat.py, _evaluate_entry_args).
                _ if known.truth() != Some(true) => continue,
                ("args", Value::Text(_)) => cards::BeatEntryArgsInvalid::Text { value: at },
                ("args", Value::Integer(_) | Value::Float(_) | Value::Boolean(_)) => {
                    cards::BeatEntryArgsInvalid::Number { value: at }
                }
                ("kwargs", Value::List(_) | Value::Text(_) | Value::Integer(_)) => {
                    cards::BeatEntryArgsInvalid::Kwargs { value: at }
                }
                ("options", Value::List(_) | Value::Text(_) | Value::Integer(_)) => {
                    cards::BeatEntryArgsInvalid::Options { value: at }
                }
                _ => continue,
            };
            let finding = findings.add(message).at(at).scope(&scope.name).as_said(&schedule.said);
            if name == "args" {
                // Brackets are right inside of parentheses and without them.
                finding.replace(&known.at, &format!("[{}]", known.at.as_str()));
            }
        }
    });
}
