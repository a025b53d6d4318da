use crate::catalogue::{Message, cards};
use crate::facts::containers::Container;
use crate::facts::modules::{is_module_name, name_of};
use crate::facts::packages::normalised;
use crate::facts::tasks::CodeFile;
use crate::facts::{Facts, Process, Variant};
use crate::finding::Findings;
use crate::rules::nearest::{differ_in_digits, nearest};
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::APP_MODULE_MISSPELT, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let Some(app) = process.option("--app").and_then(|given| given.text()) else { continue };
        let end = app.as_str().find(':').unwrap_or(app.len());
        let mut found = app.slice(0..end);
        if !is_module_name(found.as_str()) {
            continue;
        }
        if let Some((message, place)) = elsewhere(facts, variant, process, &found) {
            findings.add(message).at(&found).related(place, Role::Cause).scope(&process.name);
            continue;
        }
        let container = variant.container_of(process);
        if let Some(image) = container.and_then(|it| image_without_code(facts, it, process, found.as_str())) {
            let message = cards::AppModuleMisspelt::NotInImage { found: &found, meant: image };
            findings.add(message).at(&found).related(image, Role::Cause).scope(&process.name);
            continue;
        }
        // Where the last of the names is the app's own, the module alone is wrong.
        let near = match before_name(facts, found.as_str()).filter(|_| end == app.len()) {
            Some((module, meant)) => {
                found = found.slice(0..module);
                Some(meant)
            }
            None => meant(facts, found.as_str(), end < app.len()),
        };
        let Some(meant) = near.or_else(|| of_the_project(facts, container, found.as_str())) else { continue };
        findings
            .add(cards::AppModuleMisspelt::Misspelt { found: &found, meant: &meant })
            .at(&found)
            .scope(&process.name)
            .replace(&found, &meant);
    }
}

/// Whether Compose builds a container's image in a folder.
fn is_built_in(facts: &Facts, container: &Container, folder: &str) -> bool {
    let beside = facts.paths.of(&container.at).rsplit_once('/').map_or("", |(folder, _)| folder);
    let context = container.context.as_ref().map(|it| it.as_str().trim_start_matches("./").trim_matches(['/', '.']));
    context.is_some_and(|it| format!("{beside}/{it}").trim_matches('/') == folder.trim_matches('/'))
}

/// Flower's own image, which has nothing but Flower, where nothing puts the project's module into its container.
fn image_without_code<'a>(facts: &Facts, it: &'a Container, process: &Process, found: &str) -> Option<&'a Text> {
    let image = it.image.as_ref().filter(|image| image.as_str().split([':', '@']).next() == Some("mher/flower"))?;
    let is_built = it.built_from.is_some() || it.context.is_some() || it.is_template;
    let gets_files =
        it.storage.open || !it.storage.mounts.is_empty() || process.environment.get("PYTHONPATH").is_some();
    let is_own = facts.shows_module(found.split('.').next()?);
    (!is_built && !gets_files && is_own).then_some(image)
}

/// Where an image puts the module instead; and what says so.
fn elsewhere<'a>(facts: &Facts, variant: &'a Variant, process: &Process, found: &Text) -> Option<(Message, &'a Text)> {
    let image = variant.image_of(process)?;
    let held = image.holds_context.as_ref().filter(|_| !image.environment.open && image.hidden_entrypoint.is_none())?;
    let root = facts.paths.of(&image.at).rsplit_once('/').map_or("", |(folder, _)| folder);
    // What builds or starts the image may say more.
    let is_as_built = |it: &Container| {
        is_built_in(facts, it, root) && !it.is_moved && !it.storage.open && it.storage.mounts.is_empty()
    };
    let sets_path = process.environment.get("PYTHONPATH").is_some() || process.option("--workdir").is_some();
    if sets_path || !variant.container_of(process).is_none_or(is_as_built) {
        return None;
    }
    let first = found.as_str().split('.').next()?;
    let message = if held.folder.is_empty() {
        let folder = below(facts, root, first)?;
        cards::AppModuleMisspelt::Below { found, meant: &folder }.into()
    } else {
        // The folder itself is left behind.
        let folder = if root.is_empty() { held.folder.clone() } else { format!("{root}/{}", held.folder) };
        let holds = |inner: &str| {
            facts.files.iter().any(|path| path.strip_prefix(&folder).is_some_and(|it| it.starts_with(inner)))
        };
        let is_its_own = held.folder.rsplit('/').next() == Some(first) && facts.shows_module(found.as_str());
        if !is_its_own || holds(&format!("/{first}/")) || holds(&format!("/{first}.py")) {
            return None;
        }
        cards::AppModuleMisspelt::Copied { found, meant: &held.folder }.into()
    };
    Some((message, &held.at))
}

/// The folder below an image's WORKDIR that holds the module, where the WORKDIR itself does not.
fn below(facts: &Facts, root: &str, first: &str) -> Option<String> {
    let is_project = |path: &String| ["pyproject.toml", "setup.py", "setup.cfg"].iter().any(|it| path.ends_with(it));
    if facts.files.iter().any(is_project) {
        return None;
    }
    let ends = [format!("/{first}.py"), format!("/{first}/__init__.py")];
    let in_root = |path: &'_ str| -> Option<String> {
        let inner = path.strip_prefix(root)?;
        let inner = if inner.starts_with('/') { inner.to_owned() } else { format!("/{inner}") };
        ends.iter().find_map(|end| inner.strip_suffix(end.as_str())).map(str::to_owned)
    };
    let mut folders: Vec<String> = facts.files.iter().filter_map(|path| in_root(path)).collect();
    // A folder without `__init__.py` is a module too.
    let own = if root.is_empty() { format!("{first}/") } else { format!("{root}/{first}/") };
    if facts.files.iter().any(|path| path.starts_with(&own)) {
        return None;
    }
    folders.dedup();
    let [only] = folders.as_slice() else { return None };
    (!only.is_empty()).then(|| only.trim_start_matches('/').to_owned())
}

/// The module that makes the app beside where this one would stand, if its name is nearly the same.
fn meant(facts: &Facts, found: &str, has_attribute: bool) -> Option<String> {
    let (package, last) = found.rsplit_once('.').unwrap_or(("", found));
    // `-A package.name` may mean a name of the package.
    if facts.shows_module(found) || (!has_attribute && !package.is_empty() && facts.shows_file_of(package)) {
        return None;
    }
    let init = facts.module(package).map(|number| &facts.python_code[number]);
    if !has_attribute && init.is_some_and(|init| init.top.get(last).is_some()) {
        return None;
    }
    let makes_app = |file: &&CodeFile| file.part.is_none() && !file.wiring.apps.is_empty() && !file.is_for_tests();
    let beside = || facts.in_package(package).filter(makes_app);
    let near = nearest(last, beside().map(CodeFile::stem)).or_else(|| {
        // Where all names of the package are seen, it is the module that has the app.
        init.filter(|init| init.is_whole && !init.top.is_open)?;
        let mut all = facts.python_code.iter().filter(makes_app);
        beside().next().filter(|_| all.next().is_some() && all.next().is_none()).map(CodeFile::stem)
    });
    match near {
        Some("__init__") => Some(package.to_owned()),
        Some(meant) if package.is_empty() => Some(meant.to_owned()),
        Some(meant) => Some(format!("{package}.{meant}")),
        None => of_another_package(facts, found),
    }
}

/// The module that is meant where the last of the names is one in it, and where its own name ends.
fn before_name(facts: &Facts, found: &str) -> Option<(usize, String)> {
    let (module, name) = found.rsplit_once('.').filter(|(module, _)| !facts.shows_module(module))?;
    let meant = meant(facts, module, true)?;
    let has_name = facts.module(&meant).is_some_and(|number| facts.python_code[number].top.get(name).is_some());
    has_name.then_some((module.len(), meant))
}

/// The app's module or package with nearly the same name, where nothing is shown by the name that differs.
fn of_another_package(facts: &Facts, found: &str) -> Option<String> {
    let count = found.split('.').count();
    let makers = facts.python_code.iter().filter(|file| file.part.is_none() && !file.wiring.apps.is_empty());
    let names = makers.flat_map(|file| {
        let name = name_of(&file.path);
        // `from .celery_app import app as celery_app` makes the package do as well.
        let hands_on = |package: &str| {
            let top = facts.module(package).map(|number| &facts.python_code[number].top);
            top.is_some_and(|top| ["celery_app", "app", "celery"].iter().any(|name| top.get(name).is_some()))
        };
        let package = name.rsplit_once('.').filter(|(package, last)| *last == "celery" || hands_on(package));
        let package = package.map(|(package, _)| package.to_owned());
        [Some(name), package].into_iter().flatten()
    });
    let names: Vec<String> = names
        .filter_map(|name| {
            let surplus = name.split('.').count().checked_sub(count)?;
            // A folder that is no module may have got its name later.
            Some(name.split('.').skip(surplus).collect::<Vec<_>>().join(".")).filter(|name| is_module_name(name))
        })
        .chain(with_attribute(facts, found))
        .collect();
    let meant = nearest(found, names.iter().map(String::as_str)).filter(|_| found.len() > 3)?;
    let (at, (own, its)) = found.split('.').zip(meant.split('.')).enumerate().find(|(_, (own, its))| own != its)?;
    let shown: Vec<&str> = found.split('.').take(at + 1).collect();
    // Another letter makes another word of a short one: `core` and `care`.
    let is_other_word = own.len() < 5 && (own.len() == its.len() || at > 0);
    let is_last = at > 0 && at + 1 == count;
    (!is_other_word && !is_last && !facts.shows_module(&shown.join(".")) && !differ_in_digits(meant, found))
        .then(|| meant.to_owned())
}

/// `main.celery` for `man.celery`: modules as deep as the name says, which hold what it asks them for.
fn with_attribute<'a>(facts: &'a Facts, found: &'a str) -> impl Iterator<Item = String> + use<'a> {
    let (module, attribute) = found.rsplit_once('.').unwrap_or_default();
    let has_it = move |file: &&CodeFile| {
        file.part.is_none() && !file.is_for_tests() && !attribute.is_empty() && file.top.get(attribute).is_some()
    };
    facts.python_code.iter().filter(has_it).filter_map(move |file| {
        let name = name_of(&file.path);
        let surplus = name.split('.').count().checked_sub(module.split('.').count())?;
        let name = name.split('.').skip(surplus).collect::<Vec<_>>().join(".");
        is_module_name(&name).then(|| format!("{name}.{attribute}"))
    })
}

/// The app's package beside the only `manage.py`, where nothing at all has the name.
fn of_the_project(facts: &Facts, container: Option<&Container>, found: &str) -> Option<String> {
    let mut all = facts.files.iter().filter_map(|path| path.strip_suffix("manage.py"));
    let root = all.next().filter(|root| all.next().is_none() && (root.is_empty() || root.ends_with('/')))?;
    container.is_none_or(|it| is_built_in(facts, it, root)).then_some(())?;
    let mut makers = facts.python_code.iter().filter(|file| !file.wiring.apps.is_empty());
    let maker = makers.next().filter(|file| file.part.is_none() && makers.next().is_none())?;
    let package = maker.path.strip_prefix(root)?.strip_suffix("/celery.py").filter(|it| is_module_name(it))?;
    let first = found.split('.').next()?;
    let has_name = |path: &String| path.split(['/', '.']).any(|part| part == first);
    let is_installed = facts.packages.named(&normalised(first)).next().is_some();
    (!is_installed && !facts.files.iter().any(has_name)).then(|| match found.contains('.') {
        true => format!("{package}.celery"),
        false => package.to_owned(),
    })
}
