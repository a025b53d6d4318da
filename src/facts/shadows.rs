//! Files that take the name `celery` from the library, for programs that look for modules in their own folder first.

use std::collections::HashSet;

use super::Facts;
use super::containers::{Container, Image};
use super::tasks::CodeFile;
use crate::text::Text;

/// A program that finds a pasted file where it asks for the library.
#[derive(Debug)]
pub struct Shadow<'a> {
    /// The path of that file.
    pub path: &'a str,
    /// The import that finds it.
    pub import: &'a Text,
    /// The word of a command that starts the program; of `manage.py`, its settings.
    pub started: Text,
    /// Whether the program certainly comes to that import.
    pub is_reached: bool,
}

impl Facts {
    /// Programs of containers that cannot import Celery. Celery's own program has loaded the library by then.
    pub fn shadows_of_celery(&self) -> Vec<Shadow<'_>> {
        let owns = |file: &&CodeFile| {
            file.part.is_none() && (file.file_name() == "celery.py" || file.path.ends_with("celery/__init__.py"))
        };
        let own: Vec<&CodeFile> = self.python_code.iter().filter(owns).collect();
        if own.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for variant in &self.variants {
            let of_containers = variant.containers.iter().filter_map(|container| {
                let image = container.built_from.and_then(|image| variant.images.get(image));
                started_by(container).or_else(|| started_by_image(image.filter(|_| !container.has_words())?))
            });
            for (started, module) in of_containers.chain(variant.images.iter().filter_map(started_by_image)) {
                let Some(first) = self.module(&module).map(|number| &self.python_code[number]) else { continue };
                let folder = first.folder();
                let takes_name = |file: &&&CodeFile| {
                    let below = file.path.strip_prefix(folder);
                    // A module that asks for its own name finds itself, half made. A package is one without names.
                    below == Some("celery/__init__.py") && file.top.is_empty()
                        || below == Some("celery.py") && imports_celery(file).is_some()
                };
                let Some(file) = own.iter().find(takes_name) else { continue };
                if let Some(import) = self.first_import_of_celery(first) {
                    found.push(Shadow { path: &file.path, import, started, is_reached: true });
                }
            }
        }
        if found.is_empty() {
            found.extend(own.iter().find_map(|file| self.beside_manage(file)));
        }
        found
    }

    /// Whether a container runs a file of code as a script: `python app.py`.
    pub fn is_script_of_container(&self, file: &CodeFile) -> bool {
        self.variants.iter().any(|variant| {
            let mut all = variant.containers.iter().filter_map(started_by);
            let mut images = variant.images.iter().filter_map(started_by_image);
            let is_it = |(at, module): (Text, String)| at.as_str().ends_with(".py") && file.is_file_of(&module);
            all.any(is_it) || images.any(is_it)
        })
    }

    /// A `celery.py` beside Django's `manage.py`, in no package.
    fn beside_manage<'a>(&'a self, file: &'a CodeFile) -> Option<Shadow<'a>> {
        let own = imports_celery(file).filter(|_| file.file_name() == "celery.py")?;
        let beside = |name: &str| format!("{}{name}", file.folder());
        let is_package = self.files.iter().any(|path| *path == beside("__init__.py"));
        let apps = self.processes().filter_map(|(_, process)| process.option("--app")?.text());
        // A worker that is given its name says more.
        if is_package || apps.into_iter().any(|app| app.as_str().split(':').next() == Some("celery")) {
            return None;
        }
        let manage = self.python_code.iter().find(|it| it.part.is_none() && it.path == beside("manage.py"))?;
        let settings = manage.wiring.settings_modules.first()?;
        let package = settings.as_str().split('.').next()?;
        let mut loaded = [package, settings.as_str()].into_iter().filter_map(|name| self.module(name));
        let reached = loaded.find_map(|number| self.first_import_of_celery(&self.python_code[number]));
        let (import, is_reached) = (reached.unwrap_or(own), reached.is_some());
        Some(Shadow { path: &file.path, import, started: settings.clone(), is_reached })
    }

    /// Where a module asks for Celery, or one that it imports from the same folder.
    fn first_import_of_celery<'a>(&'a self, first: &'a CodeFile) -> Option<&'a Text> {
        let mut seen = HashSet::new();
        let mut open = vec![first];
        while let Some(file) = open.pop() {
            if let Some(import) = imports_celery(file) {
                return Some(import);
            }
            let always = file.imports.iter().filter(|it| !it.may_fail && it.conditions.is_empty());
            for module in always.filter_map(|it| self.imported_by(file, &it.module)) {
                if seen.insert(module) {
                    open.push(&self.python_code[module]);
                }
            }
        }
        None
    }
}

fn imports_celery(file: &CodeFile) -> Option<&Text> {
    let is_it = |module: &str| module == "celery" || module.starts_with("celery.");
    let found = file.imports.iter().find(|it| is_it(&it.module) && !it.may_fail && it.conditions.is_empty())?;
    Some(&found.module_at)
}

/// The Python module that a container's own words start from its own folder, with its place.
fn started_by(container: &Container) -> Option<(Text, String)> {
    let words: Vec<&Text> =
        [&container.entrypoint, &container.arguments].into_iter().flatten().flatten().map(|word| &word.text).collect();
    let names: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
    let (at, module) = started(&names)?;
    Some((words[at].clone(), module))
}

fn started_by_image(image: &Image) -> Option<(Text, String)> {
    let script = image.script.as_ref().filter(|_| image.commands.is_empty())?;
    let names: Vec<&str> = script.arguments.iter().map(String::as_str).collect();
    Some((script.file.clone(), started(&names)?.1))
}

/// `python main.py`, `uvicorn main:app`, `gunicorn main:app`: these put the folder of `main.py` before all others.
fn started(words: &[&str]) -> Option<(usize, String)> {
    let program = words.first()?.rsplit('/').next()?;
    match program {
        "python" | "python3" => {
            let at = words.iter().skip(1).position(|word| !word.starts_with('-'))? + 1;
            let module = words[at].strip_suffix(".py").filter(|_| words[1..at].iter().all(|word| *word == "-u"))?;
            let module = module.trim_start_matches("./");
            let module = module.rsplit('/').next().filter(|_| module.starts_with('/')).unwrap_or(module);
            Some((at, module.replace('/', ".")))
        }
        "uvicorn" | "gunicorn" => words.iter().enumerate().skip(1).find_map(|(at, word)| {
            let (module, app) = word.split_once(':')?;
            let is_name = |it: &str| {
                super::modules::is_module_name(it)
                    && !it.contains('.')
                    && !it.starts_with(|it: char| it.is_ascii_digit())
            };
            (is_name(module) && is_name(app)).then(|| (at, module.to_owned()))
        }),
        _ => None,
    }
}
