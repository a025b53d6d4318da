//! Runs a module's statements in order: names get their values, with the conditions under which they hold.

use std::rc::Rc;

use super::evaluate::{Alternative, Evaluator, MOST_ALTERNATIVES, conditions_of, is_possible};
use crate::facts::value::{Known, Why};
use crate::read::python::{
    BinaryOperator, Block, Condition, Expression, Node, PythonDocument, Statement, StatementKind,
};

/// Runs every statement; `visit` sees each one with the names known just before it.
pub fn run(
    document: &PythonDocument,
    evaluator: &mut Evaluator<'_>,
    mut visit: impl FnMut(&Statement, &Evaluator<'_>),
) {
    for statement in &document.statements {
        visit(statement, evaluator);
        step(statement, evaluator);
    }
}

fn step(statement: &Statement, evaluator: &mut Evaluator<'_>) {
    match &statement.kind {
        StatementKind::Import { module, renamed: Some(renamed) } => {
            evaluator.imports.insert(renamed.as_str().to_owned(), module.as_str().to_owned());
        }
        StatementKind::FromImport { module, name, renamed, .. } => {
            let local = renamed.as_ref().unwrap_or(name).as_str().to_owned();
            evaluator.imports.insert(local, format!("{module}.{}", name.as_str()));
        }
        StatementKind::StarImport { .. } => evaluator.open = true,
        StatementKind::Assign { target, value } if is_in_module(&statement.inside) => {
            if let Expression::Name(name) = &target.is {
                let values = evaluator.evaluate(value);
                assign(evaluator, name, values, &statement.conditions);
            }
        }
        StatementKind::AugmentedAssign { target, operator, value } if is_in_module(&statement.inside) => {
            if let Expression::Name(name) = &target.is {
                let sum = Node {
                    at: statement.at.clone(),
                    is: Expression::Binary {
                        left: Box::new(Node { at: target.at.clone(), is: Expression::Name(name.clone()) }),
                        operator: if *operator == BinaryOperator::Add { *operator } else { BinaryOperator::Other },
                        right: Box::new(value.clone()),
                    },
                };
                let values = evaluator.evaluate(&sum);
                assign(evaluator, name, values, &statement.conditions);
            }
        }
        StatementKind::Function(function) => {
            evaluator.names.remove(function.name.as_str());
        }
        _ => {}
    }
}

/// Class bodies run when the module does; functions may run never, or many times.
fn is_in_module(inside: &[Block]) -> bool {
    !inside.iter().any(|block| matches!(block, Block::Function(_)))
}

fn assign(evaluator: &mut Evaluator<'_>, name: &str, values: Vec<Alternative>, conditions: &Rc<[Condition]>) {
    let here = conditions_of(conditions);
    let mut all = Vec::new();
    if !here.is_empty() {
        // Where the branch is not taken, the name keeps what it had.
        for before in evaluator.names.get(name).cloned().unwrap_or_default() {
            let mut kept = before.conditions.clone();
            // The contrary of one test is one test; of several it is an "or", which is not followed.
            if let [only] = &here[..] {
                kept.push(Condition { holds: !only.holds, ..only.clone() });
            }
            if is_possible(&kept) {
                all.push(Alternative { known: before.known, conditions: kept });
            }
        }
    }
    for value in values {
        let conditions: Vec<Condition> = here.iter().cloned().chain(value.conditions).collect();
        if is_possible(&conditions) {
            all.push(Alternative { known: value.known, conditions });
        }
    }
    if all.len() > MOST_ALTERNATIVES {
        let at = all[0].known.at.clone();
        all = vec![Alternative { known: Known::unknown(Why::TooMuch, &at), conditions: Vec::new() }];
    }
    evaluator.names.insert(name.to_owned(), all);
}
