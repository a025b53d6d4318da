//! `for` over a list that is known: its body runs once for every item. Every other loop runs once, and what it gives
//! is not known.

use std::rc::Rc;

use super::assignments::assign;
use super::changes::{CHANGING, same_as};
use super::evaluate::{Alternative, Evaluator};
use super::flow::{Observer, expressions, run_all};
use super::items::rounds;
use crate::facts::value::Known;
use crate::read::python::{Condition, ConditionKind, Expression, Node, Statement, StatementKind};
use crate::text::{Span, Text};

/// A loop of more rounds, or of more statements in all of them, is not followed.
const MOST_ROUNDS: usize = 100;
const MOST_STATEMENTS: usize = 1_000;
/// How deep loops in loops are followed.
const DEEPEST: usize = 3;
/// What a statement that runs once more costs, in values.
const COST_OF_STATEMENT: usize = 100;

/// One round of a loop.
#[derive(Debug)]
pub(super) struct Round {
    /// The loop, by its place.
    pub(super) of: Span,
    /// Its number among all rounds.
    pub(super) number: usize,
    /// A `break` or `continue` that may have been met: what follows may not run.
    jump: Option<(Text, bool)>,
    /// Whether a `break` was met.
    has_ended: bool,
}

impl Round {
    /// What follows a jump that may have been met runs as often as nobody knows.
    pub(super) fn doubt(&self) -> Option<Condition> {
        let (at, _) = self.jump.as_ref()?;
        Some(Condition { test: at.clone(), is: ConditionKind::Loop, holds: true })
    }
}

/// Whether `break` or `continue` certainly ends the round that runs.
pub(super) fn jumped(evaluator: &mut Evaluator<'_>, statement: &Statement, ends: bool) -> bool {
    let of = statement.conditions.iter().rposition(|it| it.is == ConditionKind::Loop);
    let (Some(of), Some(round)) = (of, evaluator.rounds.last_mut()) else { return false };
    if round.of != statement.conditions[of].test.span() {
        return false;
    }
    // Those whose outcome is known hold, or it would not have come here.
    let is_known = |it: &Condition| it.is == ConditionKind::If && evaluator.tests.contains_key(&it.test.span());
    if round.jump.is_none() && statement.conditions[of + 1..].iter().all(is_known) {
        round.has_ended = ends;
        return true;
    }
    let before = round.jump.take().is_some_and(|(_, ended)| ended);
    round.jump = Some((statement.at.clone(), ends || before));
    false
}

/// Runs the body once for every item; false if the items are not known.
pub(super) fn run(
    head: &Statement,
    target: &Node,
    of: &Node,
    body: &[Statement],
    evaluator: &mut Evaluator<'_>,
    observer: &mut dyn Observer,
) -> bool {
    let Some(names) = names(target) else { return false };
    let Some(items) = items(evaluator, of, names.len()) else { return false };
    let ends_at = of.at.span().end;
    let of = names_of(evaluator, of);
    let statements = items.len().saturating_mul(body.len());
    if evaluator.rounds.len() >= DEEPEST
        || items.len() > MOST_ROUNDS
        || statements > MOST_STATEMENTS
        || body.iter().any(|statement| changes(statement, &of))
        || !evaluator.spend(statements * COST_OF_STATEMENT)
    {
        return false;
    }
    let (mut jump, mut has_ended) = (None, false);
    for values in items {
        evaluator.rounds_run += 1;
        let round = Round { of: head.at.span(), number: evaluator.rounds_run, jump, has_ended };
        let conditions: Rc<[Condition]> = head.conditions.iter().cloned().chain(round.doubt()).collect();
        evaluator.rounds.push(round);
        evaluator.inside = Rc::clone(&head.inside);
        for (name, known) in names.iter().zip(values) {
            assign(evaluator, name, known.each(), &conditions);
        }
        run_all(body, evaluator, observer);
        let round = evaluator.rounds.pop();
        has_ended = round.as_ref().is_some_and(|round| round.has_ended);
        // A `break` that may have been met ends the other rounds, too.
        jump = round.and_then(|round| round.jump).filter(|(_, ends)| *ends);
        if has_ended {
            break;
        }
    }
    let whole_head = Span { end: ends_at, ..head.at.span() };
    match jump {
        Some(_) => evaluator.tests.remove(&whole_head),
        None => evaluator.tests.insert(whole_head, !has_ended),
    };
    true
}

/// `name` or `name, name`.
fn names(target: &Node) -> Option<Vec<&str>> {
    let name = |node: &'_ Node| matches!(node.is, Expression::Name(_));
    let targets = match &target.is {
        Expression::Tuple(targets) | Expression::List(targets) if targets.iter().all(name) => &targets[..],
        _ if name(target) => std::slice::from_ref(target),
        _ => return None,
    };
    let names = targets.iter().filter_map(|it| match &it.is {
        Expression::Name(name) => Some(name.as_str()),
        _ => None,
    });
    Some(names.collect())
}

/// What the names hold in each round.
fn items(evaluator: &Evaluator<'_>, of: &Node, names: usize) -> Option<Vec<Vec<Known>>> {
    // A list that holds under a condition is not followed.
    if let [Alternative { conditions, .. }, ..] = &evaluator.evaluate(of)[..]
        && !conditions.is_empty()
    {
        return None;
    }
    rounds(evaluator.gone_through(of, 0).ok()?, names)
}

/// Whether a statement may change what the loop goes through, under any of its names.
fn changes(statement: &Statement, of: &[String]) -> bool {
    let is_of = |node: &Node| matches!(&node.is, Expression::Name(name) if of.contains(name));
    let is_call = |node: &Node| match &node.is {
        Expression::Call { function, .. } => match &function.is {
            Expression::Attribute { object, name } => CHANGING.contains(&name.as_str()) && object.any(&is_of),
            _ => false,
        },
        _ => false,
    };
    let is_target = match &statement.kind {
        StatementKind::Delete(target) | StatementKind::AugmentedAssign { target, .. } => target.any(&is_of),
        StatementKind::Assign { target, .. } => !matches!(target.is, Expression::Name(_)) && target.any(&is_of),
        _ => false,
    };
    is_target || expressions(statement).into_iter().any(|node| node.any(&is_call))
}

/// The names in an expression, and other names of the same lists and dictionaries.
fn names_of(evaluator: &Evaluator<'_>, node: &Node) -> Vec<String> {
    let names = std::cell::RefCell::new(Vec::new());
    node.any(&|node| {
        if let Expression::Name(name) = &node.is {
            names.borrow_mut().push(name.clone());
        }
        false
    });
    same_as(evaluator, names.into_inner())
}
