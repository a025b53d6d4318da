//! The pasted Python files as modules that import one another.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::classes::{Class, Line};
use super::definitions::Returning;
use super::evaluate::Alternative;
use super::outside;
use super::settings::{self, PythonSettings};
use crate::facts::environment::Environment;
use crate::read::python::PythonDocument;
use crate::text::Text;

/// Imports that lead through more files than this are not followed.
const DEEPEST: usize = 8;
/// In the depth of an expression fewer: a browser's stack is small.
const DEEPEST_IN_EXPRESSION: usize = 2;
/// Packages that are installed: a pasted `celery.py` is the project's own.
const INSTALLED: [&str; 10] =
    ["celery", "kombu", "django", "flask", "os", "datetime", "typing", "environ", "decouple", "pydantic"];

/// Asked for by what reads every variable of some kind: no other process is certain to give it the same.
pub(in crate::facts) const EVERY_VARIABLE: &str = "*";

/// The modules of one app, run when they are first asked for.
pub(in crate::facts) struct Modules<'a> {
    files: Vec<File<'a>>,
    environment: &'a Environment,
    /// Namespaces that some file names, besides `CELERY`.
    namespaces: Vec<String>,
    done: RefCell<Vec<Option<Rc<Module>>>>,
    running: RefCell<Vec<usize>>,
    /// The variables that were asked for.
    asked: RefCell<HashSet<String>>,
    /// The file that is Django's settings, where it is known.
    settings: Option<usize>,
    /// Other files of settings, each with its path.
    data: Rc<[(String, Text)]>,
    /// The names that other files set: of a file by its number, or of Django's settings.
    set_outside: Vec<(Option<usize>, String)>,
    /// The file that makes the app, if it is one, and the variables of the environment that its code set so far.
    maker: Option<usize>,
    variables_set: RefCell<HashMap<String, Rc<[Alternative]>>>,
    /// How many values may still be made, by these modules and those of every other run.
    left: Rc<Cell<usize>>,
}

struct File<'a> {
    /// The dotted name from the root of the paste: `proj`, `settings`, `base`.
    parts: Vec<String>,
    is_package: bool,
    document: &'a PythonDocument,
}

/// What a module holds when it has run.
#[derive(Debug, Default)]
pub(in crate::facts) struct Module {
    pub(super) names: HashMap<String, Vec<Alternative>>,
    pub(super) imports: HashMap<String, String>,
    pub(super) classes: HashMap<String, Rc<Class>>,
    pub(super) returns: HashMap<String, Vec<Alternative>>,
    pub(super) functions: HashMap<String, Rc<Returning>>,
    pub(super) open: bool,
    pub(in crate::facts) found: PythonSettings,
}

impl<'a> Modules<'a> {
    pub(in crate::facts) fn new(
        files: impl IntoIterator<Item = (&'a str, &'a PythonDocument)>,
        environment: &'a Environment,
        left: &Rc<Cell<usize>>,
    ) -> Self {
        let files: Vec<File<'a>> = files
            .into_iter()
            .map(|(path, document)| {
                let path = path.trim_end_matches(".py");
                let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
                let mut parts: Vec<String> = parts.map(str::to_owned).collect();
                let is_package = parts.last().is_some_and(|last| last == "__init__");
                if is_package {
                    parts.pop();
                }
                File { parts, is_package, document }
            })
            .collect();
        let done = RefCell::new(files.iter().map(|_| None).collect());
        let namespaces = files.iter().flat_map(|file| settings::namespaces(file.document)).collect();
        let (running, asked) = (RefCell::default(), RefCell::default());
        let mut makers = (0..files.len()).filter(|&file| settings::makes_app(files[file].document));
        let maker = makers.next().filter(|_| makers.next().is_none());
        let mut modules = Modules {
            files,
            environment,
            namespaces,
            done,
            running,
            asked,
            settings: None,
            data: Rc::default(),
            set_outside: Vec::new(),
            maker,
            variables_set: RefCell::default(),
            left: Rc::clone(left),
        };
        for file in 0..modules.len() {
            for (module, name) in outside::sets(modules.files[file].document) {
                if let Some(target) = modules.target(&module, file) {
                    modules.set_outside.push((target, name));
                }
            }
        }
        modules
    }

    /// The file of a module, or nothing but that it is Django's settings.
    pub(super) fn target(&self, module: &str, from: usize) -> Option<Option<usize>> {
        if module == outside::DJANGO { Some(None) } else { self.named(module, from).filter(|it| *it != from).map(Some) }
    }

    /// The names of a file that other files set.
    pub(super) fn set_outside(&self, index: usize) -> impl Iterator<Item = &String> {
        self.set_outside.iter().filter(move |(file, _)| file.is_none_or(|file| file == index)).map(|(_, name)| name)
    }

    /// These modules, with one of them as Django's settings, and beside files of other settings.
    pub(in crate::facts) fn with_settings(self, settings: Option<usize>, data: &Rc<[(String, Text)]>) -> Self {
        Modules { settings, data: Rc::clone(data), ..self }
    }

    /// The text of the only file of settings that has this name.
    pub(super) fn data(&self, name: &str) -> Option<&Text> {
        let last = |path: &str| path.rsplit('/').next() == name.rsplit('/').next();
        let mut found = self.data.iter().filter(|(path, _)| last(path));
        found.next().filter(|_| found.next().is_none()).map(|(_, text)| text)
    }

    /// The variables that the modules asked for, when all of them ran.
    pub(in crate::facts) fn asked(&self) -> Vec<String> {
        self.asked.borrow().iter().cloned().collect()
    }

    /// The file that makes the app, if it is one.
    pub(in crate::facts) fn maker(&self) -> Option<usize> {
        self.maker
    }

    /// A file sets a variable of the environment.
    pub(super) fn set_variable(&self, file: usize, key: String, values: &[Alternative]) {
        if self.maker == Some(file) {
            self.variables_set.borrow_mut().insert(key, values.into());
        }
    }

    /// What the file that makes the app set a variable to so far.
    pub(super) fn variable_set(&self, key: &str) -> Option<Rc<[Alternative]>> {
        self.variables_set.borrow().get(key).cloned()
    }

    pub(super) fn left(&self) -> &Cell<usize> {
        &self.left
    }

    pub(super) fn asks(&self, name: &str) {
        if !self.asked.borrow().contains(name) {
            self.asked.borrow_mut().insert(name.to_owned());
        }
    }

    pub(super) fn namespaces(&self) -> &[String] {
        &self.namespaces
    }

    pub(in crate::facts) fn len(&self) -> usize {
        self.files.len()
    }

    /// The module as it is after it ran; `None` where modules import each other in a circle.
    pub(in crate::facts) fn get(&self, index: usize) -> Option<Rc<Module>> {
        if let Some(done) = self.done.borrow().get(index)? {
            return Some(Rc::clone(done));
        }
        {
            let mut running = self.running.borrow_mut();
            if running.contains(&index) || running.len() >= DEEPEST {
                return None;
            }
            running.push(index);
        }
        let module = Rc::new(settings::run(self.files[index].document, self.environment, Some((self, index))));
        self.running.borrow_mut().pop();
        self.done.borrow_mut()[index] = Some(Rc::clone(&module));
        Some(module)
    }

    /// The pasted file of an import: `from ..base import x` has two dots and the name `base`.
    pub(in crate::facts) fn resolve(&self, dotted: &str, dots: u32, from: usize) -> Option<usize> {
        let named: Vec<&str> = dotted.split('.').filter(|part| !part.is_empty()).collect();
        if dots == 0 {
            return self.absolute(&named);
        }
        let file = self.files.get(from)?;
        let ups = dots as usize - usize::from(file.is_package);
        let kept = file.parts.len().checked_sub(ups)?;
        let wanted: Vec<&str> = file.parts[..kept].iter().map(String::as_str).chain(named).collect();
        self.files.iter().position(|file| file.parts.iter().map(String::as_str).eq(wanted.iter().copied()))
    }

    /// The pasted file of a dotted name. People paste files with more or fewer folders than the name has.
    fn absolute(&self, named: &[&str]) -> Option<usize> {
        let first = named.first()?;
        if INSTALLED.contains(first) {
            return None;
        }
        let agreement = |file: &File<'_>| {
            let both = file.parts.len().min(named.len());
            let agrees = both > 0
                && file.parts[file.parts.len() - both..]
                    .iter()
                    .map(String::as_str)
                    .eq(named[named.len() - both..].iter().copied());
            agrees.then_some(both)
        };
        let best = self.files.iter().filter_map(agreement).max()?;
        let mut found = (0..self.files.len()).filter(|&index| agreement(&self.files[index]) == Some(best));
        let only = found.next()?;
        // Two files that fit equally well: which one is meant cannot be told.
        found.next().is_none().then_some(only)
    }

    /// The files that are Django's settings: by their name, or by what only Django reads.
    pub(in crate::facts) fn django_settings(&self) -> Vec<usize> {
        if let Some(settings) = self.settings {
            return vec![settings];
        }
        (0..self.files.len())
            .filter(|&index| self.is_in_settings(index) || self.get(index).is_some_and(|it| it.found.is_django))
            .collect()
    }

    /// Whether a file or a folder around it is called `settings`.
    pub(in crate::facts) fn is_in_settings(&self, index: usize) -> bool {
        self.files[index].parts.iter().any(|part| part == "settings")
    }

    /// The name of a file without its folders.
    pub(in crate::facts) fn short_name(&self, index: usize) -> &str {
        self.files.get(index).and_then(|file| file.parts.last()).map_or("", String::as_str)
    }

    /// A class of a file and its bases as Python asks them, each with the number of its file and its name there.
    pub(in crate::facts) fn line_of(&self, index: usize, class: &str) -> Vec<(usize, String)> {
        let class = self.get(index).and_then(|module| module.classes.get(class).cloned());
        let line = class.map(|class| Line::of(&class).classes).unwrap_or_default();
        line.iter().map(|class| (class.file, class.name.clone())).collect()
    }

    /// Whether a class of a file may say more than is seen.
    pub(in crate::facts) fn has_more(&self, index: usize, class: &str) -> bool {
        let class = self.get(index).and_then(|module| module.classes.get(class).cloned());
        class.is_some_and(|class| Line::of(&class).has_more())
    }

    /// Whether a file has a class, of its own or from another file.
    pub(in crate::facts) fn has_class(&self, index: usize, class: &str) -> bool {
        self.get(index).is_some_and(|module| module.classes.contains_key(class))
    }

    /// The class of `proj.config.Config`, if the module was pasted and has it.
    pub(super) fn class_of(&self, full: &str, from: usize) -> Option<Rc<Class>> {
        let (module, class) = full.rsplit_once('.')?;
        if self.running.borrow().len() > DEEPEST_IN_EXPRESSION {
            return None;
        }
        self.get(self.named(module, from)?)?.classes.get(class).cloned()
    }

    /// The pasted file of a module as an import names it, with its dots.
    pub(super) fn named(&self, module: &str, from: usize) -> Option<usize> {
        let name = module.trim_start_matches('.');
        self.resolve(name, (module.len() - name.len()) as u32, from)
    }

    /// The values of `proj.settings.NAME`, if the module was pasted and has the name.
    pub(super) fn name_of(&self, full: &str, from: usize) -> Option<Vec<Alternative>> {
        let (module, name) = full.rsplit_once('.')?;
        if self.running.borrow().len() > DEEPEST_IN_EXPRESSION {
            return None;
        }
        if module == "django.conf.settings" {
            let files = self.django_settings();
            let mut found = files.iter().filter_map(|&file| self.get(file)?.names.get(name).cloned());
            let only = found.next()?;
            return found.next().is_none().then_some(only);
        }
        self.get(self.named(module, from)?)?.names.get(name).cloned()
    }
}
