use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::schedule::{Scheduler, scheduler};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_DATABASE_NAIVE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(naive) = &facts.django_without_zones else { return };
    if facts.scopes().any(|(variant, scope)| scheduler(variant, scope) == Scheduler::Database) {
        findings.add(cards::BeatDatabaseNaive {}).at(naive);
    }
}
