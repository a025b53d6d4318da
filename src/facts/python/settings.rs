//! The Celery settings that a Python file sets, in every form that people use.
//! Here is the run through its statements; what they say is kept by the files below.

use std::collections::HashMap;

mod app;
mod changed;
mod chosen_class;
mod given;
mod held;

pub(super) use app::namespaces;
pub(in crate::facts) use chosen_class::ChosenClass;
pub(in crate::facts) use held::{ConfiguredFrom, Held, Holder, Outside, PythonSettings, What};

use app::namespace_of;
use chosen_class::{choose_class, fill};
use given::{Set, looks_like_setting};

use super::env_writes;
use super::evaluate::{Alternative, Evaluator};
use super::flask::is_config;
use super::flow::{self, Observer};
use super::imports::public;
use super::modules::{Module, Modules};
use super::names::class_path;
use super::outside;
use crate::facts::environment::Environment;
use crate::facts::settings::{Setting, Source};
use crate::facts::value::{Known, Value, Why};
use crate::facts::written::{Namespace, Written};
use crate::read::python::{
    Block, Condition, ConditionKind, Expression, Node, PythonDocument, Statement, StatementKind,
};
use crate::text::{Span, Text};

/// More modules, classes and dictionaries than these in one file are not told apart.
const MOST_GROUPS: usize = 256;
/// More names than these in one file are not gathered.
const MOST_SETTINGS: usize = 5_000;

/// Names that only Django's settings have.
const ONLY_DJANGO: [&str; 5] =
    ["INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", "WSGI_APPLICATION", "MIDDLEWARE_CLASSES"];

/// Runs a file as a process with this environment does, and gathers what it sets.
pub(in crate::facts) fn run(
    document: &PythonDocument,
    environment: &Environment,
    modules: Option<(&Modules<'_>, usize)>,
) -> Module {
    let mut evaluator = Evaluator::new(environment);
    evaluator.modules = modules;
    if let Some((modules, index)) = modules {
        evaluator.may_make(modules.left().get());
        evaluator.unsteady.extend(modules.set_outside(index).cloned());
    }
    let mut gatherer = Gatherer::default();
    flow::run(document, &mut evaluator, &mut gatherer);
    if let Some((modules, _)) = modules {
        modules.left().set(modules.left().get().saturating_sub(evaluator.made()));
    }
    // An own class of that name, which takes nothing over, has nothing to do with the package.
    let is_other = evaluator.classes.get("Celery").is_some_and(|class| class.bases.is_empty());
    let mut found = if is_other { PythonSettings::default() } else { gatherer.found };
    found.variables = env_writes::left_behind(&evaluator);
    fill(&mut found, &evaluator);
    choose_class(&mut found, &evaluator);
    Module {
        names: evaluator.names,
        imports: evaluator.imports,
        classes: evaluator.classes,
        returns: evaluator.returns,
        functions: evaluator.functions,
        open: evaluator.open,
        found,
    }
}

#[derive(Default)]
struct Gatherer {
    found: PythonSettings,
    /// Names that stand for an app's configuration: `conf = app.conf`.
    confs: Vec<String>,
    /// The dictionary that Flask's configuration keeps as `CELERY`.
    of_flask: Option<Holder>,
    /// The groups of dictionaries that an app was configured from, by the name of the app where it stands.
    configured: Vec<(String, usize)>,
    /// Names of dictionaries that an app was configured from; it reads them only when it needs them.
    by_name: Vec<(String, Holder)>,
    /// The names of apps.
    app_names: Vec<String>,
    /// The function that runs, and the settings that functions set, by the places of their names.
    function: String,
    set_in: HashMap<Span, String>,
}

impl Observer for Gatherer {
    fn statement(&mut self, statement: &Statement, evaluator: &Evaluator<'_>) {
        let in_function = statement.inside.iter().any(|block| matches!(block, Block::Function(_)));
        self.function = if in_function { class_path(&statement.inside) } else { String::new() };
        // `app.conf.__dict__[name] = …`, `vars(app.conf).update(…)`.
        let is_behind = |node: &Node| match &node.is {
            Expression::Attribute { object, name } => name.as_str() == "__dict__" && self.is_configuration(object),
            Expression::Call { function, arguments } => {
                matches!(&function.is, Expression::Name(name) if name == "vars")
                    && arguments.first().is_some_and(|object| self.is_configuration(&object.value))
            }
            _ => false,
        };
        let is_behind = flow::expressions(statement).into_iter().any(|node| node.any(&is_behind));
        if is_behind || self.hands_over(statement, evaluator) || flow::changes_anything(statement, evaluator) {
            self.found.open_at.push(statement.at.clone());
        }
        self.changed_in_place(statement, evaluator);
        self.set_in_another(statement, evaluator);
        match &statement.kind {
            StatementKind::Delete(Node { is: Expression::Name(name), .. })
                if statement.inside.is_empty() && statement.conditions.is_empty() =>
            {
                let is_it = |held: &Held| held.holder == Holder::Module && held.setting.written.as_str() == name;
                self.found.settings.retain(|held| !is_it(held));
            }
            StatementKind::StarImport { module, level } if !in_function => {
                self.star_import(statement, module, *level, evaluator);
            }
            StatementKind::Assign { target, value } => {
                self.assignment(statement, target, value, in_function, evaluator);
                self.calls_in(value, statement, evaluator);
            }
            StatementKind::Expression(expression) => {
                // A dictionary by itself: a stretch that was cut out of a larger file.
                let values = match is_bare_dictionary(expression) {
                    true => evaluator.evaluate(expression),
                    false => Vec::new(),
                };
                if holds_dictionary(&values) {
                    let dictionary = self.found.new_dictionary();
                    self.dictionary(&values, &statement.conditions, &dictionary, false, evaluator);
                }
                self.calls_in(expression, statement, evaluator);
            }
            StatementKind::Return(Some(expression)) => self.calls_in(expression, statement, evaluator),
            _ => {}
        }
    }

    fn changed(&mut self, name: &str, evaluator: &Evaluator<'_>) {
        if name == flow::ANYTHING {
            for held in self.found.settings.iter_mut().filter(|held| held.holder == Holder::Module) {
                let Some(values) = evaluator.names.get(held.setting.written.as_str()) else { continue };
                held.setting.alternatives.clone_from(values);
                // None of them is certain any more.
                let Some(test) = values.last().map(|last| last.known.at.clone()) else { continue };
                for alternative in &mut held.setting.alternatives {
                    let condition = Condition { test: test.clone(), is: ConditionKind::Set, holds: true };
                    alternative.conditions.push(condition);
                }
            }
            return;
        }
        self.changed_elsewhere(name, evaluator);
        let Some(values) = evaluator.names.get(name) else { return };
        let is_it = |held: &Held| held.holder == Holder::Module && held.setting.written.as_str() == name;
        let Some(last) = self.found.settings.iter().rposition(is_it) else { return };
        let mut held = self.found.settings[last].clone();
        held.setting.alternatives.clone_from(values);
        held.setting.expression = None;
        self.found.settings.retain(|held| !is_it(held));
        self.found.settings.push(held);
    }
}

impl Gatherer {
    fn star_import(&mut self, statement: &Statement, module: &str, level: u32, evaluator: &Evaluator<'_>) {
        let file = evaluator.modules.and_then(|(modules, from)| modules.resolve(module, level, from));
        let source = file.and_then(|file| evaluator.modules?.0.get(file));
        let is_public = source.as_deref().and_then(public);
        let (Some(file), Some(source), Some(is_public)) = (file, source, is_public) else {
            self.found.open_at.push(statement.at.clone());
            return;
        };
        if self.found.taken_in.contains(&file) || self.found.settings.len() > MOST_SETTINGS {
            return;
        }
        self.found.taken_in.push(file);
        self.found.taken_in.extend(&source.found.taken_in);
        self.found.is_django |= source.found.is_django;
        let groups: Vec<usize> = source
            .found
            .groups
            .iter()
            .map(|holder| match holder {
                Holder::Dictionary(_) => {
                    let holder = self.found.new_dictionary();
                    self.found.group(&holder)
                }
                holder => self.found.group(holder),
            })
            .collect();
        for held in &source.found.settings {
            if held.holder == Holder::Module && !is_public(held.setting.written.as_str()) {
                continue;
            }
            let mut held = held.clone();
            for alternative in &mut held.setting.alternatives {
                alternative.conditions.splice(0..0, statement.conditions.iter().cloned());
            }
            self.replace(&mut held, &statement.conditions);
            self.found.settings.push(held);
        }
        for written in &source.found.written {
            let mut written = Written { group: groups[written.group], ..written.clone() };
            written.conditions.extend(statement.conditions.iter().cloned());
            self.found.written.push(written);
        }
    }

    fn assignment(
        &mut self,
        statement: &Statement,
        target: &Node,
        value: &Node,
        in_function: bool,
        evaluator: &Evaluator<'_>,
    ) {
        let conditions = &statement.conditions;
        match &target.is {
            Expression::Name(name) if !in_function => {
                if matches!(&value.is, Expression::Call { function, .. } if is_celery(function, evaluator)) {
                    self.app_names.push(name.clone());
                }
                self.found.is_django |= statement.inside.is_empty() && ONLY_DJANGO.contains(&name.as_str());
                if self.is_configuration(value) {
                    self.confs.push(name.clone());
                    return;
                }
                let holder = match class_path(&statement.inside) {
                    path if path.is_empty() => Holder::Module,
                    path => Holder::Class(evaluator.modules.map_or(0, |(_, file)| file), path),
                };
                // `class Meta` describes the class around it: Django's models, jobs and forms.
                if matches!(&holder, Holder::Class(_, path) if path.ends_with(".Meta")) {
                    return;
                }
                let is_setting = self.style(name, evaluator).1.is_some();
                let names_celery = name.to_ascii_lowercase().contains("celery");
                if !is_setting && !names_celery && !looks_like_setting(name) {
                    return;
                }
                let mut values = flow::value_of(evaluator, statement, value);
                if evaluator.unsteady.contains(name) {
                    let test = Condition { test: target.at.clone(), is: ConditionKind::Set, holds: true };
                    values.iter_mut().for_each(|it| it.conditions.push(test.clone()));
                    let unknown = Known::unknown(Why::Name(name.clone()), &target.at);
                    values.push(Alternative { known: unknown, conditions: Vec::new() });
                }
                if !is_setting && names_celery && holds_dictionary(&values) && self.is_of_settings(&values, evaluator) {
                    let dictionary = self.found.new_dictionary();
                    // `CELERY = {…}` in a class that is called after tests.
                    let of_class = matches!(&holder, Holder::Class(_, class) if chosen_class::is_for_tests(class));
                    let test = Condition {
                        test: Text::pointing_at(&target.at, &class_path(&statement.inside)),
                        is: ConditionKind::Class,
                        holds: true,
                    };
                    let conditions: Vec<Condition> =
                        conditions.iter().cloned().chain(of_class.then_some(test)).collect();
                    self.dictionary(&values, &conditions, &dictionary, false, evaluator);
                    return;
                }
                let (name, expression) = (&target.at, Some(&value.at));
                let source = Source::Python;
                let set = Set { holder: &holder, source, name, values, conditions, expression, is_certain: false };
                self.set(set, evaluator);
            }
            // app.conf.result_backend = …
            Expression::Attribute { object, name } if self.is_configuration(object) => {
                let values = flow::value_of(evaluator, statement, value);
                self.conf(name, values, conditions, Some(&value.at), evaluator);
            }
            // app.conf["result_backend"] = …, app.config["CELERY_RESULT_BACKEND"] = …
            Expression::Subscript { object, index } => {
                let is_conf = self.is_configuration(object);
                if !is_conf && !is_config(object) {
                    return;
                }
                let known = key_of(index, evaluator);
                let Some(key) = &known else {
                    self.found.open_at.extend(is_conf.then(|| statement.at.clone()));
                    return;
                };
                let values = flow::value_of(evaluator, statement, value);
                if key.as_str().eq_ignore_ascii_case("celery") && !is_conf {
                    self.kept_by_flask(&values, conditions, evaluator);
                    return;
                }
                let holder = if is_conf { &Holder::Conf } else { &Holder::FlaskConfig };
                let (source, name, expression) = (Source::Python, key, Some(&value.at));
                let set = Set { holder, source, name, values, conditions, expression, is_certain: is_conf };
                self.set(set, evaluator);
            }
            _ => {}
        }
    }

    /// Whether a dictionary has some key that may be a setting: `CELERY_BEAT_SCHDULE = {"nightly": …}` has none.
    fn is_of_settings(&self, values: &[Alternative], evaluator: &Evaluator<'_>) -> bool {
        let is_key = |key: &Known| {
            key.whole_text()
                .is_none_or(|it| self.style(it.as_str(), evaluator).1.is_some() || looks_like_setting(it.as_str()))
        };
        values.iter().any(|it| match &it.known.value {
            Value::Dict(entries) => entries.iter().any(|(key, _)| is_key(key)),
            _ => true,
        })
    }

    /// `celeryconfig.broker_url = …`, `Config.broker_url = …`, where that is a module or a class.
    fn set_in_another(&mut self, statement: &Statement, evaluator: &Evaluator<'_>) {
        let Some((object, name, value)) = outside::set_by(statement) else { return };
        let named = object.dotted().filter(|it| evaluator.lookup(it).is_none());
        let class = named.and_then(|it| evaluator.classes.get(&it));
        let own = evaluator.modules.map_or(0, |(_, file)| file);
        if let Some(class) = class.filter(|class| class.file == own) {
            let values = value.map_or_else(
                || vec![Alternative { known: Known::unknown(Why::Other, &statement.at), conditions: Vec::new() }],
                |value| flow::value_of(evaluator, statement, value),
            );
            let (holder, conditions) = (&Holder::Class(own, class.name.clone()), &statement.conditions);
            let (source, expression) = (Source::Python, value.map(|value| &value.at));
            self.set(Set { holder, source, name, values, conditions, expression, is_certain: false }, evaluator);
            return;
        }
        // What functions set is not certain anyhow.
        let Some((modules, file)) = evaluator.modules.filter(|_| self.found.outside.len() < MOST_GROUPS) else {
            return;
        };
        if !statement.inside.is_empty() {
            return;
        }
        let head = object.dotted().and_then(|dotted| dotted.split('.').next().map(str::to_owned));
        let is_module = head.is_some_and(|head| evaluator.imports.contains_key(&head));
        let full = evaluator.full_name(object).filter(|_| is_module);
        let target = match class {
            Some(class) => Some((Some(class.file), Holder::Class(class.file, class.name.clone()))),
            None => full.and_then(|full| modules.target(&full, file)).map(|file| (file, Holder::Module)),
        };
        let Some((file, holder)) = target else { return };
        let Some(means) = self.style(name.as_str(), evaluator).1 else { return };
        let is_certain = statement.conditions.is_empty() && value.is_some();
        let alternatives = match value {
            Some(value) => given::under(&statement.conditions, flow::value_of(evaluator, statement, value)),
            None => vec![Alternative { known: Known::unknown(Why::Other, &statement.at), conditions: Vec::new() }],
        };
        let (written, source, expression) = (name.clone(), Source::Python, value.map(|value| value.at.clone()));
        let setting = Setting { name: means, written, source, alternatives, expression };
        self.found.outside.push(Outside { file, holder, setting, is_certain });
    }

    /// `app.conf`, `celery_app.conf`, `self.app.conf`, and a name for one of them.
    fn is_configuration(&self, node: &Node) -> bool {
        match &node.is {
            Expression::Attribute { name, .. } => name.as_str() == "conf",
            Expression::Name(name) => self.confs.contains(name),
            _ => false,
        }
    }

    fn calls_in(&mut self, node: &Node, statement: &Statement, evaluator: &Evaluator<'_>) {
        let Expression::Call { function, arguments } = &node.is else { return };
        let name = evaluator.full_name(function).unwrap_or_default();
        let last = name.rsplit('.').next().unwrap_or_default();
        let conditions = &statement.conditions;
        if is_celery(function, evaluator) {
            self.found.apps.push(function.at.clone());
            let namespace = namespace_of(arguments, 16, evaluator);
            if !matches!(namespace, Namespace::Absent) {
                self.found.namespaces.push((function.at.clone(), namespace));
            }
            self.app_arguments(arguments, statement, evaluator);
        } else if last == "setup_security" {
            self.found.signed_at.push(function.at.clone());
        } else if name == "setattr" && arguments.first().is_some_and(|object| self.is_configuration(&object.value)) {
            match (arguments.get(1).and_then(|name| key_of(&name.value, evaluator)), arguments.get(2)) {
                (Some(name), Some(value)) => {
                    let values = flow::value_of(evaluator, statement, &value.value);
                    self.conf(&name, values, conditions, Some(&value.value.at), evaluator);
                }
                _ => self.found.open_at.push(node.at.clone()),
            }
        } else if let Expression::Attribute { object, name: method } = &function.is {
            let updates = matches!(method.as_str(), "update" | "from_mapping" | "setdefault" | "add_defaults");
            let is_conf = self.is_configuration(object)
                || (method.as_str() == "add_defaults" && arguments.iter().all(|it| it.name.is_none()));
            if updates && (is_conf || is_config(object)) {
                let holder = if is_conf { Holder::Conf } else { Holder::FlaskConfig };
                self.updated(arguments, statement, method.as_str(), &holder, evaluator);
            } else if method.as_str() == "from_prefixed_env" && is_config(object) {
                self.prefixed_for_flask(arguments, statement, evaluator);
            } else if method.as_str() == "config_from_object" {
                let namespace = namespace_of(arguments, 3, evaluator);
                if let Some(argument) =
                    arguments.iter().find(|it| it.name.as_ref().is_none_or(|it| it.as_str() == "obj"))
                {
                    let before = self.found.configured.len();
                    self.configured(&argument.value, namespace, statement, evaluator);
                    self.configured_anew(object, statement, before);
                }
            } else if method.as_str() == "config_from_envvar" {
                self.configured_by_variable(node, arguments, statement, evaluator);
            } else if method.as_str() == "config_from_cmdline"
                || (is_conf && matches!(method.as_str(), "pop" | "popitem" | "clear"))
            {
                self.found.open_at.push(node.at.clone());
            } else if method.as_str() == "add_periodic_task" {
                self.periodic_task(arguments, statement, evaluator);
            }
            // Celery(…).conf.update(…) and the like: look inside the callee as well.
            self.calls_in(object, statement, evaluator);
        }
    }
}

/// Whether a call of this makes an app.
fn is_celery(function: &Node, evaluator: &Evaluator<'_>) -> bool {
    evaluator.full_name(function).is_some_and(|name| name.rsplit('.').next() == Some("Celery"))
}

/// The text of a key, written out or known by its name.
fn key_of(node: &Node, evaluator: &Evaluator<'_>) -> Option<Text> {
    node.string().cloned().or_else(|| evaluator.single(node, 0).whole_text().cloned())
}

fn is_bare_dictionary(node: &Node) -> bool {
    match &node.is {
        Expression::Dict(_) => true,
        Expression::Call { function, .. } => matches!(&function.is, Expression::Name(name) if name == "dict"),
        _ => false,
    }
}

fn holds_dictionary(values: &[Alternative]) -> bool {
    values.iter().any(|it| matches!(it.known.value, Value::Dict(_)))
}

/// Whether a file makes an app.
pub(in crate::facts) fn makes_app(document: &PythonDocument) -> bool {
    document.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Assign { value: Node { is: Expression::Call { function, .. }, .. }, .. } => {
            function.dotted().is_some_and(|name| name.rsplit('.').next() == Some("Celery"))
        }
        _ => false,
    })
}

/// Whether a file sets what only Django's settings have.
pub(in crate::facts) fn sets_only_django(document: &PythonDocument) -> bool {
    document.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Assign { target: Node { is: Expression::Name(name), .. }, .. } => {
            statement.inside.is_empty() && ONLY_DJANGO.contains(&name.as_str())
        }
        _ => false,
    })
}
