//! The Celery settings that a Python file sets, in every form that people use.

use super::evaluate::{Alternative, Evaluator};
use super::flow;
use crate::facts::environment::Environment;
use crate::facts::settings::{Setting, Source, canonical_name, is_namespaced, is_telling_name};
use crate::facts::value::{Known, Value};
use crate::read::python::{Argument, Block, Condition, Expression, Node, PythonDocument, Statement, StatementKind};
use crate::text::Text;

/// What one Python file says about Celery.
#[derive(Clone, Debug, Default)]
pub struct PythonSettings {
    pub settings: Vec<Setting>,
    /// Why more settings may be there than we see: star imports, `update(…)` of something unknown.
    pub open_at: Vec<Text>,
    /// Calls of `Celery(…)`, by the callee's place.
    pub apps: Vec<Text>,
    /// Modules that `config_from_object("…")` names, with the place.
    pub configured_from: Vec<Text>,
    /// Whether the file has anything to do with Celery.
    pub speaks_of_celery: bool,
}

/// Gathers the settings of a file as a process with this environment sees them.
pub fn gather(document: &PythonDocument, environment: &Environment) -> PythonSettings {
    let mut found = PythonSettings::default();
    let mut evaluator = Evaluator::new(environment);
    flow::run(document, &mut evaluator, |statement, evaluator| {
        statement_settings(statement, evaluator, &mut found);
    });
    // A lower-case name such as `timezone` is Celery's only beside names that are certainly Celery's.
    let is_celery_config =
        found.settings.iter().any(|setting| is_telling_name(setting.written.as_str())) || !found.apps.is_empty();
    found.settings.retain(|setting| is_celery_config || is_telling_name(setting.written.as_str()));
    found.speaks_of_celery |= !found.settings.is_empty() || !found.apps.is_empty();
    found
}

fn statement_settings(statement: &Statement, evaluator: &Evaluator<'_>, found: &mut PythonSettings) {
    let in_function = statement.inside.iter().any(|block| matches!(block, Block::Function(_)));
    match &statement.kind {
        StatementKind::Import { module, .. } => found.speaks_of_celery |= module.as_str().starts_with("celery"),
        StatementKind::FromImport { module, .. } => {
            found.speaks_of_celery |= module == "celery" || module.starts_with("celery.");
        }
        StatementKind::StarImport { .. } if !in_function => found.open_at.push(statement.at.clone()),
        StatementKind::Assign { target, value } => {
            match &target.is {
                Expression::Name(name) if !in_function => {
                    if let Some(setting) = canonical_name(name) {
                        let values = evaluator.evaluate(value);
                        add(found, setting, &target.at, Source::Python, values, &statement.conditions, Some(&value.at));
                    } else if name.to_ascii_lowercase().contains("celery") {
                        dictionary(found, &evaluator.evaluate(value), &statement.conditions, false);
                    }
                }
                // app.conf.result_backend = …
                Expression::Attribute { object, name } if is_configuration(object) => {
                    if let Some(setting) = canonical_name(name.as_str()) {
                        let values = evaluator.evaluate(value);
                        add(found, setting, name, Source::Python, values, &statement.conditions, Some(&value.at));
                    }
                }
                // app.conf["result_backend"] = …, app.config["CELERY_RESULT_BACKEND"] = …
                Expression::Subscript { object, index } if is_configuration(object) || is_flask_config(object) => {
                    if let Some(key) = index.string()
                        && let Some(setting) = canonical_name(key.as_str())
                    {
                        let values = evaluator.evaluate(value);
                        add(found, setting, key, Source::Python, values, &statement.conditions, Some(&value.at));
                    } else if index.string().is_some_and(|key| key.as_str().eq_ignore_ascii_case("celery")) {
                        dictionary(found, &evaluator.evaluate(value), &statement.conditions, false);
                    }
                }
                _ => {}
            }
            calls_in(value, statement, evaluator, found);
        }
        StatementKind::Expression(expression) => calls_in(expression, statement, evaluator, found),
        StatementKind::Return(Some(expression)) => calls_in(expression, statement, evaluator, found),
        _ => {}
    }
}

/// `app.conf`, `celery_app.conf`, `self.app.conf`.
fn is_configuration(node: &Node) -> bool {
    matches!(&node.is, Expression::Attribute { name, .. } if name.as_str() == "conf")
}

/// Flask's `app.config`.
fn is_flask_config(node: &Node) -> bool {
    matches!(&node.is, Expression::Attribute { name, .. } if name.as_str() == "config")
}

fn calls_in(node: &Node, statement: &Statement, evaluator: &Evaluator<'_>, found: &mut PythonSettings) {
    let Expression::Call { function, arguments } = &node.is else { return };
    let name = evaluator.full_name(function).unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    if last == "Celery" {
        found.apps.push(function.at.clone());
        app_arguments(arguments, statement, evaluator, found);
    } else if let Expression::Attribute { object, name: method } = &function.is {
        let updates = matches!(method.as_str(), "update" | "from_mapping" | "setdefault" | "add_defaults");
        if updates && (is_configuration(object) || is_flask_config(object)) {
            updated(arguments, statement, evaluator, found);
        } else if method.as_str() == "config_from_object" {
            found.speaks_of_celery = true;
            if let Some(argument) = arguments.first() {
                match argument.value.string() {
                    Some(module) => found.configured_from.push(module.clone()),
                    None => dictionary(found, &evaluator.evaluate(&argument.value), &statement.conditions, true),
                }
            }
        } else if matches!(method.as_str(), "config_from_envvar" | "config_from_cmdline") {
            found.speaks_of_celery = true;
            found.open_at.push(node.at.clone());
        }
        // Celery(…).conf.update(…) and the like: look inside the callee as well.
        calls_in(object, statement, evaluator, found);
    }
}

/// `Celery("proj", broker=…, backend=…, config_source={…})`.
fn app_arguments(arguments: &[Argument], statement: &Statement, evaluator: &Evaluator<'_>, found: &mut PythonSettings) {
    for argument in arguments {
        let Some(name) = &argument.name else {
            if argument.unpacked {
                found.open_at.push(argument.value.at.clone());
            }
            continue;
        };
        let setting = match name.as_str() {
            "broker" => "broker_url",
            "backend" => "result_backend",
            "include" => "include",
            "config_source" => {
                dictionary(found, &evaluator.evaluate(&argument.value), &statement.conditions, true);
                continue;
            }
            _ => continue,
        };
        let values = evaluator.evaluate(&argument.value);
        let expression = Some(&argument.value.at);
        add(found, setting, name, Source::CeleryArgument, values, &statement.conditions, expression);
    }
}

/// `conf.update({…})`, `conf.update(result_backend=…, **more)`.
fn updated(arguments: &[Argument], statement: &Statement, evaluator: &Evaluator<'_>, found: &mut PythonSettings) {
    for argument in arguments {
        match &argument.name {
            Some(name) => {
                let values = evaluator.evaluate(&argument.value);
                if let Some(setting) = canonical_name(name.as_str()) {
                    let expression = Some(&argument.value.at);
                    add(found, setting, name, Source::Python, values, &statement.conditions, expression);
                } else if name.as_str().eq_ignore_ascii_case("celery") {
                    dictionary(found, &values, &statement.conditions, false);
                }
            }
            None => dictionary(found, &evaluator.evaluate(&argument.value), &statement.conditions, true),
        }
    }
}

/// The settings in a dictionary; `whole` if everything in it is certainly meant for Celery.
fn dictionary(found: &mut PythonSettings, values: &[Alternative], conditions: &[Condition], whole: bool) {
    for alternative in values {
        let Value::Dict(entries) = &alternative.known.value else {
            if whole {
                found.open_at.push(alternative.known.at.clone());
            }
            continue;
        };
        for (key, value) in entries {
            let Some(name) = key.whole_text() else {
                found.open_at.push(key.at.clone());
                continue;
            };
            let Some(setting) = canonical_name(name.as_str()) else { continue };
            let one = Alternative { known: value.clone(), conditions: alternative.conditions.clone() };
            add(found, setting, name, Source::Python, vec![one], conditions, None);
        }
    }
}

fn add(
    found: &mut PythonSettings,
    name: &'static str,
    written: &Text,
    source: Source,
    values: Vec<Alternative>,
    conditions: &[Condition],
    expression: Option<&Text>,
) {
    let alternatives: Vec<Alternative> = values
        .into_iter()
        .map(|value| Alternative {
            known: Known { value: value.known.value, at: value.known.at },
            conditions: conditions.iter().cloned().chain(value.conditions).collect(),
        })
        .collect();
    // A later assignment in the same straight line replaces an earlier one.
    if conditions.is_empty() && source != Source::CeleryArgument {
        found.settings.retain(|setting| {
            setting.name != name
                || setting.source != source
                || is_namespaced(setting.written.as_str()) != is_namespaced(written.as_str())
        });
    }
    let expression = expression.cloned();
    found.settings.push(Setting { name, written: written.clone(), source, alternatives, expression });
}
