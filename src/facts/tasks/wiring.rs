//! How an app is wired to what is around it: where it is made and configured, and which modules it finds tasks in.

use super::gather::Reader;
use super::walk::walk;
use super::{Autodiscover, Packages};
use crate::facts::python::flask::is_config;
use crate::read::python::{Argument, Expression, Node};
use crate::text::Text;

impl Reader<'_> {
    pub(super) fn wiring(&mut self, node: &Node) {
        let wiring = &mut self.file.wiring;
        if node.string().is_some_and(|text| text.as_str() == "DJANGO_SETTINGS_MODULE") {
            wiring.names_settings_module = true;
        }
        let Expression::Call { function, arguments } = &node.is else { return };
        if self.names.is_celerys(function, "Celery") {
            wiring.apps.push(function.at.clone());
            for argument in arguments {
                let setting = match argument.name.as_ref().map(Text::as_str) {
                    Some("broker" | "broker_url") => "broker_url",
                    Some("backend" | "result_backend") => "result_backend",
                    _ => continue,
                };
                wiring.addresses.extend(argument.value.string().map(|text| (setting, text.clone())));
            }
        }
        let Expression::Attribute { object, name } = &function.is else { return };
        match name.as_str() {
            "update" if object.dotted().is_some_and(|it| it.ends_with(".conf")) => {
                wiring.takes_flask_config |= is_handed_whole(arguments.first());
            }
            "config_from_object" => {
                // A namespace makes it read other names.
                let names_namespace =
                    arguments.iter().any(|it| it.name.as_ref().is_some_and(|it| it.as_str() == "namespace"));
                wiring.takes_flask_config |= !names_namespace && is_handed_whole(arguments.first());
                wiring.takes_flask_mapping |= matches!(&arguments[..], [only] if is_flask_mapping(&only.value));
                let source = arguments.first().and_then(|argument| argument.value.string());
                wiring.configured_from.extend(source.cloned());
                if let Some(source) = source.filter(|source| source.as_str().starts_with("django.conf")) {
                    wiring.configured_from_django = Some(source.clone());
                }
            }
            "autodiscover_tasks" => {
                let all_apps = match &arguments[..] {
                    [only] if only.name.is_none() => match &only.value.is {
                        Expression::Later(body) if is_installed_apps(body) => Some(only.value.at.clone()),
                        _ => None,
                    },
                    _ => None,
                };
                let one_string = arguments
                    .first()
                    .filter(|it| it.name.as_ref().is_none_or(|name| name.as_str() == "packages"))
                    .and_then(|it| it.value.string())
                    .cloned();
                let (packages, related) = where_to_look(arguments);
                wiring.autodiscovers.push(Autodiscover {
                    at: node.at.clone(),
                    all_apps,
                    one_string,
                    packages,
                    related,
                });
            }
            "setdefault" => {
                if let [variable, module] = &arguments[..]
                    && variable.value.string().is_some_and(|text| text.as_str() == "DJANGO_SETTINGS_MODULE")
                {
                    wiring.settings_modules.extend(module.value.string().cloned());
                }
            }
            "configure" if object.dotted().is_some_and(|name| name.ends_with("settings")) => {
                wiring.configures_django = true;
            }
            _ => {}
        }
    }

    pub(super) fn installed_apps(&mut self, target: &Node, value: &Node) {
        if matches!(&target.is, Expression::Name(name) if name == "TIME_ZONE") {
            self.file.wiring.time_zone = value.string().cloned();
        }
        if !matches!(&target.is, Expression::Name(name) if name.ends_with("_APPS")) {
            return;
        }
        let mut found: Vec<Text> = Vec::new();
        walk(value, false, &mut |node, _| found.extend(node.string().cloned()));
        self.file.wiring.installed_apps.extend(found);
    }
}

/// The packages and the module that `autodiscover_tasks(packages, related_name)` names.
fn where_to_look(arguments: &[Argument]) -> (Packages, Option<String>) {
    let named = |wanted: &str, position: usize| {
        let by_name = arguments.iter().find(|it| it.name.as_ref().is_some_and(|name| name.as_str() == wanted));
        by_name.or_else(|| arguments.get(position).filter(|it| it.name.is_none())).map(|it| &it.value)
    };
    if arguments.iter().any(|argument| argument.unpacked) {
        return (Packages::Unknown, None);
    }
    let packages = match named("packages", 0).map(|it| &it.is) {
        None | Some(Expression::None) => Packages::OfDjango,
        Some(Expression::Later(body)) if is_installed_apps(body) => Packages::OfDjango,
        Some(Expression::Attribute { name, .. }) if name.as_str() == "INSTALLED_APPS" => Packages::OfDjango,
        Some(Expression::List(items) | Expression::Tuple(items)) => {
            let texts: Option<Vec<Text>> = items.iter().map(|item| item.string().cloned()).collect();
            texts.map_or(Packages::Unknown, Packages::Listed)
        }
        Some(_) => Packages::Unknown,
    };
    let related = match named("related_name", 1) {
        None => Some("tasks".to_owned()),
        Some(node) => node.string().map(|text| text.as_str().to_owned()),
    };
    (packages, related)
}

/// The `app.config` of a name, and of nothing that a call makes.
fn is_dotted_config(node: &Node) -> bool {
    is_config(node) && node.dotted().is_some()
}

/// `app.config`, handed over whole.
fn is_handed_whole(argument: Option<&Argument>) -> bool {
    argument.is_some_and(|it| it.name.is_none() && is_dotted_config(&it.value))
}

/// `app.config["CELERY"]`
fn is_flask_mapping(node: &Node) -> bool {
    let Expression::Subscript { object, index } = &node.is else { return false };
    is_dotted_config(object) && index.string().is_some_and(|key| key.as_str() == "CELERY")
}

fn is_installed_apps(node: &Node) -> bool {
    matches!(&node.is, Expression::Attribute { name, .. } if name.as_str() == "INSTALLED_APPS")
}
