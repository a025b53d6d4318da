use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::schedule::When;
use crate::facts::value::Known;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_INTERVAL_NOT_POSITIVE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_entry(facts, |scope, _, schedule, entry| {
        let Some(known) = entry.field("schedule") else { return };
        let message: Message = match entry.when() {
            When::Every(seconds) if seconds <= 0.0 => {
                cards::BeatIntervalNotPositive::Zero { interval: known.written() }.into()
            }
            When::Unknown if is_rest_of_days(known) => {
                cards::BeatIntervalNotPositive::Rest { interval: known.written() }.into()
            }
            _ => return,
        };
        findings.add(message).at(known.written()).scope(&scope.name).as_said(&schedule.said);
    });
}

/// `timedelta(days=1).seconds`: what is left beside whole days, which is nothing.
fn is_rest_of_days(known: &Known) -> bool {
    let Some(made) = known.at.as_str().strip_suffix(").seconds") else { return false };
    let Some((function, arguments)) = made.split_once('(') else { return false };
    let is_whole = |argument: &str| {
        let count = argument.split_once('=').filter(|(unit, _)| matches!(unit.trim(), "days" | "weeks"));
        count.map_or(argument, |(_, count)| count).trim().parse::<u32>().is_ok()
    };
    matches!(function, "timedelta" | "datetime.timedelta") && is_whole(arguments)
}
