//! Which of the pasted modules a worker loads: from the module that `-A` names, through imports, `include` and
//! `autodiscover_tasks`. `None` wherever something that is not seen may load more.

use std::collections::HashSet;

use super::{CodeFile, Packages};
use crate::facts::{Facts, Role, Scope};
use crate::intake::Kind;
use crate::text::Text;

/// Packages that import no modules of the project.
const OUTSIDE: [&str; 14] = [
    "celery",
    "kombu",
    "django",
    "os",
    "sys",
    "pathlib",
    "datetime",
    "logging",
    "environ",
    "decouple",
    "dotenv",
    "typing",
    "__future__",
    "dj_database_url",
];

/// What the workers of the paste load.
#[derive(Debug)]
pub struct Loading<'a> {
    loaded: HashSet<usize>,
    /// What tells the modules: `include=…`, `autodiscover_tasks(…)`, else the app.
    pub told_at: &'a Text,
    /// Whether a command of a worker is shown, or it is only likely that one runs the only app.
    pub shows_worker: bool,
}

impl Facts {
    /// What the workers load, where all of it is seen.
    pub fn loading(&self) -> Option<Loading<'_>> {
        let makes_app = |file: &CodeFile| !file.wiring.apps.is_empty() && !file.is_for_tests();
        let mut apps = self.python_code.iter().enumerate().filter(|(_, file)| makes_app(file));
        let (Some((app, file)), None) = (apps.next(), apps.next()) else { return None };
        // What imports by name may import anything.
        let imports_more = |file: &CodeFile| {
            file.imports.iter().any(|it| matches!(it.module.split('.').next(), Some("importlib" | "pkgutil" | "glob")))
        };
        if !file.is_whole || file.part.is_some() || self.python_code.iter().any(imports_more) {
            return None;
        }
        let mut told_at = &file.wiring.apps[0];
        let mut roots = vec![app];
        for (_, process) in self.processes().filter(|(_, process)| process.role == Role::Worker) {
            // A note that speaks of `celery worker` names no app: what it starts loads none of this.
            if process.kind == Kind::Command && !process.command.open && process.option("--app").is_none() {
                continue;
            }
            let named = process.option("--app")?.text().filter(|app| app.fallback().is_none())?.as_str();
            let module = named.split(':').next().unwrap_or(named);
            let by_parent = || self.module(module.rsplit_once('.')?.0);
            let inner = self.module(&format!("{module}.celery"));
            roots.extend(inner);
            roots.push(self.module(module).or(inner).or_else(by_parent)?);
            if process.option("--include").is_some() {
                return None;
            }
        }
        let shows_worker = roots.len() > 1;
        let scopes: Vec<&Scope> = self.scopes().map(|(_, scope)| scope).filter(|scope| scope.makes_app).collect();
        if scopes.is_empty() || scopes.iter().any(|scope| !scope.open_at.is_empty()) {
            return None;
        }
        for said in scopes.iter().flat_map(|scope| ["imports", "include"].map(|name| scope.said(name))).flatten() {
            told_at = &said.setting.written;
            roots.extend(said.all_strings()?.iter().filter_map(|module| self.module(module.as_str())));
        }
        let is_django = self.python_code.iter().any(|it| {
            it.wiring.names_settings_module
                || it.wiring.configured_from_django.is_some()
                || it.path.ends_with("urls.py")
        });
        for discovery in self.python_code.iter().flat_map(|file| &file.wiring.autodiscovers) {
            let Packages::Listed(packages) = &discovery.packages else {
                if !matches!(discovery.packages, Packages::OfDjango) {
                    return None;
                }
                // Without Django, nobody has a list of apps, and nothing is found.
                if is_django {
                    roots.extend(self.of_django(discovery.related.as_deref()?)?);
                }
                told_at = &discovery.at;
                continue;
            };
            let related = discovery.related.as_deref()?;
            told_at = &discovery.at;
            for package in packages {
                roots.extend(self.module(package.as_str()));
                roots.extend(self.module(&format!("{}.{related}", package.as_str())));
            }
        }
        // Django's checks load the URLs, and with them whatever serves the web.
        if is_django {
            let has_urls = self.may_have_urls();
            let serves = |it: &(usize, &CodeFile)| {
                it.1.tasks.is_empty() && !it.1.is_test_code() && (has_urls || it.1.stem() != "views")
            };
            roots.extend(self.python_code.iter().enumerate().filter(serves).map(|(number, _)| number));
        }
        let mut loading = Loading { loaded: HashSet::new(), told_at, shows_worker };
        while let Some(next) = roots.pop() {
            if loading.loaded.insert(next) {
                let file = &self.python_code[next];
                roots.extend(self.imports_of(file));
                // A folder without `__init__.py` is a package all the same; Django's projects have one.
                match self.packages_around(file) {
                    None if is_django => return None,
                    around => roots.extend(around.unwrap_or_default()),
                }
            }
        }
        Some(loading)
    }

    /// Whether every module is seen that is imported before the app has read its settings, by each process shown.
    pub fn shows_start(&self) -> bool {
        self.started().is_some_and(|count| count > 0)
    }

    /// How many workers and beats start so that all of it is seen; `None` where one does not.
    fn started(&self) -> Option<usize> {
        let files = self.python_code.iter().enumerate();
        let mut roots: Vec<usize> = files.filter(|(_, it)| !it.wiring.apps.is_empty()).map(|(at, _)| at).collect();
        let mut count = 0;
        for (_, process) in self.processes().filter(|(_, it)| matches!(it.role, Role::Worker | Role::Beat)) {
            let named = process.option("--app")?.text()?.as_str();
            let module = named.split(':').next().unwrap_or(named);
            let inner = self.module(&format!("{module}.celery"));
            roots.push(self.module(module).or(inner)?);
            count += 1;
        }
        for file in &self.python_code {
            let named = file.wiring.settings_modules.iter().chain(&file.wiring.configured_from);
            for module in named.filter(|it| !it.as_str().starts_with("django.conf")) {
                roots.push(self.module(module.as_str())?);
            }
        }
        let is_plain =
            |file: &CodeFile| file.wiring.configured_from_django.is_none() || file.wiring.settings_modules.len() == 1;
        let mut seen = HashSet::new();
        while let Some(next) = roots.pop() {
            if !seen.insert(next) {
                continue;
            }
            let file = &self.python_code[next];
            if !file.is_whole || file.part.is_some() || !is_plain(file) {
                return None;
            }
            let around = self.packages_around(file)?;
            // A package whose `__init__.py` is not shown may import anything.
            if around.is_empty() && !file.folder().is_empty() {
                return None;
            }
            roots.extend(around);
            for import in &file.imports {
                match self.module_of_import(file, import) {
                    Some(module) => roots.push(module),
                    None if OUTSIDE.contains(&import.module.split('.').next().unwrap_or_default()) => {}
                    None => return None,
                }
            }
        }
        Some(count)
    }

    /// Whether Django's settings may name URLs.
    fn may_have_urls(&self) -> bool {
        const NAME: &str = "ROOT_URLCONF";
        let settings = self.installed_apps.as_ref().map(|list| list.at.span().source);
        // Without the key, which Django needs, it is only a part of the settings.
        let is_without = |file: &CodeFile| {
            let is_all = file.is_whole && !file.top.is_open && file.top.get("SECRET_KEY").is_some();
            is_all && file.top.get(NAME).is_none()
        };
        let tells = |file: &CodeFile| file.stem() == "urls" || file.top.get(NAME).is_some();
        !self.python_code.iter().any(|file| Some(file.source) == settings && is_without(file))
            || self.python_code.iter().any(tells)
    }

    /// The modules of Django's apps; `None` where the list is not seen.
    fn of_django(&self, related: &str) -> Option<Vec<usize>> {
        let apps = &self.installed_apps.as_ref()?.names;
        let own = apps.iter().flat_map(|app| {
            // `mail.apps.MailConfig` is the app `mail`.
            let app = app.as_str().split(".apps.").next().unwrap_or_default();
            [self.module(&format!("{app}.{related}")), self.module(&format!("{app}.models"))]
        });
        Some(own.flatten().collect())
    }

    /// The `__init__.py` of the folders around a file; `None` where the paste shows others, but not these.
    fn packages_around(&self, file: &CodeFile) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        let mut folder = file.folder().trim_end_matches('/');
        let has = |folder: &str| self.python_code.iter().position(|it| it.path == format!("{folder}/__init__.py"));
        let mut is_missing = false;
        while !folder.is_empty() {
            match has(folder) {
                // Above a folder that is no package there is none.
                None => {
                    is_missing = found.is_empty();
                    break;
                }
                Some(init) => found.push(init),
            }
            folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
        }
        let shows_some = || self.python_code.iter().any(|it| it.path.ends_with("/__init__.py"));
        (!is_missing || !shows_some()).then_some(found)
    }
}

impl Loading<'_> {
    pub fn has(&self, file: usize) -> bool {
        self.loaded.contains(&file)
    }
}
