//! Which module holds Django's settings: one process reads one of them, and what that one takes in by `import *`.

use std::collections::HashSet;

use crate::facts::environment::Environment;
use crate::facts::python::Modules;
use crate::facts::python::settings::{makes_app, sets_only_django};
use crate::read::python::{Expression, Node, PythonDocument, StatementKind};

/// What names the module.
pub(super) const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";

/// The settings modules of a set of files.
#[derive(Default)]
pub(super) struct SettingsModules {
    /// Every file that is one, also those that are only taken in by others.
    pub(super) files: Vec<usize>,
    /// Those that a process may name.
    pub(super) roots: Vec<usize>,
    /// The module that the code names itself.
    pub(super) by_code: Option<ByCode>,
}

#[derive(Clone)]
pub(super) struct ByCode {
    pub(super) module: String,
    /// `os.environ[…] = …` overrules the environment, `setdefault(…)` does not.
    pub(super) overrules: bool,
}

impl SettingsModules {
    /// `named`: the modules that environments name.
    pub(super) fn of(modules: &Modules<'_>, files: &[&PythonDocument], named: &[String]) -> SettingsModules {
        let mut stars: Vec<Vec<Option<usize>>> = Vec::new();
        let mut imports: Vec<Vec<usize>> = Vec::new();
        for (file, document) in files.iter().enumerate() {
            let (mut all, mut some) = (Vec::new(), Vec::new());
            for statement in &document.statements {
                match &statement.kind {
                    StatementKind::StarImport { module, level } => all.push(modules.resolve(module, *level, file)),
                    // It joins files by their paths.
                    StatementKind::FromImport { module, .. } if module.starts_with("split_settings") => {
                        return SettingsModules::default();
                    }
                    StatementKind::FromImport { module, level, name, .. } => {
                        let inner = format!("{module}.{}", name.as_str());
                        some.extend(
                            modules.resolve(&inner, *level, file).or_else(|| modules.resolve(module, *level, file)),
                        );
                    }
                    _ => {}
                }
            }
            some.extend(all.iter().flatten());
            stars.push(all);
            imports.push(some);
        }
        let mut is_settings: Vec<bool> = files.iter().map(|document| sets_only_django(document)).collect();
        // What takes in a settings module is one too.
        for _ in 0..files.len().min(8) {
            for (file, stars) in stars.iter().enumerate() {
                is_settings[file] |= stars.iter().any(|taken| match taken {
                    Some(taken) => is_settings[*taken],
                    None => modules.is_in_settings(file),
                });
            }
        }
        // One that finds others by name: every one beside it that nothing else imports may be meant.
        let finds_others = |file: &usize| is_settings[*file] && takes_in_by_name(files[*file]);
        if (0..files.len()).any(|file| finds_others(&file)) {
            let imported: HashSet<usize> = imports.iter().flatten().copied().collect();
            for file in (0..files.len()).filter(|file| modules.is_in_settings(*file) && !imported.contains(file)) {
                is_settings[file] = true;
            }
        }
        let by_code = by_code(files);
        let named = named.iter().chain(by_code.iter().map(|it| &it.module));
        let named: Vec<usize> = named.filter_map(|module| modules.resolve(module, 0, 0)).collect();
        let settings: Vec<usize> = (0..files.len()).filter(|&file| is_settings[file]).collect();
        let is_imported = |file: usize| settings.iter().any(|&other| other != file && imports[other].contains(&file));
        let roots = settings.iter().copied().filter(|&file| named.contains(&file) || !is_imported(file)).collect();
        SettingsModules { files: settings, roots, by_code }
    }
}

/// Whether a settings module takes in another that it finds by a name it puts together: `globals().update(…)`.
pub(super) fn takes_in_by_name(document: &PythonDocument) -> bool {
    document.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Expression(node) => node.at.as_str().starts_with("globals().update("),
        _ => false,
    })
}

/// The module that the code names: what the file of the app says, or all files that say something.
fn by_code(files: &[&PythonDocument]) -> Option<ByCode> {
    let makes_app = |document: &&&PythonDocument| makes_app(document);
    let of = |documents: &mut dyn Iterator<Item = &&PythonDocument>| {
        let mut found: Vec<ByCode> = documents.flat_map(|document| &document.statements).filter_map(named_by).collect();
        let last = found.pop()?;
        found.iter().all(|other| other.module == last.module).then_some(last)
    };
    match files
        .iter()
        .any(|document| makes_app(&document) && document.statements.iter().any(|it| named_by(it).is_some()))
    {
        true => of(&mut files.iter().filter(makes_app)),
        false => of(&mut files.iter()),
    }
}

fn named_by(statement: &crate::read::python::Statement) -> Option<ByCode> {
    let is_it = |node: &Node| node.string().is_some_and(|text| text.as_str() == VARIABLE);
    let is_environment = |node: &Node| matches!(node.dotted().as_deref(), Some("os.environ" | "environ"));
    match &statement.kind {
        StatementKind::Expression(Node { is: Expression::Call { function, arguments }, .. }) => {
            match (&function.is, &arguments[..]) {
                (Expression::Attribute { object, name }, [variable, module, ..])
                    if name.as_str() == "setdefault" && is_environment(object) && is_it(&variable.value) =>
                {
                    Some(ByCode { module: module.value.string()?.as_str().to_owned(), overrules: false })
                }
                _ => None,
            }
        }
        StatementKind::Assign { target: Node { is: Expression::Subscript { object, index }, .. }, value } => {
            let is_it = is_environment(object) && is_it(index);
            let module = value.string().filter(|_| is_it)?.as_str().to_owned();
            Some(ByCode { module, overrules: statement.conditions.is_empty() })
        }
        _ => None,
    }
}

/// The module that a process with this environment reads, where that is certain.
pub(super) fn named_in<'a>(environment: &'a Environment, by_code: Option<&'a ByCode>) -> Option<&'a str> {
    if let Some(by_code) = by_code.filter(|it| it.overrules) {
        return Some(&by_code.module);
    }
    match environment.get(VARIABLE) {
        Some(variable) => variable.value.as_ref()?.whole().map(crate::text::Text::as_str),
        None if environment.open => None,
        None => by_code.map(|it| it.module.as_str()),
    }
}
