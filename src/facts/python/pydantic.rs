//! Fields of pydantic's `BaseSettings`: which variable fills them, what stands there otherwise, and what the type
//! makes of it. Where validators, other sources or types of the project's own have a say, that is not followed.
//!
//! Tried with pydantic 1.10 and with pydantic-settings 2.16.

use super::classes::{Line, last, one};
use super::env_readers::{Cast, converted};
use super::evaluate::{Alternative, Evaluator};
use crate::facts::value::{Called, Known, PYDANTIC_URL as URL, Template, Value, Why};
use crate::read::python::{Argument, BinaryOperator, Condition, ConditionKind, Expression, Node};
use crate::text::Text;

/// What the annotation of a field makes of a value.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain(Cast),
    /// A URL, and whether missing parts of a Redis address are added.
    Url {
        redis: bool,
    },
    /// A list or a dictionary, which a variable gives in JSON.
    Container,
    /// `ClassVar[…]`: no field.
    OfClass,
    /// No annotation.
    Free,
    Other,
}

impl Evaluator<'_> {
    /// A field that pydantic fills: the variable of its name wins over the default.
    pub(super) fn filled(&self, line: &Line, field: &str, default: &[Alternative], at: &Text) -> Vec<Alternative> {
        let annotation = line.declaration(field);
        let kind = annotation.map_or(Kind::Free, kind_of);
        if kind == Kind::OfClass || field.starts_with('_') {
            return default.to_vec();
        }
        let unknown = |why| vec![one(Known::unknown(why, at))];
        if line.has("settings_customise_sources") || line.has("Config.customise_sources") || line.has("Config.fields") {
            return unknown(Why::Other);
        }
        let (mut named, mut defaults) = (Vec::new(), Vec::new());
        for alternative in default {
            let Value::Call { function, arguments, .. } = &alternative.known.value else {
                defaults.push(alternative.clone());
                continue;
            };
            if function != "Field" {
                defaults.push(one(Known::unknown(Why::Call(function.clone()), at)));
                continue;
            }
            named.extend(arguments.iter().filter_map(|(name, value)| Some((name.as_deref()?, value.clone()))));
            let first = arguments.iter().find(|(name, _)| matches!(name.as_deref(), None | Some("default")));
            match first.map(|(_, value)| value) {
                Some(value) if !matches!(&value.value, Value::Unknown(Why::Other)) => {
                    defaults.push(Alternative { known: value.clone(), conditions: alternative.conditions.clone() });
                }
                _ if named.iter().any(|(name, _)| *name == "default_factory") => {
                    defaults.push(one(Known::unknown(Why::Other, at)));
                }
                _ => {}
            }
        }
        named.extend(annotation.into_iter().flat_map(in_annotation));
        let Some(variables) = self.variables_of(line, field, &named, at) else { return unknown(Why::Other) };
        let kind = match (kind, defaults.first().map(|it| &it.known.value)) {
            (Kind::Free, Some(Value::Integer(_))) => Kind::Plain(Cast::Integer),
            (Kind::Free, Some(Value::Float(_))) => Kind::Plain(Cast::Float),
            (Kind::Free, Some(Value::Boolean(_))) => Kind::Plain(Cast::Boolean),
            (Kind::Free, Some(Value::Text(_))) => Kind::Plain(Cast::Text),
            (kind, _) => kind,
        };
        let is_object = is_url_object(line, field);
        let mut found = Vec::new();
        let condition = |holds| Condition { test: at.clone(), is: ConditionKind::Set, holds };
        let given = variables.iter().find_map(|name| Some((name, self.variable(name, at)?)));
        let empty_is_unset = line.classes.iter().any(|class| class.setting("env_ignore_empty").is_some());
        match given {
            Some((_, known)) if empty_is_unset && known.whole_text().is_none_or(|text| text.is_empty()) => {
                return unknown(Why::Other);
            }
            Some((name, known)) => {
                let known = fit(&known, kind, true, at);
                if variables.first() == Some(name) {
                    found.push(one(known));
                } else {
                    // A name that comes first may be set where that is not shown.
                    found.push(Alternative { known, conditions: vec![condition(true)] });
                    found.push(one(Known::unknown(Why::Other, at)));
                }
            }
            None => {
                let name = variables.first().cloned().unwrap_or_default();
                let not_shown = Known::unknown(Why::Environment { name, none_if_unset: false }, at);
                let conditions = if defaults.is_empty() { Vec::new() } else { vec![condition(true)] };
                found.push(Alternative { known: not_shown, conditions });
                found.extend(defaults.into_iter().map(|mut alternative| {
                    alternative.known = fit(&alternative.known, kind, false, at);
                    alternative.conditions.push(condition(false));
                    alternative
                }));
            }
        }
        let is_validated = |name: &String| name == "*" || name == field;
        if line.has("model_post_init") || line.classes.iter().any(|class| class.validated.iter().any(is_validated)) {
            // What a validator makes of it is not followed.
            for alternative in &mut found {
                alternative.conditions.push(Condition { test: at.slice(0..0), ..condition(true) });
            }
            found.push(one(Known::unknown(Why::Other, at)));
        } else if is_object {
            for alternative in found.iter_mut().filter(|it| !matches!(it.known.value, Value::None)) {
                alternative.known = url_object(alternative.known.clone(), at);
            }
        }
        found
    }

    /// The variables that may fill a field, the strongest first; `None` if they cannot be known.
    fn variables_of(&self, line: &Line, field: &str, named: &[(&str, Known)], at: &Text) -> Option<Vec<String>> {
        let setting = |name: &str| line.classes.iter().find_map(|class| class.setting(name));
        let is_changed = ["alias_generator", "env_prefix_target", "str_strip_whitespace", "env_parse_none_str"];
        if line.classes.iter().any(|class| class.is_unclear()) || is_changed.iter().any(|name| setting(name).is_some())
        {
            return None;
        }
        let base = line.elsewhere.iter().find(|name| last(name) == "BaseSettings")?;
        // From pydantic 2 on `env=` is not read any more, and before it aliases were not.
        let names: &[&str] = match base.split('.').next() {
            Some("pydantic") => &["env"],
            Some("pydantic_settings") => &["validation_alias", "alias"],
            _ if named.is_empty() => &[],
            _ => &["env", "validation_alias", "alias"],
        };
        let given = names.iter().find_map(|name| named.iter().find(|(known, _)| known == name));
        let prefix = match setting("env_prefix") {
            Some(prefix) => prefix.whole_text()?.as_str().to_owned(),
            None => String::new(),
        };
        let written = match given.map(|(_, value)| &value.value) {
            None => vec![format!("{prefix}{field}")],
            Some(Value::Text(name)) => vec![name.whole()?.as_str().to_owned()],
            Some(Value::List(choices)) => texts(choices.iter())?,
            Some(Value::Call { function, arguments, .. }) if function == "AliasChoices" => {
                texts(arguments.iter().map(|(_, choice)| choice))?
            }
            Some(_) => return None,
        };
        match setting("case_sensitive").map(|it| &it.value) {
            Some(Value::Boolean(true)) => Some(written),
            None | Some(Value::Boolean(false)) => {
                // Upper case is what people write.
                let spelled = |name: String| {
                    let upper = name.to_ascii_uppercase();
                    let is_set = |name: &String| self.variable(name, at).is_some();
                    [upper.clone(), name.to_ascii_lowercase(), name].into_iter().find(is_set).unwrap_or(upper)
                };
                Some(written.into_iter().map(spelled).collect())
            }
            Some(_) => None,
        }
    }
}

fn texts<'a>(known: impl Iterator<Item = &'a Known>) -> Option<Vec<String>> {
    known.map(|known| Some(known.whole_text()?.as_str().to_owned())).collect()
}

/// The keywords of `Annotated[…, Field(…)]` that are written out.
fn in_annotation(annotation: &Node) -> Vec<(&str, Known)> {
    let Expression::Subscript { object, index } = &annotation.is else { return Vec::new() };
    let Expression::Tuple(items) = &index.is else { return Vec::new() };
    let is_annotated = object.dotted().is_some_and(|name| last(&name) == "Annotated");
    let fields = items.iter().filter(|_| is_annotated).filter_map(field_call);
    let known = |value: &Node| Known {
        value: match value.string() {
            Some(text) => Value::Text(Template::plain(text.clone())),
            None => Value::Unknown(Why::Other),
        },
        at: value.at.clone(),
    };
    fields.flatten().filter_map(|it| Some((it.name.as_ref()?.as_str(), known(&it.value)))).collect()
}

fn field_call(node: &Node) -> Option<&[Argument]> {
    match &node.is {
        Expression::Call { function, arguments } if function.dotted().is_some_and(|name| last(&name) == "Field") => {
            Some(arguments)
        }
        _ => None,
    }
}

fn kind_of(annotation: &Node) -> Kind {
    match &annotation.is {
        Expression::Subscript { object, index } => match (last(&object.dotted().unwrap_or_default()), &index.is) {
            ("Optional" | "Final", _) => kind_of(index),
            ("ClassVar", _) => Kind::OfClass,
            ("Annotated", Expression::Tuple(items)) => match items.split_first() {
                Some((first, others)) if others.iter().all(|it| field_call(it).is_some()) => kind_of(first),
                _ => Kind::Other,
            },
            ("Literal", Expression::Tuple(items)) if items.iter().all(|it| it.string().is_some()) => {
                Kind::Plain(Cast::Text)
            }
            ("list" | "List" | "dict" | "Dict" | "Sequence" | "Mapping", _) => Kind::Container,
            _ => Kind::Other,
        },
        Expression::Binary { left, operator: BinaryOperator::BitOr, right } => match (&left.is, &right.is) {
            (_, Expression::None) => kind_of(left),
            (Expression::None, _) => kind_of(right),
            _ => Kind::Other,
        },
        _ => match last(&annotation.dotted().unwrap_or_default()) {
            "str" => Kind::Plain(Cast::Text),
            "int" | "PositiveInt" | "NonNegativeInt" => Kind::Plain(Cast::Integer),
            "float" => Kind::Plain(Cast::Float),
            "bool" => Kind::Plain(Cast::Boolean),
            "list" | "dict" => Kind::Container,
            "ClassVar" => Kind::OfClass,
            "AmqpDsn" | "AnyUrl" => Kind::Url { redis: false },
            "RedisDsn" => Kind::Url { redis: true },
            _ => Kind::Other,
        },
    }
}

/// A value as the type of its field takes it.
fn fit(known: &Known, kind: Kind, from_variable: bool, at: &Text) -> Known {
    let unknown = || Known::unknown(Why::Other, at);
    match (kind, &known.value) {
        (_, Value::Unknown(_)) | (_, Value::None) => known.clone(),
        (Kind::Plain(Cast::Text), Value::Text(_)) => known.clone(),
        (Kind::Plain(Cast::Text), _) => unknown(),
        (Kind::Plain(cast), _) => converted(known, &cast, at),
        (Kind::Url { redis }, Value::Text(template)) => match template.whole() {
            Some(text) => url(text, redis)
                .map_or_else(unknown, |text| Known { value: Value::Text(Template::plain(text)), at: known.at.clone() }),
            None => unknown(),
        },
        (Kind::Container, Value::List(_) | Value::Dict(_)) => known.clone(),
        (Kind::Free, _) if !from_variable => known.clone(),
        _ => unknown(),
    }
}

/// Whether a field keeps an address: since pydantic 2 that is an object of its own, no text.
pub(super) fn is_url_object(line: &Line, field: &str) -> bool {
    line.declaration(field).is_some_and(|it| matches!(kind_of(it), Kind::Url { .. }))
        && line.elsewhere.iter().any(|name| name == "pydantic_settings.BaseSettings")
}

pub(super) fn url_object(text: Known, at: &Text) -> Known {
    let called = Called {
        full_name: URL.to_owned(),
        at: at.clone(),
        keywords: vec![None],
        unpacks: false,
        may_be_another: false,
    };
    let value = Value::Call { function: URL.to_owned(), arguments: vec![(None, text)], called };
    Known { value, at: at.clone() }
}

/// What `str()` makes of an address that pydantic 2 keeps.
pub(super) fn text_of_url(known: &Known) -> Option<&Known> {
    match &known.value {
        Value::Call { function, arguments, .. } if function == URL => arguments.first().map(|(_, text)| text),
        _ => None,
    }
}

/// A URL as pydantic keeps it: of Redis it adds the port and the database.
fn url(text: &Text, redis: bool) -> Option<Text> {
    let (scheme, rest) = text.as_str().split_once("://")?;
    let (server, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = server.rsplit('@').next().unwrap_or(server);
    // Those of the web are put in order in more ways.
    let is_plain = text.as_str().bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}[]".contains(&byte));
    if host.is_empty() || scheme.starts_with("http") || !is_plain || rest.contains("/.") {
        return None;
    }
    if !redis || (host.contains(':') && path.starts_with('/') && path.len() > 1) {
        return Some(text.clone());
    }
    // Of numbers, and of an empty path, the versions make different things.
    if host.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let port = if host.contains(':') { "" } else { ":6379" };
    match path {
        "" => Some(Text::pointing_at(text, &format!("{scheme}://{server}{port}/0"))),
        path if path.starts_with('/') && path.len() > 1 => {
            Some(Text::pointing_at(text, &format!("{scheme}://{server}{port}{path}")))
        }
        _ => None,
    }
}
