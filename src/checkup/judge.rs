//! Judges findings: for which versions they hold and how bad they are; one problem becomes one finding.

use std::collections::{HashMap, HashSet};

use crate::catalogue::version::{Version, VersionRange};
use crate::catalogue::{Card, Says};
use crate::facts::{Facts, VersionSet};
use crate::finding::{Finding, Fix, Question, Related};
use crate::knowledge::celery;
use crate::text::{Span, order};
use crate::words::{Category, Role, Severity};

use super::secrets::Secrets;

/// At most this many findings of one rule in one file are listed; the rest is counted.
const MOST_OF_ONE_RULE: usize = 200;

/// A finding with its severity, ready to be shown.
#[derive(Clone, Debug)]
pub struct Judged {
    pub card: &'static Card,
    pub says: &'static Says,
    pub finding: Finding,
    pub severity: Severity,
    /// Which versions it holds for, when not for every possible one.
    pub holds_for: Option<String>,
    pub certain: bool,
    pub span: Span,
    pub related: Vec<(Span, Role)>,
    pub fixes: Vec<Fix>,
}

/// Judges, folds what leads to a cause into it, merges equal ones and sorts.
pub(super) fn judge(findings: Vec<Finding>, facts: &Facts, secrets: &Secrets) -> Vec<Judged> {
    let judged = findings.into_iter().filter_map(|finding| judge_one(finding, facts, secrets)).collect();
    let mut judged = merged(leading_to_causes(judged));
    sort(&mut judged);
    listed(judged)
}

/// Findings that are known only after the others, in order among them.
pub(super) fn in_order(mut judged: Vec<Judged>, more: Vec<Finding>, facts: &Facts, secrets: &Secrets) -> Vec<Judged> {
    judged.extend(judge(more, facts, secrets));
    sort(&mut judged);
    judged
}

fn sort(judged: &mut Vec<Judged>) {
    order::sort_by(judged, |left, right| {
        (left.span, left.card.id).cmp(&(right.span, right.card.id)).then_with(|| order_of(left).cmp(&order_of(right)))
    });
}

fn order_of(judged: &Judged) -> String {
    format!("{:?}", judged.finding.message.values)
}

fn judge_one(finding: Finding, facts: &Facts, secrets: &Secrets) -> Option<Judged> {
    let card = finding.message.card;
    let at = finding.at.clone()?;
    let (says, mut severity, holds_for) = verdict(card, finding.message.outcome, &finding.only_in, &facts.celery)?;
    let certain = !finding.uncertain && holds_for.is_none();
    if !certain && severity == Severity::Error {
        severity = Severity::Warning;
    }
    let is_test_code = facts.code_file_of(&at).is_some_and(|file| file.is_test_code());
    // What only tests set has to work there.
    let is_meant_for_tests = card.category == Category::Defect && at.as_str().ends_with("ALWAYS_EAGER");
    if finding.at_most_info || (is_test_code && !is_meant_for_tests && !card.id.ends_with("-syntax")) {
        // A value for tests and debugging is no risk in production.
        if card.category != Category::Defect {
            return None;
        }
        severity = Severity::Info;
    } else if is_test_code && is_meant_for_tests && severity == Severity::Error {
        severity = Severity::Warning;
    }
    let related = finding.related.iter().map(|Related { at, role }| (at.span(), *role)).collect();
    let fixes = finding
        .fixes
        .iter()
        .filter(|fix| !fix.edits.iter().any(|(span, text)| secrets.touches(*span, text)))
        .cloned()
        .collect();
    Some(Judged { card, says, severity, holds_for, certain, span: at.span(), related, fixes, finding })
}

/// What the card says for the versions that are possible: the outcome, its severity, and the versions if not all.
fn verdict(
    card: &'static Card,
    outcome: Option<&str>,
    only_in: &Option<VersionRange>,
    possible: &VersionSet,
) -> Option<(&'static Says, Severity, Option<String>)> {
    let says_for = |version: Version| {
        if only_in.as_ref().is_some_and(|range| !range.holds(version)) {
            return None;
        }
        if outcome.is_some() {
            let says = card.outcome(outcome);
            return holds(says, version).then_some(says);
        }
        card.says.iter().find(|says| holds(says, version))
    };
    let answers: Vec<(Version, Option<&'static Says>)> =
        possible.possible.iter().map(|&version| (version, says_for(version))).collect();
    // The newest version that it holds for is the one people install.
    let says = answers.iter().rev().find_map(|(_, says)| *says)?;
    // Where one possible version is milder, the finding is no worse.
    let severity = answers.iter().filter_map(|(_, says)| says.map(|says| says.severity)).max()?;
    let holds_for = answers.iter().any(|(_, says)| says.is_none()).then(|| range_of(&answers));
    Some((says, severity, holds_for))
}

fn holds(says: &Says, version: Version) -> bool {
    says.celery.and_then(VersionRange::parse).is_none_or(|range| range.holds(version))
}

/// `>=5.0` or `>=4.0,<5.0`: from the first version that it holds for to the first after that it does not.
fn range_of(answers: &[(Version, Option<&'static Says>)]) -> String {
    let first = answers.iter().position(|(_, says)| says.is_some()).unwrap_or(0);
    let from = if first == 0 { String::new() } else { format!(">={}", answers[first].0) };
    match answers[first..].iter().find(|(_, says)| says.is_none()) {
        Some((end, _)) if from.is_empty() => format!("<{end}"),
        Some((end, _)) => format!("{from},<{end}"),
        None => from,
    }
}

/// A log line whose cause was found becomes a related place of the cause.
fn leading_to_causes(judged: Vec<Judged>) -> Vec<Judged> {
    let (logs, mut others): (Vec<Judged>, Vec<Judged>) = judged.into_iter().partition(|it| it.card.is_log_card());
    let mut standing = Vec::new();
    for log in logs {
        let cause = others.iter_mut().find(|it| log.card.leads_to.contains(&it.card.id));
        match cause {
            Some(cause) => cause.related.push((log.span, Role::Symptom)),
            None => standing.push(log),
        }
    }
    others.extend(standing);
    others
}

/// The same remark at the same place is one finding that names every scope.
fn merged(judged: Vec<Judged>) -> Vec<Judged> {
    let mut kept: Vec<Judged> = Vec::new();
    // Where the kept findings of a card and place stand in the list: a paste may hold thousands.
    let mut known_at: HashMap<(&'static str, Span), Vec<usize>> = HashMap::new();
    for one in judged {
        let places = known_at.entry((one.card.id, one.span)).or_default();
        let same = places.iter().copied().find(|&index| {
            // Several processes or settings may lead to the same place; it is one thing to mend.
            std::ptr::eq(kept[index].says, one.says)
        });
        match same {
            Some(index) => {
                let known = &mut kept[index];
                for scope in &one.finding.scopes {
                    known.finding.scope(scope);
                }
                for related in one.related {
                    if !known.related.iter().any(|(span, _)| *span == related.0) {
                        known.related.push(related);
                    }
                }
                known.severity = known.severity.min(one.severity);
                known.certain |= one.certain;
            }
            None => {
                places.push(kept.len());
                kept.push(one);
            }
        }
    }
    for one in &mut kept {
        one.related.retain(|(span, _)| *span != one.span);
        let mut seen: Vec<Span> = Vec::new();
        one.related.retain(|(span, _)| {
            let is_new = !seen.contains(span);
            seen.push(*span);
            is_new
        });
    }
    kept
}

/// The list cut to what a person can read; what is left out is counted with the last one shown.
fn listed(judged: Vec<Judged>) -> Vec<Judged> {
    let mut listed: Vec<Judged> = Vec::new();
    let mut counts: Vec<(&'static str, u32, usize, usize)> = Vec::new();
    for one in judged {
        let file = one.span.source.0;
        match counts.iter_mut().find(|(id, in_file, ..)| *id == one.card.id && *in_file == file) {
            Some((_, _, count, last)) => {
                *count += 1;
                if *count > MOST_OF_ONE_RULE {
                    listed[*last].finding.count += one.finding.count;
                    continue;
                }
                *last = listed.len();
            }
            None => counts.push((one.card.id, file, 1, listed.len())),
        }
        listed.push(one);
    }
    listed
}

/// Questions that the paste does not already answer, each once.
pub(super) fn open_questions(questions: Vec<Question>, facts: &Facts) -> Vec<Question> {
    let mut known: HashSet<String> = HashSet::new();
    let mut kept: Vec<Question> = questions
        .into_iter()
        .filter(|question| !question.needs.iter().any(|need| facts.kinds.iter().any(|kind| kind.as_str() == *need)))
        .filter(|question| known.insert(format!("{} {:?}", question.message.card.id, question.message.values)))
        .collect();
    order::sort_by_key(&mut kept, |question| (question.at.span(), question.message.card.id));
    kept
}

/// What a card says about a range of versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    pub versions: String,
    pub severity: Option<Severity>,
    pub here: bool,
}

/// The ranges of versions in which a card says different things; empty if it says the same of all.
pub fn bands(card: &Card, possible: &VersionSet) -> Vec<Band> {
    if card.picked_by_evidence || card.says.iter().all(|says| says.celery.is_none()) {
        return Vec::new();
    }
    let mut bands: Vec<(Vec<Version>, Option<&Says>)> = Vec::new();
    for &version in celery::releases() {
        let says = card.says.iter().find(|says| holds(says, version));
        match bands.last_mut() {
            Some((versions, last)) if last.map(|it| it.name) == says.map(|it| it.name) => versions.push(version),
            _ => bands.push((vec![version], says)),
        }
    }
    bands
        .into_iter()
        .map(|(versions, says)| Band {
            here: versions.iter().any(|version| possible.possible.contains(version)),
            versions: range_name(&versions),
            severity: says.map(|says| says.severity),
        })
        .collect()
}

/// `3.1`, `4.x`, `5.0–5.2`.
fn range_name(versions: &[Version]) -> String {
    let (Some(first), Some(last)) = (versions.first(), versions.last()) else { return String::new() };
    let minors = |major| celery::releases().iter().filter(move |version| version.major == major);
    let is_whole_major = first.major == last.major
        && minors(first.major).next() == Some(first)
        && minors(first.major).next_back() == Some(last)
        && first.minor != last.minor;
    if is_whole_major {
        return format!("{}.x", first.major);
    }
    let name = |version: &Version, is_edge: bool| if is_edge { version.minor_name() } else { version.to_string() };
    // Where a range begins or ends within a minor version, the patch is part of its name.
    let before = celery::releases().iter().rev().find(|version| *version < first);
    let after = celery::releases().iter().find(|version| *version > last);
    let starts_minor = before.is_none_or(|it| it.minor_name() != first.minor_name());
    let ends_minor = after.is_none_or(|it| it.minor_name() != last.minor_name());
    let (from, to) = (name(first, starts_minor), name(last, ends_minor));
    if from == to { from } else { format!("{from}–{to}") }
}
