//! Modules by their names, and the pasted files that they are: `shop.tasks` is `shop/tasks.py` or
//! `shop/tasks/__init__.py`, in whatever folder the program runs. Which of them a worker loads is in `tasks/loading.rs`.

use super::Facts;
use super::tasks::{CodeFile, Import};

/// Whether a text is a name that a module can have: `shop.tasks`.
pub fn is_module_name(text: &str) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

/// The name of the module in a file, with all the folders that are shown.
pub fn name_of(path: &str) -> String {
    path.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".")
}

/// Whether a path is this one, or the same below other folders.
fn stands_at(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

impl CodeFile {
    /// Whether it is the file of that module: `shop/tasks.py` is `shop.tasks`. Packages are none.
    pub fn is_file_of(&self, module: &str) -> bool {
        self.part.is_none() && stands_at(&self.path, &format!("{}.py", module.replace('.', "/")))
    }

    /// The last name of its module: `tasks`.
    pub fn stem(&self) -> &str {
        self.file_name().trim_end_matches(".py")
    }
}

impl Facts {
    /// Whether a file of any kind is shown at a module's place, or in the folder of its name.
    pub fn shows_module(&self, name: &str) -> bool {
        let folder = format!("{}/", name.replace('.', "/"));
        let inner = format!("/{folder}");
        self.shows_file_of(name) || self.files.iter().any(|path| path.starts_with(&folder) || path.contains(&inner))
    }

    /// Whether a file is shown that is the module itself, and no package.
    pub fn shows_file_of(&self, name: &str) -> bool {
        let own = format!("{}.py", name.replace('.', "/"));
        self.files.iter().any(|path| stands_at(path, &own))
    }

    /// The files that stand directly in a package, and are no part of a note; no name is the folder that the program runs in.
    pub fn in_package<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a CodeFile> + use<'a> {
        let folder = if name.is_empty() { String::new() } else { format!("{}/", name.replace('.', "/")) };
        self.python_code.iter().filter(move |file| file.part.is_none() && stands_at(file.folder(), &folder))
    }

    /// The number of the one pasted file that a module's whole name leads to.
    pub fn module(&self, name: &str) -> Option<usize> {
        let place = name.replace('.', "/");
        let ends = [format!("{place}.py"), format!("{place}/__init__.py")];
        let is_it = |file: &CodeFile| file.part.is_none() && ends.iter().any(|end| stands_at(&file.path, end));
        let mut found = self.python_code.iter().enumerate().filter(|(_, file)| is_it(file));
        let (only, None) = (found.next()?, found.next()) else { return None };
        Some(only.0)
    }

    /// The module that a file imports, with its dots, as a file of the paste.
    pub fn imported_by(&self, file: &CodeFile, module: &str) -> Option<usize> {
        let name = module.trim_start_matches('.');
        let dots = module.len() - name.len();
        if dots == 0 {
            return self.module(name).or_else(|| self.beside_script(file, name));
        }
        let mut folders: Vec<&str> = file.folder().trim_end_matches('/').split('/').collect();
        for _ in 1..dots {
            folders.pop()?;
        }
        folders.extend(name.split('.').filter(|part| !part.is_empty()));
        let path = folders.join("/");
        let whole = path.trim_start_matches('/');
        let is_it = |it: &CodeFile| {
            let own = it.path.trim_start_matches('/');
            it.part.is_none() && (own == format!("{whole}.py") || own == format!("{whole}/__init__.py"))
        };
        self.python_code.iter().position(is_it)
    }

    /// The module in the folder of a file that is in no package, where several are called so.
    fn beside_script(&self, file: &CodeFile, name: &str) -> Option<usize> {
        let at = |end: &str| {
            let path = format!("{}{end}", file.folder());
            self.python_code.iter().position(|it| it.part.is_none() && it.path == path)
        };
        let place = name.replace('.', "/");
        at("__init__.py")
            .is_none()
            .then(|| at(&format!("{place}/__init__.py")).or_else(|| at(&format!("{place}.py"))))?
    }

    /// The files that the imports of a file lead to.
    pub fn imports_of<'a>(&'a self, file: &'a CodeFile) -> impl Iterator<Item = usize> + 'a {
        file.imports.iter().flat_map(move |import| {
            let whole = self.imported_by(file, &import.module);
            self.inner_of_import(file, import).into_iter().chain(whole)
        })
    }

    /// The file that an import leads to: the module that it names, else the one that it takes a name from.
    pub fn module_of_import(&self, file: &CodeFile, import: &Import) -> Option<usize> {
        self.inner_of_import(file, import).or_else(|| self.imported_by(file, &import.module))
    }

    /// `from shop import tasks`
    fn inner_of_import(&self, file: &CodeFile, import: &Import) -> Option<usize> {
        let name = import.name.as_ref()?;
        let dot = if import.module.ends_with('.') { "" } else { "." };
        self.imported_by(file, &format!("{}{dot}{}", import.module, name.as_str()))
    }
}
