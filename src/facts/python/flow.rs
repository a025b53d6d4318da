//! Runs a module's statements in order: names get their values, with the conditions under which they hold.

use std::rc::Rc;

use super::assignments::{assign, assigned, forget, unsteady};
use super::changes;
use super::definitions::{define, define_class, returned};
use super::env_writes;
use super::evaluate::{Alternative, Evaluator, in_round};
use super::flask;
use super::imports::{import_all, import_name, unseen};
use super::loops::{self, Round};
use super::names::class_path;
use crate::facts::value::{Known, Why};
use crate::read::python::{
    Block, Condition, ConditionKind, Expression, Node, PythonDocument, Statement, StatementKind,
};
use crate::text::Text;

/// Sees a module run.
pub(super) trait Observer {
    /// A statement with the names known just before it.
    fn statement(&mut self, statement: &Statement, evaluator: &Evaluator<'_>);
    /// A name whose value was changed in place, as it is now.
    fn changed(&mut self, name: &str, evaluator: &Evaluator<'_>);
}

/// Stands for every name of the module.
pub(super) const ANYTHING: &str = "*";

/// The expressions of a statement.
pub(super) fn expressions(statement: &Statement) -> Vec<&Node> {
    match &statement.kind {
        StatementKind::Assign { target, value } | StatementKind::AugmentedAssign { target, value, .. } => {
            vec![target, value]
        }
        StatementKind::Expression(node) | StatementKind::Test(node) | StatementKind::Head(node) => vec![node],
        StatementKind::Return(Some(node)) => vec![node],
        _ => Vec::new(),
    }
}

/// `if (name := …)`: what the names are from here on.
fn named_in_passing(statement: &Statement, evaluator: &Evaluator<'_>) -> Vec<(String, Vec<Alternative>)> {
    let named = std::cell::RefCell::new(Vec::new());
    for node in expressions(statement) {
        // What certainly runs: not behind `and`, and not in a branch.
        let mut first = node;
        while let Expression::Compare { left: inner, .. } | Expression::Not(inner) = &first.is {
            first = inner;
        }
        if let Expression::Junction { of, .. } = &first.is {
            first = of.first().unwrap_or(first);
        }
        node.any(&|node| {
            if let Expression::Named { name, value } = &node.is {
                let values = match std::ptr::eq(node, first) {
                    true => value_of(evaluator, statement, value),
                    false => vec![Alternative { known: Known::unknown(Why::Other, &value.at), conditions: Vec::new() }],
                };
                named.borrow_mut().push((name.clone(), values));
            }
            false
        });
    }
    named.into_inner()
}

/// Whether a statement may change any name of the module: `exec(…)`, `globals().update(…)`,
/// `setattr(sys.modules[__name__], …)`, `locals()[name] = …`.
pub(super) fn changes_anything(statement: &Statement, evaluator: &Evaluator<'_>) -> bool {
    let is_names = |node: &Node| {
        matches!(&node.is, Expression::Call { function, arguments } if arguments.is_empty()
            && matches!(&function.is, Expression::Name(name) if matches!(name.as_str(), "globals" | "locals" | "vars")))
    };
    match &statement.kind {
        StatementKind::Assign { target: Node { is: Expression::Subscript { object, .. }, .. }, .. } => is_names(object),
        StatementKind::Expression(Node { is: Expression::Call { function, arguments }, .. }) => match &function.is {
            Expression::Name(name) => match name.as_str() {
                "exec" | "execfile" => !evaluator.defined.contains(name),
                "setattr" => arguments.first().is_some_and(|object| {
                    object.value.any(&|node| node.dotted().is_some_and(|name| name == "sys.modules"))
                }),
                _ => false,
            },
            Expression::Attribute { object, name } => {
                is_names(object) && matches!(name.as_str(), "update" | "setdefault" | "pop" | "__setitem__")
            }
            _ => false,
        },
        _ => false,
    }
}

/// Runs every statement that can run.
pub(super) fn run(document: &PythonDocument, evaluator: &mut Evaluator<'_>, observer: &mut dyn Observer) {
    run_all(&document.statements, evaluator, observer);
    evaluator.inside = Rc::new([]);
}

pub(super) fn run_all(statements: &[Statement], evaluator: &mut Evaluator<'_>, observer: &mut dyn Observer) {
    let mut next = 0;
    while let Some(statement) = statements.get(next) {
        next += 1;
        evaluator.inside = Rc::clone(&statement.inside);
        evaluator.around = Rc::clone(&statement.around);
        let Some(statement) = as_it_runs(statement, evaluator) else { continue };
        if let StatementKind::Loop { target, of, length } = &statement.kind {
            let end = next.saturating_add(*length).min(statements.len());
            if loops::run(&statement, target, of, &statements[next..end], evaluator, observer) {
                next = end;
            }
            continue;
        }
        if let StatementKind::Jump { ends } = statement.kind {
            if loops::jumped(evaluator, &statements[next - 1], ends) {
                return;
            }
            continue;
        }
        observer.statement(&statement, evaluator);
        flask::handed(evaluator, &statement);
        let named = named_in_passing(&statement, evaluator);
        let changed = step(&statement, evaluator);
        for (name, values) in named {
            assign(evaluator, &name, values, &statement.conditions);
        }
        if changes_anything(&statement, evaluator) {
            unseen(evaluator, &statement);
            observer.changed(ANYTHING, evaluator);
        }
        for lost in std::mem::take(&mut evaluator.lost) {
            observer.changed(&lost, evaluator);
        }
        if let Some(changed) = changed
            && evaluator.inside.is_empty()
        {
            observer.changed(&changed, evaluator);
        }
    }
}

/// The statement under the conditions that are open; `None` if one of them certainly does not hold.
fn as_it_runs<'s>(statement: &'s Statement, evaluator: &Evaluator<'_>) -> Option<std::borrow::Cow<'s, Statement>> {
    let outcome = |condition: &Condition| {
        matches!(condition.is, ConditionKind::If | ConditionKind::Match)
            .then(|| evaluator.tests.get(&condition.test.span()).copied())
            .flatten()
    };
    if statement.conditions.iter().any(|it| outcome(it).is_some_and(|outcome| outcome != it.holds)) {
        return None;
    }
    let round = |it: &Condition| {
        let mut rounds = evaluator.rounds.iter().filter(|_| it.is == ConditionKind::Loop);
        rounds.find(|round| round.of == it.test.span())
    };
    // `if DEBUG:` below `DEBUG = True` still says that it is meant for debugging.
    let is_settled = |it: &Condition| (outcome(it).is_some() && !it.is_for_tests()) || round(it).is_some();
    if !statement.conditions.iter().any(is_settled) {
        return Some(std::borrow::Cow::Borrowed(statement));
    }
    let mut within = None;
    let mut conditions = Vec::new();
    for condition in statement.conditions.iter() {
        within = round(condition).or(within);
        if !is_settled(condition) {
            // The same test is another one in the next round.
            let test = within.map_or_else(|| condition.test.clone(), |it: &Round| in_round(&condition.test, it.number));
            conditions.push(Condition { test, ..condition.clone() });
        }
        conditions.extend(round(condition).and_then(Round::doubt));
    }
    let conditions = conditions.into();
    Some(std::borrow::Cow::Owned(Statement { conditions, ..statement.clone() }))
}

/// Runs one statement; answers with the name whose value was changed in place.
fn step(statement: &Statement, evaluator: &mut Evaluator<'_>) -> Option<String> {
    match &statement.kind {
        StatementKind::Import { module, renamed } => {
            let local = renamed.as_ref().unwrap_or(module).as_str().split('.').next().unwrap_or_default().to_owned();
            forget(evaluator, &local);
            // Runs it now, and not in the depth of an expression.
            if let Some((modules, from)) = evaluator.modules
                && let Some(source) = modules.resolve(module.as_str(), 0, from).and_then(|file| modules.get(file))
            {
                env_writes::taken_over(evaluator, statement, &source);
            }
            if let Some(renamed) = renamed {
                evaluator.imports.insert(renamed.as_str().to_owned(), module.as_str().to_owned());
            } else {
                evaluator.imports.insert(local.clone(), local);
            }
        }
        StatementKind::FromImport { module, level, name, renamed } => {
            let local = renamed.as_ref().unwrap_or(name).as_str().to_owned();
            import_name(evaluator, statement, module, *level, name.as_str(), &local);
        }
        StatementKind::StarImport { module, level } => import_all(evaluator, statement, module, *level),
        StatementKind::Assign { target, value } => {
            let changed = assigned(evaluator, statement, target, value);
            changes::in_passing(evaluator, value);
            return changed;
        }
        StatementKind::AugmentedAssign { target, operator, value } => {
            let sum = Node {
                at: statement.at.clone(),
                is: Expression::Binary {
                    left: Box::new(target.clone()),
                    operator: *operator,
                    right: Box::new(value.clone()),
                },
            };
            return match &target.is {
                Expression::Name(name) => {
                    let values = value_of(evaluator, statement, &sum);
                    changes::forget_shared(evaluator, name);
                    assign(evaluator, name, values, &statement.conditions);
                    Some(name.clone())
                }
                _ => assigned(evaluator, statement, target, &sum),
            };
        }
        StatementKind::Expression(node) => {
            if let Expression::Call { function, arguments } = &node.is
                && let Expression::Attribute { object, name: method } = &function.is
            {
                if env_writes::by_method(evaluator, statement, function, arguments) {
                    return None;
                }
                if let Some(config) = evaluator.flask_config(object) {
                    return flask::by_method(evaluator, statement, &config, method.as_str(), arguments);
                }
                if let Expression::Name(name) = &object.is {
                    return changes::by_method(evaluator, statement, name, method.as_str(), arguments);
                }
            }
            changes::in_passing(evaluator, node);
        }
        StatementKind::Function(function) => {
            define(evaluator, function, statement);
            if statement.inside.is_empty() {
                evaluator.defined.insert(function.name.as_str().to_owned());
            }
        }
        StatementKind::Class { name, bases, keywords } => {
            define_class(evaluator, name.as_str(), bases, keywords, &statement.inside);
        }
        StatementKind::Return(value) => returned(evaluator, statement, value.as_ref()),
        StatementKind::Delete(target) => match &target.is {
            Expression::Name(name) => forget(evaluator, name),
            Expression::Subscript { object, index } if env_writes::is_it(evaluator, object) => {
                env_writes::unset(evaluator, statement, index);
            }
            Expression::Subscript { object, .. } | Expression::Slice { object, .. } => {
                return changes::unknown(evaluator, object);
            }
            _ => {}
        },
        StatementKind::Raise(_) | StatementKind::Head(_) | StatementKind::Jump { .. } | StatementKind::Loop { .. } => {}
        StatementKind::Global(name) => unsteady(evaluator, name, &statement.at),
        StatementKind::Test(test) => {
            let in_function = statement.inside.iter().any(|block| matches!(block, Block::Function(_)));
            let in_loop = statement.conditions.iter().any(|it| it.is == ConditionKind::Loop);
            let values = evaluator.evaluate(test);
            if let ([only], false) = (&values[..], in_function || in_loop)
                && let Some(truth) = only.known.truth()
                && !asks_sample(evaluator, test)
            {
                evaluator.tests.insert(test.at.span(), truth);
            } else {
                // In the round before it may have been known.
                evaluator.tests.remove(&test.at.span());
            }
        }
        StatementKind::Declare { target, annotation } => {
            if let (Expression::Name(name), Some(Block::Class(_))) = (&target.is, statement.inside.last())
                && let Some(class) = evaluator.classes.get_mut(&class_path(&statement.inside))
            {
                Rc::make_mut(class).declared.push((name.clone(), annotation.clone()));
            }
        }
    }
    None
}

/// Whether a test asks for what stands in a sample of an env file. The real one may decide otherwise.
fn asks_sample(evaluator: &Evaluator<'_>, test: &Node) -> bool {
    let mut samples =
        evaluator.environment.iter().filter(|(_, it)| it.in_sample).map(|(_, it)| it.name.span()).peekable();
    if samples.peek().is_none() {
        return false;
    }
    let samples: Vec<_> = samples.collect();
    let comes_from = |text: &Text| text.origins().iter().any(|it| samples.iter().any(|name| name.contains(it.span())));
    test.any(&|node| {
        let may_be = matches!(
            node.is,
            Expression::Name(_) | Expression::Attribute { .. } | Expression::Call { .. } | Expression::Subscript { .. }
        );
        may_be && evaluator.evaluate(node).iter().any(|it| comes_from(&it.known.at))
    })
}

/// The values of an expression where it stands. In a loop names may hold what an earlier round gave them.
pub(super) fn value_of(evaluator: &Evaluator<'_>, statement: &Statement, value: &Node) -> Vec<Alternative> {
    let in_loop = statement.conditions.iter().any(|it| it.is == ConditionKind::Loop);
    if in_loop && value.any(&|node| matches!(node.is, Expression::Name(_))) {
        let known = Known::unknown(Why::Other, &value.at);
        return vec![Alternative { known, conditions: Vec::new() }];
    }
    evaluator.evaluate(value)
}
