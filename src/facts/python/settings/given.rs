//! A name that is given a value: whether it is a setting, what it replaces, and dictionaries full of them.

use super::held::{Held, Holder};
use super::{Gatherer, MOST_GROUPS, MOST_SETTINGS};
use crate::facts::python::flask::is_config;
use crate::facts::python::{Alternative, Evaluator, flask, flow, is_possible};
use crate::facts::settings::{Setting, Source, behind_misspelt_celery, behind_misspelt_group, is_namespaced};
use crate::facts::value::Value;
use crate::facts::written::{Place, Style, Written};
use crate::knowledge::celery;
use crate::read::python::{Argument, Condition, ConditionKind, Statement};
use crate::text::Text;

/// More branches than these that set one name are not held against each other.
const MOST_BRANCHES: usize = 8;

/// A name that gets a value.
pub(super) struct Set<'a> {
    pub(super) holder: &'a Holder,
    pub(super) source: Source,
    pub(super) name: &'a Text,
    pub(super) values: Vec<Alternative>,
    pub(super) conditions: &'a [Condition],
    pub(super) expression: Option<&'a Text>,
    /// Whether everything that is set here is meant for Celery.
    pub(super) is_certain: bool,
}

impl Gatherer {
    /// `conf.update({…})`, `conf.update(result_backend=…, **more)`, `conf.setdefault("name", value)`.
    pub(super) fn updated(
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
                    self.kept_by_flask(&values, conditions, evaluator);
                }
                Some(name) => {
                    let expression = Some(&argument.value.at);
                    self.set(Set { holder, source, name, values, conditions, expression, is_certain }, evaluator);
                }
                // What stands there was seen where it was put; what else does is not Celery's.
                None if is_config(&argument.value) => self.found.open_at.push(argument.value.at.clone()),
                None => self.dictionary(&values, conditions, holder, true, evaluator),
            }
        }
    }

    /// `app.config["CELERY"] = {…}` of Flask.
    pub(super) fn kept_by_flask(
        &mut self,
        values: &[Alternative],
        conditions: &[Condition],
        evaluator: &Evaluator<'_>,
    ) {
        let dictionary = self.found.new_dictionary();
        self.dictionary(values, conditions, &dictionary, false, evaluator);
        self.of_flask = Some(dictionary);
    }

    /// `app.config.from_prefixed_env()`: FLASK_CELERY__broker_url.
    pub(super) fn prefixed_for_flask(
        &mut self,
        arguments: &[Argument],
        statement: &Statement,
        evaluator: &Evaluator<'_>,
    ) {
        for (path, known) in flask::prefixed(evaluator, arguments).unwrap_or_default() {
            let (holder, name) = match (&path[..], &self.of_flask) {
                ([celery, name], Some(holder)) if celery.as_str() == "CELERY" => (holder.clone(), name),
                ([name], _) => (Holder::FlaskConfig, name),
                _ => continue,
            };
            let values = vec![Alternative { known, conditions: Vec::new() }];
            let (holder, source, conditions) = (&holder, Source::Python, &statement.conditions);
            self.set(Set { holder, source, name, values, conditions, expression: None, is_certain: false }, evaluator);
        }
    }

    /// The settings in a dictionary; `whole` if everything in it is certainly meant for Celery.
    pub(super) fn dictionary(
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
                let values = under(&alternative.conditions, value.clone().each());
                let (source, is_certain) = (Source::Python, whole && *holder != Holder::FlaskConfig);
                let set = Set { holder, source, name, values, conditions, expression: None, is_certain };
                self.set(set, evaluator);
            }
        }
    }

    pub(super) fn conf(
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

    pub(super) fn style(&self, name: &str, evaluator: &Evaluator<'_>) -> (Style, Option<&'static str>) {
        Style::of(name, evaluator.modules.map_or(&[], |(modules, _)| modules.namespaces()))
    }

    pub(super) fn set(&mut self, set: Set<'_>, evaluator: &Evaluator<'_>) {
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
        let mut held = Held { holder: set.holder.clone(), setting };
        self.replace(&mut held, set.conditions);
        self.found.settings.push(held);
    }

    /// A later assignment in the same straight line replaces an earlier one; one in a branch leaves it the other branch.
    ///
    /// What another function sets may come before or after, or never.
    pub(super) fn replace(&mut self, new: &mut Held, conditions: &[Condition]) {
        let style = |held: &Held| is_namespaced(held.setting.written.as_str());
        if !self.function.is_empty() {
            self.set_in.insert(new.setting.written.span(), self.function.clone());
        }
        let test = Condition { test: new.setting.written.clone(), is: ConditionKind::Set, holds: true };
        let mut is_elsewhere = false;
        for held in &mut self.found.settings {
            let is_same =
                held.setting.name == new.setting.name && held.holder == new.holder && style(held) == style(new);
            let place = self.set_in.get(&held.setting.written.span()).map_or("", String::as_str);
            if is_same && place != self.function {
                is_elsewhere = true;
                held.setting.alternatives.iter_mut().for_each(|it| it.conditions.push(test.clone()));
            }
        }
        if is_elsewhere {
            new.setting.alternatives.iter_mut().for_each(|it| it.conditions.push(test.clone()));
        }
        let (function, set_in, new) = (&self.function, &self.set_in, &*new);
        let same = |held: &Held| {
            held.setting.name == new.setting.name
                && held.holder == new.holder
                && style(held) == style(new)
                && set_in.get(&held.setting.written.span()).map_or("", String::as_str) == function
        };
        match conditions {
            [] => self.found.settings.retain(|held| !same(held)),
            [only] if self.found.settings.iter().filter(|held| same(held)).count() <= MOST_BRANCHES => {
                let contrary = Condition { holds: !only.holds, ..only.clone() };
                for held in self.found.settings.iter_mut().filter(|held| same(held)) {
                    for alternative in &mut held.setting.alternatives {
                        alternative.conditions.push(contrary.clone());
                    }
                    held.setting.alternatives.retain(|it| is_possible(&it.conditions));
                }
                self.found.settings.retain(|held| !held.setting.alternatives.is_empty());
            }
            _ => {}
        }
    }
}

pub(super) fn under(conditions: &[Condition], values: Vec<Alternative>) -> Vec<Alternative> {
    let over = |value: Alternative| Alternative {
        conditions: conditions.iter().cloned().chain(value.conditions).collect(),
        known: value.known,
    };
    let mut all: Vec<Alternative> = values.into_iter().map(over).collect();
    if all.iter().any(|it| is_possible(&it.conditions)) {
        all.retain(|it| is_possible(&it.conditions));
    }
    all
}

/// Whether a name would be taken for Celery's by a reader: its first word is one that only Celery's settings have.
pub(super) fn looks_like_setting(name: &str) -> bool {
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
    // `RESULT_BACKEND`, which Celery reads in lower case alone.
    let is_upper = || name.contains('_') && name == name.to_ascii_uppercase();
    FIRST.iter().any(|first| name.starts_with(first))
        || behind_misspelt_celery(name).is_some()
        || behind_misspelt_group(name).is_some()
        || celery::dead_setting(name).is_some()
        || (is_upper() && celery::setting(&name.to_ascii_lowercase()).is_some())
}
