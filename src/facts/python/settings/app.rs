//! What an app is made of and configured from: `Celery(…)`, `config_from_object(…)` and their kin.

use super::given::{Set, under};
use super::held::{ConfiguredFrom, Held, Holder, What};
use super::{Gatherer, holds_dictionary};
use crate::facts::python::flask::is_config;
use crate::facts::python::names::local_key;
use crate::facts::python::{Alternative, Evaluator, flow};
use crate::facts::settings::{Setting, Source};
use crate::facts::value::{Known, Value, Why};
use crate::facts::written::Namespace;
use crate::read::python::{
    Argument, Condition, ConditionKind, Expression, Node, PythonDocument, Statement, StatementKind,
};
use crate::text::Text;

/// The parameters of `Celery(…)` in their order (celery/app/base.py, Celery.__init__).
const PARAMETERS: [&str; 18] = [
    "main",
    "loader",
    "backend",
    "amqp",
    "events",
    "log",
    "control",
    "set_as_current",
    "tasks",
    "broker",
    "include",
    "changes",
    "config_source",
    "fixups",
    "task_cls",
    "autofinalize",
    "namespace",
    "strict_typing",
];

/// What only looks at an app that it is handed.
const READING: [&str; 21] = [
    "celery",
    "kombu",
    "flower",
    "sentry_sdk",
    "opentelemetry",
    "prometheus_client",
    "ddtrace",
    "newrelic",
    "logging",
    "logger",
    "log",
    "json",
    "print",
    "pprint",
    "isinstance",
    "hasattr",
    "getattr",
    "setattr",
    "repr",
    "str",
    "dict",
];

impl Gatherer {
    /// `app.add_periodic_task(crontab(…), task.s())` (celery/app/base.py, add_periodic_task).
    pub(super) fn periodic_task(&mut self, arguments: &[Argument], statement: &Statement, evaluator: &Evaluator<'_>) {
        let is_schedule = |argument: &&Argument| {
            !argument.unpacked && argument.name.as_ref().is_none_or(|name| name.as_str() == "schedule")
        };
        let Some(argument) = arguments.iter().find(is_schedule) else { return };
        let schedules = evaluator.evaluate(&argument.value).into_iter().map(|value| Alternative {
            conditions: statement.conditions.iter().cloned().chain(value.conditions).collect(),
            known: value.known,
        });
        self.found.periodic_tasks.extend(schedules);
    }

    /// Whether a function that is not shown is handed an app or its configuration, which it may change.
    pub(super) fn hands_over(&self, statement: &Statement, evaluator: &Evaluator<'_>) -> bool {
        let is_handed = |node: &Node| {
            let Expression::Call { function, arguments } = &node.is else { return false };
            let is_app = |node: &Node| matches!(&node.is, Expression::Name(name) if self.app_names.contains(name));
            let hands = |is: &dyn Fn(&Node) -> bool| arguments.iter().any(|it| !it.unpacked && is(&it.value));
            let (app, conf) = (hands(&is_app), hands(&|node| self.is_configuration(node)));
            if !app && !conf {
                return false;
            }
            let name = evaluator.full_name(function).unwrap_or_default();
            // A function that is shown says itself what it does with an app.
            let is_shown = evaluator.defined.contains(&name)
                || name.rsplit_once('.').is_some_and(|(module, _)| {
                    evaluator.modules.is_some_and(|(modules, from)| modules.named(module, from).is_some())
                });
            !READING.contains(&name.split('.').next().unwrap_or_default()) && (conf || !is_shown)
        };
        flow::expressions(statement).into_iter().any(|node| node.any(&is_handed))
    }

    /// What `config_from_object(…)` or `config_source=` is given.
    pub(super) fn configured(
        &mut self,
        value: &Node,
        namespace: Namespace,
        statement: &Statement,
        evaluator: &Evaluator<'_>,
    ) {
        // A parameter whose default is a class may be given another.
        let default = match value.dotted().as_deref().and_then(|name| evaluator.lookup(name)).map(Vec::as_slice) {
            Some([Alternative { known: Known { value: Value::Unknown(Why::Name(name)), .. }, .. }]) => {
                evaluator.classes.get(name)
            }
            _ => None,
        };
        let is_conditional = !statement.conditions.is_empty() || default.is_some();
        let mut add = |at: &Text, what: What| {
            self.found.configured.push(ConfiguredFrom {
                at: at.clone(),
                what,
                namespace: namespace.clone(),
                is_conditional,
            });
        };
        // What stands there was seen where it was put; what else does is not Celery's.
        if is_config(value) {
            self.found.open_at.push(value.at.clone());
            return;
        }
        // An instance counts as its class.
        let object = match &value.is {
            Expression::Call { function, arguments } if arguments.is_empty() => function,
            _ => value,
        };
        if let Some(dotted) = object.dotted() {
            if let Some(class) = evaluator.classes.get(&dotted)
                && evaluator.lookup(&dotted).is_none()
            {
                return add(&value.at, What::Class(class.file, class.name.clone()));
            }
            let head = dotted.split('.').next().unwrap_or_default();
            if evaluator.lookup(head).is_none()
                && evaluator.imports.contains_key(head)
                && let Some(full) = evaluator.full_name(object)
            {
                return add(&value.at, What::Dotted(full));
            }
        }
        if let Some(class) = default {
            add(&value.at, What::Class(class.file, class.name.clone()));
        }
        let values = evaluator.evaluate(value);
        let mut made_with = Vec::new();
        for alternative in &values {
            match &alternative.known.value {
                Value::Text(template) if template.holes.is_empty() => {
                    // The place of the whole argument, so that something can be written behind it.
                    add(&value.at, What::Dotted(template.as_str().to_owned()));
                }
                Value::Call { function, arguments, .. } => {
                    if let Some(class) = evaluator.classes.get(function) {
                        add(&value.at, What::Class(class.file, class.name.clone()));
                        if !arguments.is_empty() {
                            made_with.push(Holder::Class(class.file, class.name.clone()));
                        }
                    }
                }
                _ => {}
            }
        }
        // What an instance is given overrules what its class says.
        if !made_with.is_empty() {
            self.found.open_at.push(value.at.clone());
        }
        let test = Condition { test: value.at.clone(), is: ConditionKind::Set, holds: true };
        for held in self.found.settings.iter_mut().filter(|held| made_with.contains(&held.holder)) {
            held.setting.alternatives.iter_mut().for_each(|it| it.conditions.push(test.clone()));
        }
        let is_named = |it: &Alternative| match &it.known.value {
            Value::Text(template) => template.holes.is_empty(),
            Value::Call { function, .. } => evaluator.classes.contains_key(function),
            _ => false,
        };
        let others: Vec<Alternative> = values.into_iter().filter(|it| !is_named(it)).collect();
        if !others.is_empty() {
            let dictionary = match self.of_flask.take().filter(|_| is_of_flask(value) && holds_dictionary(&others)) {
                // It is the same dictionary, as it is now.
                Some(known) => {
                    self.found.forget(&known);
                    known
                }
                None => self.found.new_dictionary(),
            };
            if let (Expression::Name(name), true) = (&value.is, statement.inside.is_empty() && !is_conditional) {
                self.by_name.push((name.clone(), dictionary.clone()));
            }
            if holds_dictionary(&others) {
                let group = self.found.group(&dictionary);
                let what = What::Group(group);
                self.found.configured.push(ConfiguredFrom { at: value.at.clone(), what, namespace, is_conditional });
            }
            self.dictionary(&others, &statement.conditions, &dictionary, true, evaluator);
        }
    }

    /// The last `config_from_object(…)` replaces what those before it gave (celery/app/base.py, config_from_object).
    /// `before`: how many configurations there were.
    pub(super) fn configured_anew(&mut self, app: &Node, statement: &Statement, before: usize) {
        let Some(app) = app.dotted().map(|app| local_key(&statement.inside, &app)) else { return };
        let groups = self.found.configured.iter().skip(before).filter_map(|from| match from.what {
            What::Group(group) => Some(group),
            _ => None,
        });
        let groups: Vec<usize> = groups.collect();
        if statement.conditions.is_empty() {
            for (_, group) in self.configured.extract_if(.., |(known, group)| *known == app && !groups.contains(group))
            {
                let holder = self.found.groups[group].clone();
                self.found.forget(&holder);
                self.found.configured.retain(|from| !matches!(from.what, What::Group(it) if it == group));
            }
        }
        self.configured.extend(groups.into_iter().map(|group| (app.clone(), group)));
    }

    pub(super) fn configured_by_variable(
        &mut self,
        node: &Node,
        arguments: &[Argument],
        statement: &Statement,
        evaluator: &Evaluator<'_>,
    ) {
        let variable = arguments.first().and_then(|argument| argument.value.string());
        let module = variable.and_then(|name| evaluator.variable(name.as_str(), &node.at));
        match module.as_ref().and_then(Known::whole_text) {
            Some(module) => self.found.configured.push(ConfiguredFrom {
                at: node.at.clone(),
                what: What::Dotted(module.as_str().to_owned()),
                namespace: Namespace::Absent,
                is_conditional: !statement.conditions.is_empty(),
            }),
            None => self.found.open_at.push(node.at.clone()),
        }
    }

    /// `Celery("proj", broker=…, backend=…, config_source={…}, task_acks_late=True)`.
    pub(super) fn app_arguments(&mut self, arguments: &[Argument], statement: &Statement, evaluator: &Evaluator<'_>) {
        let mut is_countable = true;
        for (number, argument) in arguments.iter().enumerate() {
            if argument.unpacked {
                is_countable = false;
                let values = evaluator.evaluate(&argument.value);
                if values.iter().all(|it| matches!(it.known.value, Value::Dict(_))) {
                    self.dictionary(&values, &statement.conditions, &Holder::Argument, true, evaluator);
                } else {
                    self.found.open_at.push(argument.value.at.clone());
                }
                continue;
            }
            let parameter = match &argument.name {
                Some(name) => name.as_str(),
                None if is_countable => PARAMETERS.get(number).copied().unwrap_or_default(),
                None => continue,
            };
            let setting = match parameter {
                "broker" => "broker_url",
                "backend" => "result_backend",
                "include" => "include",
                "config_source" => {
                    let namespace = namespace_of(arguments, 16, evaluator);
                    if !matches!(argument.value.is, Expression::None) {
                        self.configured(&argument.value, namespace, statement, evaluator);
                    }
                    continue;
                }
                "changes" => {
                    let values = evaluator.evaluate(&argument.value);
                    self.dictionary(&values, &statement.conditions, &Holder::Conf, true, evaluator);
                    continue;
                }
                "config_source_silent" => continue,
                parameter if PARAMETERS.contains(&parameter) => continue,
                // Every other keyword is a setting (celery/app/base.py, __autoset).
                _ => {
                    if let Some(name) = &argument.name {
                        let values = evaluator.evaluate(&argument.value);
                        let (holder, source) = (&Holder::Argument, Source::CeleryArgument);
                        let (conditions, expression) = (&statement.conditions, Some(&argument.value.at));
                        let set = Set { holder, source, name, values, conditions, expression, is_certain: true };
                        self.set(set, evaluator);
                    }
                    continue;
                }
            };
            // `broker=None` is as good as nothing.
            if matches!(argument.value.is, Expression::None) {
                continue;
            }
            let values = evaluator.evaluate(&argument.value);
            let alternatives = under(&statement.conditions, values);
            let name = argument.name.clone().unwrap_or_else(|| Text::pointing_at(&argument.value.at, parameter));
            let expression = Some(argument.value.at.clone());
            let source = Source::CeleryArgument;
            let setting = Setting { name: setting, written: name, source, alternatives, expression };
            self.found.settings.push(Held { holder: Holder::Argument, setting });
        }
    }
}

/// `app.config["CELERY"]`, `app.config.get("CELERY")`.
fn is_of_flask(node: &Node) -> bool {
    match &node.is {
        Expression::Subscript { object, .. } => is_config(object),
        Expression::Call { function, .. } => {
            matches!(&function.is, Expression::Attribute { object, .. } if is_config(object))
        }
        _ => false,
    }
}

/// The namespace that a call gives, as a keyword or at its place.
pub(super) fn namespace_of(arguments: &[Argument], place: usize, evaluator: &Evaluator<'_>) -> Namespace {
    if arguments.iter().any(|argument| argument.unpacked) {
        return Namespace::NotKnown;
    }
    let named = arguments.iter().find(|it| it.name.as_ref().is_some_and(|name| name.as_str() == "namespace"));
    let placed = arguments.get(place).filter(|argument| argument.name.is_none());
    let Some(argument) = named.or(placed) else { return Namespace::Absent };
    match &evaluator.evaluate(&argument.value)[..] {
        [Alternative { known: Known { value: Value::None, .. }, .. }] => Namespace::Absent,
        [Alternative { known, .. }] => match known.whole_text() {
            Some(text) if text.is_empty() => Namespace::Absent,
            Some(text) => Namespace::Given(text.clone()),
            None => Namespace::NotKnown,
        },
        _ => Namespace::NotKnown,
    }
}

/// Namespaces that a file names, besides `CELERY`.
pub(in crate::facts::python) fn namespaces(document: &PythonDocument) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for statement in &document.statements {
        let node = match &statement.kind {
            StatementKind::Expression(node) | StatementKind::Assign { value: node, .. } => node,
            _ => continue,
        };
        let Expression::Call { arguments, .. } = &node.is else { continue };
        for argument in arguments {
            if let (Some(name), Some(text)) = (&argument.name, argument.value.string())
                && name.as_str() == "namespace"
                && text.as_str() != "CELERY"
                && !text.is_empty()
            {
                found.push(text.as_str().to_owned());
            }
        }
    }
    found
}
