//! The Celery settings that a Python file sets, in every form that people use.

use super::classes::Base;
use super::evaluate::{Alternative, Evaluator, class_path};
use super::flow::{self, Observer};
use super::modules::{Module, Modules};
use crate::facts::environment::Environment;
use crate::facts::settings::{Setting, Source, is_namespaced, is_telling_name};
use crate::facts::value::{Known, Value, Why};
use crate::facts::written::{Namespace, Place, Style, Written};
use crate::knowledge::celery;
use crate::read::python::{
    Argument, Block, Condition, ConditionKind, Expression, Node, PythonDocument, Statement, StatementKind,
};
use crate::text::Text;

/// What one Python file says about Celery.
#[derive(Clone, Debug, Default)]
pub(in crate::facts) struct PythonSettings {
    pub(in crate::facts) settings: Vec<Held>,
    pub(in crate::facts) written: Vec<Written>,
    /// What holds the names of each group.
    pub(in crate::facts) groups: Vec<Holder>,
    /// Why more settings may be there than we see: star imports, `update(…)` of something unknown.
    pub(in crate::facts) open_at: Vec<Text>,
    /// Calls of `Celery(…)`, by the callee's place.
    pub(in crate::facts) apps: Vec<Text>,
    /// Calls of `setup_security()`, which turns signed messages on.
    pub(in crate::facts) signed_at: Vec<Text>,
    /// The schedules that `add_periodic_task(…)` is called with.
    pub(in crate::facts) periodic_tasks: Vec<Alternative>,
    /// What the apps are configured from.
    pub(in crate::facts) configured: Vec<ConfiguredFrom>,
    /// `Celery(namespace=…)`, with the callee's place.
    pub(in crate::facts) namespaces: Vec<(Text, Namespace)>,
    /// Pasted files whose names all came in by `from … import *`: their settings are among these.
    pub(in crate::facts) taken_in: Vec<usize>,
    /// Whether it sets what only Django reads.
    pub(in crate::facts) is_django: bool,
}

/// A setting and what holds it.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Held {
    pub(in crate::facts) holder: Holder,
    pub(in crate::facts) setting: Setting,
}

/// What holds a setting. A later assignment replaces an earlier one of the same holder.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::facts) enum Holder {
    Module,
    /// A class, by the number of its file and its name there.
    Class(usize, String),
    Conf,
    FlaskConfig,
    Argument,
    /// A dictionary, by its number in the file.
    Dictionary(usize),
}

/// `config_from_object(…)` and its kin.
#[derive(Clone, Debug)]
pub(in crate::facts) struct ConfiguredFrom {
    pub(in crate::facts) at: Text,
    pub(in crate::facts) what: What,
    pub(in crate::facts) namespace: Namespace,
    pub(in crate::facts) is_conditional: bool,
}

#[derive(Clone, Debug)]
pub(in crate::facts) enum What {
    /// A dotted name: a module, or a class in one behind a colon or a dot.
    Dotted(String),
    /// A class, by the number of its file and its name there.
    Class(usize, String),
    /// A dictionary, by its group in this file.
    Group(usize),
}

/// More modules, classes and dictionaries than these in one file are not told apart.
const MOST_GROUPS: usize = 256;
/// More names than these in one file are not gathered.
const MOST_SETTINGS: usize = 5_000;
/// More branches than these that set one name are not held against each other.
const MOST_BRANCHES: usize = 8;

/// Names that only Django's settings have.
const ONLY_DJANGO: [&str; 5] =
    ["INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", "WSGI_APPLICATION", "MIDDLEWARE_CLASSES"];

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

/// Runs a file as a process with this environment does, and gathers what it sets.
pub(in crate::facts) fn run(
    document: &PythonDocument,
    environment: &Environment,
    modules: Option<(&Modules<'_>, usize)>,
) -> Module {
    let mut evaluator = Evaluator::new(environment);
    evaluator.modules = modules;
    if let Some((modules, _)) = modules {
        evaluator.may_make(modules.left().get());
    }
    let mut gatherer = Gatherer { found: PythonSettings::default(), confs: Vec::new() };
    flow::run(document, &mut evaluator, &mut gatherer);
    if let Some((modules, _)) = modules {
        modules.left().set(modules.left().get().saturating_sub(evaluator.made()));
    }
    let mut found = gatherer.found;
    choose_class(&mut found, &evaluator);
    Module {
        names: evaluator.names,
        imports: evaluator.imports,
        classes: evaluator.classes,
        returns: evaluator.returns,
        open: evaluator.open,
        found,
    }
}

impl PythonSettings {
    /// What is meant for Celery. A lower-case name such as `timezone` is Celery's only beside names that are
    /// certainly Celery's, or where the app `is_configured` from this file.
    /// `line`: the class that the app is configured from, and its bases, where that is certain.
    pub(in crate::facts) fn of_celery(
        &self,
        line: Option<&ChosenClass>,
        is_configured: bool,
    ) -> (Vec<Setting>, Vec<Written>) {
        let is_celery_config = is_configured
            || !self.apps.is_empty()
            || self.settings.iter().any(|held| is_telling_name(held.setting.written.as_str()));
        let is_meant = |name: &Text| is_celery_config || is_telling_name(name.as_str());
        let written = self.written.iter().filter(|it| is_meant(&it.name)).cloned().collect();
        let settings = self.settings.iter().filter(|held| is_meant(&held.setting.written));
        let Some(line) = line else { return (settings.map(|held| held.setting.clone()).collect(), written) };
        let chosen = settings.filter(|held| line.holds(held)).map(|held| {
            let mut setting = held.setting.clone();
            for alternative in &mut setting.alternatives {
                alternative.conditions.retain(|it| !line.line.iter().any(|(_, class)| class == it.test.as_str()));
            }
            setting
        });
        (chosen.collect(), written)
    }

    fn group(&mut self, holder: &Holder) -> usize {
        match self.groups.iter().position(|known| known == holder) {
            Some(group) => group,
            None => {
                self.groups.push(holder.clone());
                self.groups.len() - 1
            }
        }
    }

    fn new_dictionary(&mut self) -> Holder {
        if let Some(last) = self.groups.last().filter(|_| self.groups.len() > MOST_GROUPS) {
            return last.clone();
        }
        let holder = Holder::Dictionary(self.groups.len());
        self.group(&holder);
        holder
    }
}

/// The class that an app is certainly configured from.
pub(in crate::facts) struct ChosenClass {
    /// The class and its bases as Python asks them, each with the number of its file.
    pub(in crate::facts) line: Vec<(usize, String)>,
    /// Which of them gives each setting.
    given: Vec<(&'static str, usize)>,
}

impl ChosenClass {
    pub(in crate::facts) fn new<'a>(
        line: Vec<(usize, String)>,
        found: impl Iterator<Item = &'a PythonSettings>,
    ) -> ChosenClass {
        let mut chosen = ChosenClass { line, given: Vec::new() };
        for held in found.flat_map(|found| &found.settings) {
            let Some(rank) = chosen.rank(&held.holder) else { continue };
            match chosen.given.iter_mut().find(|(name, _)| *name == held.setting.name) {
                Some((_, known)) => *known = rank.min(*known),
                None => chosen.given.push((held.setting.name, rank)),
            }
        }
        chosen
    }

    fn rank(&self, holder: &Holder) -> Option<usize> {
        let Holder::Class(file, class) = holder else { return None };
        self.line.iter().position(|(in_file, name)| in_file == file && name == class)
    }

    /// Whether it is no class of its own that holds a setting, or the first of the line that does.
    fn holds(&self, held: &Held) -> bool {
        match self.rank(&held.holder) {
            Some(rank) => self.given.contains(&(held.setting.name, rank)),
            None => !matches!(held.holder, Holder::Class(..)),
        }
    }

    /// Whether a class of the line holds the name.
    pub(in crate::facts) fn has(&self, holder: &Holder) -> bool {
        self.rank(holder).is_some()
    }
}

struct Gatherer {
    found: PythonSettings,
    /// Names that stand for an app's configuration: `conf = app.conf`.
    confs: Vec<String>,
}

/// A name that gets a value.
struct Set<'a> {
    holder: &'a Holder,
    source: Source,
    name: &'a Text,
    values: Vec<Alternative>,
    conditions: &'a [Condition],
    expression: Option<&'a Text>,
    /// Whether everything that is set here is meant for Celery.
    is_certain: bool,
}

impl Observer for Gatherer {
    fn statement(&mut self, statement: &Statement, evaluator: &Evaluator<'_>) {
        let in_function = statement.inside.iter().any(|block| matches!(block, Block::Function(_)));
        if flow::changes_anything(statement, evaluator) {
            self.found.open_at.push(statement.at.clone());
        }
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
        let is_public = source.as_deref().and_then(flow::public);
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
            self.replace(&held, &statement.conditions);
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
                    let unknown = Known::unknown(Why::Name(name.clone()), &target.at);
                    values.push(Alternative { known: unknown, conditions: Vec::new() });
                }
                if !is_setting && names_celery && holds_dictionary(&values) {
                    let dictionary = self.found.new_dictionary();
                    self.dictionary(&values, conditions, &dictionary, false, evaluator);
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
                let (Some(key), true) = (index.string(), is_conf || is_flask_config(object)) else { return };
                let values = flow::value_of(evaluator, statement, value);
                if key.as_str().eq_ignore_ascii_case("celery") && !is_conf {
                    let dictionary = self.found.new_dictionary();
                    self.dictionary(&values, conditions, &dictionary, false, evaluator);
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
        if last == "Celery" {
            self.found.apps.push(function.at.clone());
            let namespace = namespace_of(arguments, 16, evaluator);
            if !matches!(namespace, Namespace::Absent) {
                self.found.namespaces.push((function.at.clone(), namespace));
            }
            self.app_arguments(arguments, statement, evaluator);
        } else if last == "setup_security" {
            self.found.signed_at.push(function.at.clone());
        } else if name == "setattr" && arguments.first().is_some_and(|object| self.is_configuration(&object.value)) {
            match &arguments[..] {
                [_, name, value] if name.value.string().is_some() => {
                    let values = flow::value_of(evaluator, statement, &value.value);
                    let Some(name) = name.value.string() else { return };
                    self.conf(name, values, conditions, Some(&value.value.at), evaluator);
                }
                _ => self.found.open_at.push(node.at.clone()),
            }
        } else if let Expression::Attribute { object, name: method } = &function.is {
            let updates = matches!(method.as_str(), "update" | "from_mapping" | "setdefault" | "add_defaults");
            let is_conf = self.is_configuration(object)
                || (method.as_str() == "add_defaults" && arguments.iter().all(|it| it.name.is_none()));
            if updates && (is_conf || is_flask_config(object)) {
                let holder = if is_conf { Holder::Conf } else { Holder::FlaskConfig };
                self.updated(arguments, statement, method.as_str(), &holder, evaluator);
            } else if method.as_str() == "config_from_object" {
                let namespace = namespace_of(arguments, 3, evaluator);
                if let Some(argument) =
                    arguments.iter().find(|it| it.name.as_ref().is_none_or(|it| it.as_str() == "obj"))
                {
                    self.configured(&argument.value, namespace, statement, evaluator);
                }
            } else if method.as_str() == "config_from_envvar" {
                self.configured_by_variable(node, arguments, statement, evaluator);
            } else if method.as_str() == "config_from_cmdline" {
                self.found.open_at.push(node.at.clone());
            } else if method.as_str() == "add_periodic_task" {
                self.periodic_task(arguments, statement, evaluator);
            }
            // Celery(…).conf.update(…) and the like: look inside the callee as well.
            self.calls_in(object, statement, evaluator);
        }
    }

    /// `app.add_periodic_task(crontab(…), task.s())` (celery/app/base.py, add_periodic_task).
    fn periodic_task(&mut self, arguments: &[Argument], statement: &Statement, evaluator: &Evaluator<'_>) {
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

    /// What `config_from_object(…)` or `config_source=` is given.
    fn configured(&mut self, value: &Node, namespace: Namespace, statement: &Statement, evaluator: &Evaluator<'_>) {
        let is_conditional = !statement.conditions.is_empty();
        let mut add = |at: &Text, what: What| {
            self.found.configured.push(ConfiguredFrom {
                at: at.clone(),
                what,
                namespace: namespace.clone(),
                is_conditional,
            });
        };
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
        let values = evaluator.evaluate(value);
        for alternative in &values {
            match &alternative.known.value {
                Value::Text(template) if template.holes.is_empty() => {
                    // The place of the whole argument, so that something can be written behind it.
                    add(&value.at, What::Dotted(template.as_str().to_owned()));
                }
                Value::Call { function, .. } => {
                    if let Some(class) = evaluator.classes.get(function) {
                        add(&value.at, What::Class(class.file, class.name.clone()));
                    }
                }
                _ => {}
            }
        }
        let is_named = |it: &Alternative| match &it.known.value {
            Value::Text(template) => template.holes.is_empty(),
            Value::Call { function, .. } => evaluator.classes.contains_key(function),
            _ => false,
        };
        let others: Vec<Alternative> = values.into_iter().filter(|it| !is_named(it)).collect();
        if !others.is_empty() {
            let dictionary = self.found.new_dictionary();
            if holds_dictionary(&others) {
                let group = self.found.group(&dictionary);
                let what = What::Group(group);
                self.found.configured.push(ConfiguredFrom { at: value.at.clone(), what, namespace, is_conditional });
            }
            self.dictionary(&others, &statement.conditions, &dictionary, true, evaluator);
        }
    }

    fn configured_by_variable(
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
    fn app_arguments(&mut self, arguments: &[Argument], statement: &Statement, evaluator: &Evaluator<'_>) {
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

    /// `conf.update({…})`, `conf.update(result_backend=…, **more)`, `conf.setdefault("name", value)`.
    fn updated(
        &mut self,
        arguments: &[Argument],
        statement: &Statement,
        method: &str,
        holder: &Holder,
        evaluator: &Evaluator<'_>,
    ) {
        let conditions = &statement.conditions;
        let source = Source::Python;
        let is_certain = *holder == Holder::Conf;
        if let ("setdefault", [name, value]) = (method, arguments)
            && let Some(name) = name.value.string()
        {
            let values = flow::value_of(evaluator, statement, &value.value);
            let expression = Some(&value.value.at);
            self.set(Set { holder, source, name, values, conditions, expression, is_certain }, evaluator);
            return;
        }
        for argument in arguments {
            let values = flow::value_of(evaluator, statement, &argument.value);
            match &argument.name {
                Some(name) if name.as_str().eq_ignore_ascii_case("celery") => {
                    let dictionary = self.found.new_dictionary();
                    self.dictionary(&values, conditions, &dictionary, false, evaluator);
                }
                Some(name) => {
                    let expression = Some(&argument.value.at);
                    self.set(Set { holder, source, name, values, conditions, expression, is_certain }, evaluator);
                }
                None => self.dictionary(&values, conditions, holder, true, evaluator),
            }
        }
    }

    /// The settings in a dictionary; `whole` if everything in it is certainly meant for Celery.
    fn dictionary(
        &mut self,
        values: &[Alternative],
        conditions: &[Condition],
        holder: &Holder,
        whole: bool,
        evaluator: &Evaluator<'_>,
    ) {
        for alternative in values {
            let Value::Dict(entries) = &alternative.known.value else {
                if whole {
                    self.found.open_at.push(alternative.known.at.clone());
                }
                continue;
            };
            for (key, value) in entries {
                let Some(name) = key.whole_text() else {
                    self.found.open_at.push(key.at.clone());
                    continue;
                };
                let values = vec![Alternative { known: value.clone(), conditions: alternative.conditions.clone() }];
                let (source, is_certain) = (Source::Python, whole && *holder != Holder::FlaskConfig);
                let set = Set { holder, source, name, values, conditions, expression: None, is_certain };
                self.set(set, evaluator);
            }
        }
    }

    fn conf(
        &mut self,
        name: &Text,
        values: Vec<Alternative>,
        conditions: &[Condition],
        expression: Option<&Text>,
        evaluator: &Evaluator<'_>,
    ) {
        let (holder, source) = (&Holder::Conf, Source::Python);
        self.set(Set { holder, source, name, values, conditions, expression, is_certain: true }, evaluator);
    }

    fn style(&self, name: &str, evaluator: &Evaluator<'_>) -> (Style, Option<&'static str>) {
        Style::of(name, evaluator.modules.map_or(&[], |(modules, _)| modules.namespaces()))
    }

    fn set(&mut self, set: Set<'_>, evaluator: &Evaluator<'_>) {
        // Nobody configures an app in so many places; what is beyond is not shown.
        if self.found.groups.len() > MOST_GROUPS || self.found.written.len() > MOST_SETTINGS {
            if self.found.open_at.len() < MOST_GROUPS {
                self.found.open_at.push(set.name.clone());
            }
            return;
        }
        let (style, means) = self.style(set.name.as_str(), evaluator);
        let alternatives = under(set.conditions, set.values);
        if means.is_some() || set.is_certain || looks_like_setting(set.name.as_str()) {
            let group = self.found.group(set.holder);
            self.found.written.push(Written {
                name: set.name.clone(),
                means,
                style,
                place: match set.holder {
                    Holder::Module => Place::Module,
                    Holder::Class(..) => Place::Class,
                    Holder::Conf => Place::Conf,
                    Holder::FlaskConfig => Place::FlaskConfig,
                    Holder::Argument => Place::Argument,
                    Holder::Dictionary(_) => Place::Dictionary,
                },
                group,
                conditions: set.conditions.to_vec(),
                values: alternatives.clone(),
                read_by: None,
                in_django: false,
            });
        }
        let Some(name) = means else { return };
        let (written, source, expression) = (set.name.clone(), set.source, set.expression.cloned());
        let setting = Setting { name, written, source, alternatives, expression };
        let held = Held { holder: set.holder.clone(), setting };
        self.replace(&held, set.conditions);
        self.found.settings.push(held);
    }

    /// A later assignment in the same straight line replaces an earlier one; one in a branch leaves it the other branch.
    fn replace(&mut self, new: &Held, conditions: &[Condition]) {
        let style = |held: &Held| is_namespaced(held.setting.written.as_str());
        let same = |held: &Held| {
            held.setting.name == new.setting.name && held.holder == new.holder && style(held) == style(new)
        };
        match conditions {
            [] => self.found.settings.retain(|held| !same(held)),
            [only] if self.found.settings.iter().filter(|held| same(held)).count() <= MOST_BRANCHES => {
                let contrary = Condition { holds: !only.holds, ..only.clone() };
                for held in self.found.settings.iter_mut().filter(|held| same(held)) {
                    for alternative in &mut held.setting.alternatives {
                        alternative.conditions.push(contrary.clone());
                    }
                    held.setting.alternatives.retain(|it| super::evaluate::is_possible(&it.conditions));
                }
                self.found.settings.retain(|held| !held.setting.alternatives.is_empty());
            }
            _ => {}
        }
    }
}

/// Classes that give the same settings are alternatives: the app is configured from one of them.
fn choose_class(found: &mut PythonSettings, evaluator: &Evaluator<'_>) {
    let mut classes: Vec<Holder> = Vec::new();
    for held in &found.settings {
        if matches!(held.holder, Holder::Class(..)) && !classes.contains(&held.holder) {
            classes.push(held.holder.clone());
        }
    }
    for held in &mut found.settings {
        let Holder::Class(_, class) = &held.holder else { continue };
        // A class that is called after tests is for them, and a lone base is meant to be overruled.
        let name = class.to_ascii_lowercase();
        let is_any = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let is = match () {
            () if is_any(&["test", "dev", "local"]) => ConditionKind::Class,
            () if classes.len() == 1 && is_any(&["base", "default", "common"]) => ConditionKind::Set,
            () => continue,
        };
        let condition = Condition { test: Text::pointing_at(&held.setting.written, class), is, holds: true };
        for alternative in &mut held.setting.alternatives {
            alternative.conditions.push(condition.clone());
        }
    }
    if classes.len() < 2 {
        return;
    }
    let is_inherited = |holder: &&Holder| {
        let Holder::Class(file, name) = holder else { return false };
        let is_it = |base: &Base| matches!(base, Base::Shown(class) if class.file == *file && class.name == *name);
        evaluator.classes.values().any(|class| class.bases.iter().any(is_it))
    };
    let chosen: Vec<&Holder> = classes.iter().filter(|class| !is_inherited(class)).collect();
    let shares = |class: &Holder| {
        let of = |class: &Holder| -> Vec<&str> {
            found.settings.iter().filter(|held| held.holder == *class).map(|held| held.setting.name).collect()
        };
        let own = of(class);
        chosen.iter().any(|other| *other != class && of(other).iter().any(|name| own.contains(name)))
    };
    let alternatives: Vec<Holder> =
        chosen.iter().filter(|class| chosen.len() > 1 || shares(class)).map(|class| (*class).clone()).collect();
    for held in &mut found.settings {
        let Holder::Class(_, class) = &held.holder else { continue };
        // What a base class says holds unless the chosen class says something else.
        let is_overruled = !alternatives.contains(&held.holder);
        if is_overruled && alternatives.len() < 2 {
            continue;
        }
        let test = Text::pointing_at(&held.setting.written, class);
        let kind = if is_overruled { ConditionKind::Set } else { ConditionKind::Class };
        for alternative in &mut held.setting.alternatives {
            alternative.conditions.push(Condition { test: test.clone(), is: kind, holds: true });
        }
    }
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

fn under(conditions: &[Condition], values: Vec<Alternative>) -> Vec<Alternative> {
    let over = |value: Alternative| Alternative {
        known: value.known,
        conditions: conditions.iter().cloned().chain(value.conditions).collect(),
    };
    values.into_iter().map(over).collect()
}

/// Whether a name would be taken for Celery's by a reader: its first word is one that only Celery's settings have.
fn looks_like_setting(name: &str) -> bool {
    const FIRST: [&str; 13] = [
        "CELERY_",
        "CELERYD_",
        "CELERYBEAT_",
        "BROKER_",
        "celery_",
        "task_",
        "worker_",
        "beat_",
        "broker_",
        "result_",
        "redis_backend_",
        "database_",
        "visibility_timeout",
    ];
    FIRST.iter().any(|first| name.starts_with(first)) || celery::dead_setting(name).is_some()
}

/// Flask's `app.config`.
fn is_flask_config(node: &Node) -> bool {
    matches!(&node.is, Expression::Attribute { name, .. } if name.as_str() == "config")
}

/// The namespace that a call gives, as a keyword or at its place.
fn namespace_of(arguments: &[Argument], place: usize, evaluator: &Evaluator<'_>) -> Namespace {
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

/// Whether a file sets what only Django's settings have.
pub(in crate::facts) fn sets_only_django(document: &PythonDocument) -> bool {
    document.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Assign { target: Node { is: Expression::Name(name), .. }, .. } => {
            statement.inside.is_empty() && ONLY_DJANGO.contains(&name.as_str())
        }
        _ => false,
    })
}

/// Namespaces that a file names, besides `CELERY`.
pub(super) fn namespaces(document: &PythonDocument) -> Vec<String> {
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
