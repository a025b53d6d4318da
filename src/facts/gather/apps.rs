//! Which Python files configure one Celery app together.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use super::code::Code;
use super::django::{ByCode, SettingsModules};
use super::file_name;
use crate::facts::Piece;
use crate::facts::environment::{Environment, Variable};
use crate::facts::python::{Modules, NamesRead};
use crate::facts::scope::Words;
use crate::facts::settings::{canonical_name, is_telling_name};
use crate::read::Document;
use crate::read::python::{Expression, Node, PythonDocument, StatementKind};
use crate::text::{SourceId, Text};

/// The Python files of one app.
pub(super) struct App<'a> {
    pub(super) name: String,
    /// Its files, each with its path.
    pub(super) files: Vec<(&'a str, &'a PythonDocument)>,
    /// Files of settings that dynaconf may read, each with its path.
    pub(super) data: Rc<[(String, Text)]>,
    /// The module names of its files: `shop`, `celery`, `settings`.
    pub(super) modules: Vec<String>,
    /// The whole text of each file.
    pub(super) texts: Rc<Words>,
    /// Whether a file's name says that it is for development or tests.
    pub(super) is_for_tests: bool,
    /// The note that it is a block of.
    pub(super) note: Option<SourceId>,
    /// Whether some scope holds it.
    pub(super) is_in_scope: Cell<bool>,
    /// Whether its files set what Celery reads.
    pub(super) configures: bool,
    /// Every name that its files read.
    pub(super) names_read: Rc<NamesRead>,
    /// What its files said, for every environment that they ran with.
    pub(super) runs: RefCell<Vec<Run>>,
    /// How many values the runs of all apps may still make.
    pub(super) left: Rc<Cell<usize>>,
    /// The file that is Django's settings here, and the modules in the paste that name it.
    pub(super) settings: Option<usize>,
    pub(super) settings_names: Vec<String>,
    /// Settings modules that this app does not read, or only takes in.
    pub(super) other_settings: Vec<usize>,
    pub(super) settings_by_code: Option<ByCode>,
}

/// Every environment in which an app runs makes its values anew: so many together.
const MOST_VALUES: usize = 3_000_000;

/// The files of an app, run as some process runs them.
pub(super) struct Run {
    /// The variables that they asked for, and what they got: another process that gives the same runs the same.
    pub(super) asked: Vec<(String, Option<Variable>)>,
    pub(super) code: Rc<Code>,
}

/// Words in a path that name an environment: files of two of them are alternatives.
const ENVIRONMENTS: [&[&str]; 5] = [
    &["prod", "production", "live"],
    &["dev", "develop", "development", "local"],
    &["test", "tests", "testing", "runtests", "ci"],
    &["staging", "stage", "stg", "qa"],
    &["demo", "example", "sample"],
];

/// Those of them that are not where the app is deployed.
const NOT_DEPLOYED: [usize; 3] = [1, 2, 4];

/// The apps of the paste. Blocks of a note are alternatives; files add up unless they name two environments, or are
/// two modules of Django's settings. `named`: the settings modules that environments name.
pub(super) fn gather<'a>(pieces: &'a [Piece], named: &[String]) -> Vec<App<'a>> {
    let mut apps = Vec::new();
    let is_data = |piece: &&Piece| piece.part.is_none() && piece.path.ends_with(".toml");
    let data = pieces.iter().filter(is_data).map(|piece| (piece.path.clone(), piece.text.clone()));
    let data: Rc<[(String, Text)]> = data.collect();
    let left = Rc::new(Cell::new(MOST_VALUES));
    let mut common: Vec<(&Piece, &PythonDocument)> = Vec::new();
    let mut tagged: Vec<(usize, &Piece, &PythonDocument)> = Vec::new();
    for piece in pieces {
        let Document::Python(document) = &piece.document else { continue };
        match (piece.part, environment_of(&piece.path)) {
            // It shows what may be written, one after the other.
            (Some(_), _) if sets_one_twice(document) => {}
            (Some(part), _) => apps.push(App {
                note: Some(piece.text.span().source),
                configures: true,
                is_in_scope: Cell::default(),
                name: format!("{}#{part}", file_name(&piece.path)),
                files: vec![("", document)],
                data: Rc::default(),
                modules: Vec::new(),
                texts: Rc::new(Words::new(vec![piece.text.clone()])),
                is_for_tests: is_for_tests(named_above(piece.text.as_str())),
                names_read: Rc::new(NamesRead::of(vec![piece.text.clone()])),
                runs: RefCell::default(),
                left: Rc::clone(&left),
                settings: None,
                settings_names: Vec::new(),
                other_settings: Vec::new(),
                settings_by_code: None,
            }),
            (None, Some(tag)) => tagged.push((tag, piece, document)),
            (None, None) => common.push((piece, document)),
        }
    }
    let mut tags: Vec<usize> = tagged.iter().map(|(tag, ..)| *tag).collect();
    crate::text::order::distinct(&mut tags);
    // Beside files for tests and for development alone, what has no such name is what is deployed.
    let is_deployed = if tags.is_empty() { !common.is_empty() } else { configures(&common) };
    if tags.iter().all(|tag| NOT_DEPLOYED.contains(tag)) && is_deployed {
        add(&mut apps, &common, named, &left, &data);
    }
    for tag in tags {
        let mut files = common.clone();
        files.extend(tagged.iter().filter(|(it, ..)| *it == tag).map(|&(_, piece, document)| (piece, document)));
        add(&mut apps, &files, named, &left, &data);
    }
    apps
}

/// Whether some of the files set what Celery reads.
fn configures(files: &[(&Piece, &PythonDocument)]) -> bool {
    let names_it = |text: &str| ["CELERY_", "Celery(", "broker_url", "BROKER_URL"].iter().any(|it| text.contains(it));
    files.iter().any(|(piece, _)| names_it(piece.text.as_str()))
}

/// Adds an app for every module of Django's settings in the files, or one.
fn add<'a>(
    apps: &mut Vec<App<'a>>,
    files: &[(&'a Piece, &'a PythonDocument)],
    named: &[String],
    left: &Rc<Cell<usize>>,
    data: &Rc<[(String, Text)]>,
) {
    let nothing = Environment::default();
    let modules = Modules::new(files.iter().map(|(piece, document)| (piece.path.as_str(), *document)), &nothing, left);
    let documents: Vec<&PythonDocument> = files.iter().map(|(_, document)| *document).collect();
    let found = SettingsModules::of(&modules, &documents, named);
    let roots: Vec<Option<usize>> = match &found.roots[..] {
        [] => vec![None],
        roots => roots.iter().copied().map(Some).collect(),
    };
    for root in roots {
        let name = &files[root.unwrap_or(files.len() - 1)].0.path;
        if root.is_some() && apps.iter().any(|app| app.settings.is_some() && app.name == *name) {
            continue;
        }
        let other_settings: Vec<usize> = match root {
            Some(root) => found.files.iter().copied().filter(|&file| file != root).collect(),
            None => Vec::new(),
        };
        let is_read = |file: &usize| !found.roots.contains(file) || root == Some(*file);
        let read: Vec<&Piece> = (0..files.len()).filter(is_read).map(|file| files[file].0).collect();
        let names = named.iter().chain(found.by_code.iter().map(|it| &it.module));
        apps.push(App {
            note: None,
            configures: configures(files),
            is_in_scope: Cell::default(),
            name: name.clone(),
            files: files.iter().map(|(piece, document)| (piece.path.as_str(), *document)).collect(),
            data: Rc::clone(data),
            names_read: Rc::new(NamesRead::of(files.iter().map(|(piece, _)| piece.text.clone()).collect())),
            modules: files
                .iter()
                .flat_map(|(piece, _)| piece.path.trim_end_matches(".py").split('/').map(str::to_owned))
                .collect(),
            texts: Rc::new(Words::new(files.iter().map(|(piece, _)| piece.text.clone()).collect())),
            is_for_tests: read.iter().any(|piece| is_for_tests(&piece.path)),
            runs: RefCell::default(),
            left: Rc::clone(left),
            settings: root,
            settings_names: names
                .filter(|name| root.is_some() && modules.resolve(name, 0, 0) == root)
                .cloned()
                .collect(),
            other_settings,
            settings_by_code: found.by_code.clone(),
        });
    }
}

/// Whether a block sets the same setting more than once, whatever happens.
fn sets_one_twice(document: &PythonDocument) -> bool {
    let mut seen = HashSet::new();
    document.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Assign { target: Node { is: Expression::Name(name), .. }, .. } => {
            let is_plain = statement.inside.is_empty() && statement.conditions.is_empty();
            is_plain && is_telling_name(name) && canonical_name(name).is_some() && !seen.insert(name)
        }
        _ => false,
    })
}

/// The path in the comment that a block begins with: `# settings/development.py`.
fn named_above(block: &str) -> &str {
    let first = block.trim_start().lines().next().unwrap_or_default();
    let path = first.strip_prefix('#').map_or("", str::trim);
    if path.ends_with(".py") && !path.contains(' ') { path } else { "" }
}

/// Which environment a path names, as an index into [`ENVIRONMENTS`].
fn environment_of(path: &str) -> Option<usize> {
    let path = path.to_ascii_lowercase();
    let words: Vec<&str> = path.trim_end_matches(".py").split(['/', '.', '-', '_']).collect();
    ENVIRONMENTS.iter().position(|names| words.iter().any(|word| names.contains(word)))
}

/// Whether a path names development, tests or an example: what holds there need not hold where it is deployed.
pub(super) fn is_for_tests(path: &str) -> bool {
    environment_of(path).is_some_and(|environment| NOT_DEPLOYED.contains(&environment))
        || file_name(path).starts_with("conftest")
}
