//! The settings that the Python files of one app give together, and how Celery looks them up.

use std::rc::Rc;

use super::apps::{App, Run};
use crate::facts::VersionSet;
use crate::facts::environment::Environment;
use crate::facts::python::settings::{ChosenClass, ConfiguredFrom, Held, Holder, Outside, PythonSettings, What};
use crate::facts::python::{Alternative, EVERY_VARIABLE, Modules};
use crate::facts::settings::{Setting, Source, overruled_by_variable};
use crate::facts::value::{Template, Value, Why};
use crate::facts::written::{Configured, Namespace, Style, Written};
use crate::read::python::{Condition, ConditionKind};
use crate::text::{SourceId, Text};

/// More calls of `add_periodic_task` than these are not kept.
const MOST_PERIODIC_TASKS: usize = 256;

/// What the code of an app says. Scopes share it.
pub(super) struct Code {
    pub(super) settings: Vec<Rc<Setting>>,
    pub(super) written: Rc<[Written]>,
    pub(super) configured: Rc<[Configured]>,
    pub(super) open_at: Vec<Text>,
    pub(super) makes_app: bool,
    /// The files that make an app: the path and the source of each.
    pub(super) apps: Vec<(String, SourceId)>,
    pub(super) periodic_tasks: Rc<[Alternative]>,
    pub(super) signed_at: Vec<Text>,
    /// The variables that the file that makes the app sets whenever it runs, with their values where they are certain.
    pub(super) variables: Vec<(Text, Option<Template>)>,
}

/// What is gathered of it.
#[derive(Default)]
struct Gathered {
    settings: Vec<Setting>,
    written: Vec<Written>,
    configured: Vec<Configured>,
    open_at: Vec<Text>,
    makes_app: bool,
    apps: Vec<(String, SourceId)>,
    periodic_tasks: Vec<Alternative>,
    signed_at: Vec<Text>,
    variables: Vec<(Text, Option<Template>)>,
}

/// A module, or a class in one, that a configuration names.
struct Target {
    file: usize,
    class: Option<String>,
    group: Option<usize>,
}

/// Runs the files of an app as a process with this environment does; once for all that give it the same.
pub(super) fn gather(app: &App<'_>, environment: &Environment, celery: &VersionSet) -> Rc<Code> {
    let gives_the_same = |run: &&Run| {
        run.asked.iter().all(|(name, given)| name != EVERY_VARIABLE && environment.get(name) == given.as_ref())
    };
    if let Some(run) = app.runs.borrow().iter().find(gives_the_same) {
        return Rc::clone(&run.code);
    }
    let modules =
        Modules::new(app.files.iter().copied(), environment, &app.left).with_settings(app.settings, &app.data);
    let mut code = gathered(app, &modules);
    let settings = std::mem::take(&mut code.settings);
    let code = Rc::new(Code {
        settings: settings.into_iter().filter_map(|it| as_read(it, &code, celery)).map(Rc::new).collect(),
        apps: code.apps,
        written: code.written.into(),
        configured: code.configured.into(),
        open_at: code.open_at,
        makes_app: code.makes_app,
        periodic_tasks: code.periodic_tasks.into(),
        signed_at: code.signed_at,
        variables: code.variables,
    });
    let asked = modules.asked().into_iter().map(|name| (environment.get(&name).cloned(), name));
    let asked = asked.map(|(given, name)| (name, given)).collect();
    app.runs.borrow_mut().push(Run { asked, code: Rc::clone(&code) });
    code
}

/// A setting as Celery reads it: up to 5.6 a namespace hides the names before 4.0 (celery/app/utils.py,
/// detect_settings).
fn as_read(mut setting: Setting, code: &Gathered, celery: &VersionSet) -> Option<Setting> {
    let hides = |written: &Written| {
        let configured = written.read_by.and_then(|number| code.configured.get(number));
        written.style == Style::Old
            && written.name.span() == setting.written.span()
            && configured.is_some_and(|it| {
                !it.is_conditional && matches!(&it.namespace, Namespace::Given(name) if !name.is_empty())
            })
    };
    if !celery.any_in("<5.7") || !code.written.iter().any(hides) {
        return Some(setting);
    }
    // Some of the possible versions read it.
    let condition = Condition { test: setting.written.clone(), is: ConditionKind::Set, holds: true };
    for alternative in &mut setting.alternatives {
        alternative.conditions.push(condition.clone());
    }
    celery.any_in(">=5.7").then_some(setting)
}

fn gathered(app: &App<'_>, modules: &Modules<'_>) -> Gathered {
    let mut code = Gathered::default();
    let is_other = |file: &usize| app.other_settings.contains(file);
    // It is the first that a process runs.
    modules.maker().map(|maker| modules.get(maker));
    let files: Vec<_> = (0..modules.len()).map(|file| modules.get(file).filter(|_| !is_other(&file))).collect();
    let taken_in: Vec<usize> = files.iter().flatten().flat_map(|module| module.found.taken_in.clone()).collect();
    // Which configuration reads a file, a class or a dictionary.
    let mut targets: Vec<(Target, usize)> = Vec::new();
    for (file, module) in files.iter().enumerate() {
        let Some(module) = module else { continue };
        code.makes_app |= !module.found.apps.is_empty();
        code.apps.extend(module.found.apps.first().map(|at| (app.files[file].0.to_owned(), at.span().source)));
        code.signed_at.extend(module.found.signed_at.iter().cloned());
        // What the maker of the app and what it imports sets; another file may never run in this process.
        for (name, values) in module.found.variables.iter().filter(|_| modules.maker() == Some(file)) {
            set_by_code(&mut code, name, values);
        }
        let room = MOST_PERIODIC_TASKS.saturating_sub(code.periodic_tasks.len());
        code.periodic_tasks.extend(module.found.periodic_tasks.iter().take(room).cloned());
        code.open_at.extend(module.found.open_at.iter().cloned());
        code.open_at.extend(app.files[file].1.broken.iter().cloned());
        for from in &module.found.configured {
            let (found, is_django) = targets_of(from, file, modules);
            // A module that was not pasted may set anything.
            let has_more = |it: &Target| it.class.as_ref().is_some_and(|class| modules.has_more(it.file, class));
            if found.is_empty() || found.iter().any(has_more) {
                code.open_at.push(from.at.clone());
            }
            let number = code.configured.len();
            targets.extend(found.into_iter().map(|target| (target, number)));
            code.configured.push(Configured {
                at: from.at.clone(),
                namespace: from.namespace.clone(),
                is_django,
                is_conditional: from.is_conditional,
                is_implicit: false,
            });
        }
    }
    // What `Celery(namespace=…)` gives holds where nothing else is given (celery/app/base.py, config_from_object).
    let of_apps: Vec<_> = files.iter().flatten().flat_map(|module| module.found.namespaces.clone()).collect();
    for (at, namespace) in of_apps {
        for configured in &mut code.configured {
            if matches!(configured.namespace, Namespace::Absent) {
                configured.namespace = namespace.clone();
            }
        }
        if code.configured.is_empty() {
            code.configured.push(Configured {
                at,
                namespace,
                is_django: false,
                is_conditional: true,
                is_implicit: true,
            });
        }
    }
    // Without any of these, Celery's own loader reads celeryconfig.py (celery/loaders/default.py).
    if code.configured.is_empty()
        && let Some(file) = (0..modules.len()).find(|&file| modules.short_name(file) == "celeryconfig")
        && let Some(first) = app.files[file].1.statements.first()
    {
        targets.push((Target { file, class: None, group: None }, 0));
        code.configured.push(Configured {
            at: first.at.clone(),
            namespace: Namespace::Absent,
            is_django: false,
            is_conditional: true,
            is_implicit: true,
        });
    }
    // The classes that the app is certainly configured from.
    let of_classes = targets.iter().filter(|(_, number)| !code.configured[*number].is_conditional);
    let chosen: Vec<ChosenClass> = of_classes
        .filter_map(|(target, _)| {
            let line = modules.line_of(target.file, target.class.as_ref()?);
            Some(ChosenClass::new(line, files.iter().flatten().map(|module| &module.found)))
        })
        .collect();
    // What makes the app runs before Celery reads anything.
    let makes_app = |module: &PythonSettings| !module.apps.is_empty() || !module.configured.is_empty();
    let all = files.iter().flatten().map(|module| &module.found);
    let set_outside: Vec<(&Outside, bool)> =
        all.flat_map(|found| found.outside.iter().map(move |it| (it, makes_app(found)))).collect();
    let mut groups = chosen.len();
    for (file, module) in files.iter().enumerate() {
        let Some(module) = module else { continue };
        if taken_in.contains(&file) {
            continue;
        }
        let mut lines = chosen.iter().enumerate().filter(|(_, chosen)| {
            chosen.line.iter().any(|(in_file, _)| *in_file == file || module.found.taken_in.contains(in_file))
        });
        let line = match (lines.next(), lines.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        let is_configured = line.is_some()
            || targets.iter().any(|(target, number)| {
                let configured = &code.configured[*number];
                target.file == file
                    && target.class.is_none()
                    && target.group.is_none()
                    && !configured.is_django
                    && matches!(configured.namespace, Namespace::Absent)
            });
        let is_here = |it: &Outside| it.file.map_or_else(|| modules.django_settings().contains(&file), |it| it == file);
        let changed =
            set_outside.iter().filter(|(it, _)| is_here(it)).fold(None, |found: Option<PythonSettings>, it| {
                let mut found = found.unwrap_or_else(|| module.found.clone());
                lay_over(&mut found, it.0, it.1);
                Some(found)
            });
        let found = changed.as_ref().unwrap_or(&module.found);
        let (settings, written) = found.of_celery(line.map(|(_, chosen)| chosen), is_configured);
        code.settings.extend(settings);
        let read_by = |written: &Written| {
            let holder = &module.found.groups[written.group];
            let reads = |target: &Target| {
                let is_file = target.file == file || module.found.taken_in.contains(&target.file);
                match (holder, &target.class, target.group) {
                    (Holder::Module, None, None) => is_file,
                    (Holder::Class(in_file, name), Some(class), None) => {
                        let is_it = |it: &(usize, String)| it.0 == *in_file && it.1 == *name;
                        modules.line_of(target.file, class).iter().any(is_it)
                    }
                    (Holder::Dictionary(_), None, Some(group)) => is_file && written.group == group,
                    _ => false,
                }
            };
            targets.iter().find(|(target, _)| reads(target)).map(|(_, number)| *number)
        };
        code.written.extend(written.into_iter().map(|written| Written {
            read_by: read_by(&written),
            // What a class inherits is read together with what it says itself.
            group: match line {
                Some((number, chosen)) if chosen.has(&module.found.groups[written.group]) => number,
                _ => groups + written.group,
            },
            in_django: module.found.is_django,
            ..written
        }));
        groups += module.found.groups.len();
    }
    code
}

/// A variable of the environment that the code sets: Celery reads some of them itself.
fn set_by_code(code: &mut Gathered, name: &Text, values: &[Alternative]) {
    let may_be_left = |it: &Alternative| match &it.known.value {
        Value::Unknown(Why::Environment { .. }) => it.conditions.is_empty(),
        _ => it.conditions.iter().any(|it| it.is != ConditionKind::Set),
    };
    if !values.iter().any(may_be_left) {
        let value = match values {
            [only] => only.known.text().cloned(),
            _ => None,
        };
        code.variables.push((name.clone(), value));
    }
    if let Some(means) = overruled_by_variable(name.as_str()) {
        let (alternatives, written, source) = (values.to_vec(), name.clone(), Source::Environment);
        code.settings.push(Setting { name: means, written, source, alternatives, expression: None });
    }
}

/// What another module makes of a setting.
fn lay_over(found: &mut PythonSettings, outside: &Outside, makes_app: bool) {
    let is_same = |held: &Held| {
        held.holder == outside.holder && held.setting.written.as_str() == outside.setting.written.as_str()
    };
    let mut setting = outside.setting.clone();
    if outside.is_certain && makes_app {
        found.settings.retain(|held| !is_same(held));
    } else {
        // It may run after Celery reads, or never.
        let test = Condition { test: setting.written.clone(), is: ConditionKind::Set, holds: true };
        let same = found.settings.iter_mut().filter(|held| is_same(held)).flat_map(|it| &mut it.setting.alternatives);
        same.chain(&mut setting.alternatives).for_each(|it| it.conditions.push(test.clone()));
    }
    found.settings.push(Held { holder: outside.holder.clone(), setting });
}

/// The pasted files that a configuration names, and whether they are Django's settings.
fn targets_of(from: &ConfiguredFrom, file: usize, modules: &Modules<'_>) -> (Vec<Target>, bool) {
    let whole = |file: usize| Target { file, class: None, group: None };
    match &from.what {
        What::Class(file, class) => (vec![Target { file: *file, class: Some(class.clone()), group: None }], false),
        What::Group(group) => (vec![Target { file, class: None, group: Some(*group) }], false),
        What::Dotted(dotted) => {
            let plain = dotted.replace(':', ".");
            if plain == "django.conf.settings" {
                return (modules.django_settings().into_iter().map(whole).collect(), true);
            }
            let dots = plain.bytes().take_while(|&byte| byte == b'.').count() as u32;
            let name = &plain[dots as usize..];
            if !dotted.contains(':')
                && let Some(found) = modules.resolve(name, dots, file)
            {
                let is_django = modules.get(found).is_some_and(|module| module.found.is_django);
                return (vec![whole(found)], is_django);
            }
            let Some((module, class)) = name.rsplit_once('.') else { return (Vec::new(), false) };
            let found = modules.resolve(module, dots, file).filter(|&found| modules.has_class(found, class));
            (found.map(|file| Target { file, class: Some(class.to_owned()), group: None }).into_iter().collect(), false)
        }
    }
}
