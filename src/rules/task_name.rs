//! "Which task is meant?": names of tasks in schedules, routes and `send_task`, held against the tasks of the paste.

use std::cell::Cell;
use std::collections::HashMap;

use super::nearest::{differ_in_digits, nearest};
use crate::facts::tasks::top_level::Bound;
use crate::facts::tasks::{CodeFile, Task};
use crate::facts::{Facts, Scope, modules};
use crate::text::Text;

/// The tasks of a paste by what they may be called, gathered once for all the names that are held against them.
pub(super) struct TaskNames<'a> {
    facts: &'a Facts,
    /// A task that is called we do not know what may be called anything.
    is_open: bool,
    /// What `name=` says.
    own: HashMap<&'a str, Vec<Named<'a>>>,
    /// The same, in the order of the files.
    own_in_order: Vec<&'a str>,
    /// The tasks whose `name=` ends with a word.
    own_by_end: HashMap<&'a str, Vec<Named<'a>>>,
    by_function: HashMap<&'a str, Vec<Named<'a>>>,
    /// The tasks of whole files, with the folders before them.
    with_folders: Vec<(&'a Text, String)>,
    /// Names that may still be compared letter by letter.
    comparisons_left: Cell<usize>,
}

/// A paste with hundreds of misspelt names for thousands of tasks is told of those that come first.
const MOST_COMPARISONS: usize = 300_000;

type Named<'a> = (&'a CodeFile, &'a Task);

impl<'a> TaskNames<'a> {
    /// Gathers the names of all tasks.
    pub(super) fn of(facts: &'a Facts) -> TaskNames<'a> {
        let mut names = TaskNames {
            facts,
            is_open: false,
            own: HashMap::new(),
            own_in_order: Vec::new(),
            own_by_end: HashMap::new(),
            by_function: HashMap::new(),
            with_folders: Vec::new(),
            comparisons_left: Cell::new(MOST_COMPARISONS),
        };
        for (file, task) in facts.tasks() {
            names.is_open |= task.is_open || own_name(task) == Some(None);
            names.by_function.entry(task.name.as_str()).or_default().push((file, task));
            if let Some(own) = own_name(task).flatten() {
                names.own.entry(own.as_str()).or_default().push((file, task));
                names.own_in_order.push(own.as_str());
                let end = own.as_str().rsplit('.').next().unwrap_or_default();
                names.own_by_end.entry(end).or_default().push((file, task));
            }
            if file.part.is_none() {
                let whole = format!("{}.{}", modules::name_of(&file.path), task.name.as_str());
                names.with_folders.push((&task.name, whole));
            }
        }
        names
    }

    /// The task that a name means without being its name: where it is defined, and what it is called.
    pub(super) fn meant(&self, includes: &[&Text], name: &str) -> Option<(&'a Text, String)> {
        if self.own.contains_key(name) {
            return None;
        }
        if self.is_open {
            return self.beside(name).or_else(|| self.of_misspelt_own_name(name));
        }
        let found = self.by_include(includes, name).or_else(|| self.by_own_name(name));
        let found = found.or_else(|| self.beside(name)).or_else(|| self.of_misspelt_module(name));
        let found = found.or_else(|| self.of_misspelt_own_name(name));
        found.or_else(|| self.by_place(includes, name)).or_else(|| self.sharing_a_word(name))
    }

    /// The only task of a module that shares a word with a name, where the module is shown whole and has no such name.
    fn sharing_a_word(&self, task: &str) -> Option<(&'a Text, String)> {
        let (module, name) = task.rsplit_once('.')?;
        let mut files = self.facts.python_code.iter().filter(|file| file.is_file_of(module));
        let (Some(file), None) = (files.next(), files.next()) else { return None };
        if !shows_all(file) || file.top.is_open || file.top.get(name).is_some() {
            return None;
        }
        let own: Vec<&Text> = file.tasks.iter().filter(|it| own_name(it).is_none()).map(|it| &it.name).collect();
        let shares =
            |it: &&&Text| it.as_str().split('_').any(|word| word.len() > 2 && name.split('_').any(|it| it == word));
        let mut sharing = own.iter().filter(shares);
        let (Some(meant), None) = (sharing.next(), sharing.next()) else { return None };
        Some((meant, format!("{module}.{}", meant.as_str())))
    }

    /// The nearest name, as long as not too many were compared.
    fn nearest<'n>(&self, written: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        let mut left = self.comparisons_left.get();
        let meant = nearest(written, known.take_while(|_| left.checked_sub(1).inspect(|it| left = *it).is_some()));
        self.comparisons_left.set(left);
        meant
    }

    fn called(&self, function: &str) -> &[Named<'a>] {
        self.by_function.get(function).map_or(&[], Vec::as_slice)
    }

    /// A name without its module, or without the first of its packages, and what the module that `include` names calls it.
    fn by_include(&self, includes: &[&Text], task: &str) -> Option<(&'a Text, String)> {
        let name = task.rsplit('.').next().unwrap_or(task);
        let facts = self.facts;
        let mut same = self.called(name).iter().filter(|(_, task)| !task.is_method);
        let (Some(&(file, defined)), None) = (same.next(), same.next()) else { return None };
        if own_name(defined).is_some() {
            return None;
        }
        let mut modules = includes.iter().map(|it| it.as_str()).filter(|module| file.is_file_of(module));
        let module = match (modules.next(), modules.next()) {
            (Some(only), None) => only.to_owned(),
            (None, None) if file.part.is_none() && file.path == file.file_name() => {
                file.path.strip_suffix(".py")?.to_owned()
            }
            // A task without a name of its own never has one without dots; Django's autodiscovery says what its apps have.
            (None, None) if !task.contains('.') || loaded_as(facts, &[], file).is_some() => imported_as(facts, file)?,
            _ => return None,
        };
        let meant = format!("{module}.{name}");
        // A name that says more than the module may come from a folder further out.
        meant.strip_suffix(task).is_some_and(|before| before.ends_with('.')).then_some((&defined.name, meant))
    }

    /// A task that `name=` calls otherwise than its module would, or by fewer or more words than are written.
    fn by_own_name(&self, task: &str) -> Option<(&'a Text, String)> {
        let (module, function) = task.rsplit_once('.')?;
        // Another task without a name of its own may be called this.
        if self.called(function).iter().any(|(_, other)| own_name(other).is_none()) {
            return None;
        }
        let by_module = self.called(function).iter().filter(|(file, _)| file.is_file_of(module));
        let by_module = by_module.filter_map(|(_, found)| Some((&found.name, own_name(found)??)));
        let ends_alike = self.own_by_end.get(function).into_iter().flatten();
        let ends_alike = ends_alike
            .filter(|(file, found)| !(found.name.as_str() == function && file.is_file_of(module)))
            .filter_map(|(_, found)| Some((&found.name, own_name(found)??)))
            .filter(|(_, own)| own.as_str().contains('.') && is_part(own.as_str(), task, '.'));
        let mut same = by_module.chain(ends_alike);
        let (Some((at, own)), None) = (same.next(), same.next()) else { return None };
        Some((at, own.as_str().to_owned()))
    }

    /// A task of the module that is named, with nearly the same name.
    fn beside(&self, task: &str) -> Option<(&'a Text, String)> {
        let (module, name) = task.rsplit_once('.')?;
        let mut files = self.facts.python_code.iter().filter(|file| file.is_file_of(module));
        let (Some(file), None) = (files.next(), files.next()) else { return None };
        let is_open = |task: &Task| task.is_open || own_name(task) == Some(None);
        if !shows_all(file)
            || file.tasks.iter().any(is_open)
            || file.functions.iter().any(|function| function.as_str() == name)
        {
            return None;
        }
        let own = || file.tasks.iter().filter(|task| own_name(task).is_none()).map(|task| &task.name);
        let meant = self.nearest(name, own().map(Text::as_str)).or_else(|| {
            self.comparisons_left.get().checked_sub(1)?;
            let mut longer = own().map(Text::as_str).filter(|own| is_part(own, name, '_'));
            longer.next().filter(|_| longer.next().is_none())
        })?;
        let at = own().find(|own| own.as_str() == meant)?;
        Some((at, format!("{module}.{meant}")))
    }

    /// A task of another module, where none has the module's name: `shop.taks.charge`.
    fn of_misspelt_module(&self, task: &str) -> Option<(&'a Text, String)> {
        let (module, _) = task.rsplit_once('.')?;
        if !self.own.is_empty() || self.facts.module(module).is_some() {
            return None;
        }
        let words = task.split('.').count();
        // As many words as are written: the folders further out are none of the name.
        let as_long = |whole: &'_ str| whole.rmatch_indices('.').nth(words - 1).map_or(0, |(at, _)| at + 1);
        let known = || self.with_folders.iter().map(|(at, whole)| (*at, &whole[as_long(whole)..]));
        // Which of several modules of that name is meant is not known, but the task is.
        if known().any(|(_, name)| name == task) {
            return None;
        }
        let meant = self.nearest(task, known().map(|(_, name)| name))?;
        known().find(|(_, name)| *name == meant).map(|(at, name)| (at, name.to_owned()))
    }

    /// What `name=` calls a task, where one letter is wrong in one word and no module can have a task of that name.
    fn of_misspelt_own_name(&self, task: &str) -> Option<(&'a Text, String)> {
        let (module, function) = task.rsplit_once('.').unwrap_or(("", task));
        let may_have = |file: &CodeFile| {
            let mut functions = file.functions.iter();
            !shows_all(file) || functions.any(|it| it.as_str() == function) || file.top.get(function).is_some()
        };
        let is_shown = self.facts.module(module).map(|number| &self.facts.python_code[number]);
        if self.own.is_empty() || is_shown.is_some_and(may_have) {
            return None;
        }
        let meant = self.nearest(task, self.own_in_order.iter().copied()).filter(|own| is_slip(own, task))?;
        let [(_, defined)] = self.own.get(meant)?[..] else { return None };
        // In another module, only the whole name with its function tells what is meant.
        let ends_alike = meant.rsplit('.').next() == Some(function);
        let is_beside = meant.rsplit_once('.').is_some_and(|(own, _)| own == module);
        let is_separator = |it: char| matches!(it, '.' | '_' | '-');
        let is_same = meant.split(is_separator).eq(task.split(is_separator));
        (ends_alike || is_same || (is_beside && is_shown.is_some())).then(|| (&defined.name, meant.to_owned()))
    }

    /// The only task with the last name, where the paste shows that the path before it leads elsewhere:
    /// `reports.build` and `shop.reports.tasks.build` for `reports.tasks.build`.
    fn by_place(&self, includes: &[&Text], task: &str) -> Option<(&'a Text, String)> {
        let (module, name) = task.rsplit_once('.')?;
        let &[(file, defined)] = self.called(name) else { return None };
        let facts = self.facts;
        if own_name(defined).is_some() || defined.is_method || file.part.is_some() {
            return None;
        }
        let place = modules::name_of(&file.path);
        let root = match facts.module(module) {
            // The module is shown, and has no such task.
            Some(number) => {
                let other = &facts.python_code[number];
                let is_imported = |bound: &Bound| matches!(bound, Bound::Imported { .. });
                if !shows_all(other) || other.top.get(name).is_some_and(|bound| !is_imported(bound)) {
                    return None;
                }
                modules::name_of(&other.path).strip_suffix(module)?.to_owned()
            }
            None => outside(facts, includes, module, &place)?,
        };
        let meant = loaded_as(facts, includes, file).or_else(|| place.strip_prefix(&root).map(str::to_owned))?;
        (meant != module).then(|| (&defined.name, format!("{meant}.{name}")))
    }
}

/// The pattern that is meant by one of a route that matches no task: `reports.tasks.*` for `report.tasks.*`.
pub(super) fn pattern_meant<'a>(facts: &'a Facts, includes: &[&Text], pattern: &str) -> Option<(&'a Text, String)> {
    let module = pattern.strip_suffix(".*").filter(|it| modules::is_module_name(it))?;
    let begins = |name: &str| name == module || name.strip_prefix(module).is_some_and(|rest| rest.starts_with('.'));
    // An app that was not pasted may have such tasks.
    let is_in = |app: &str| module.strip_prefix(app).is_some_and(|rest| rest.starts_with('.'));
    let mut imports = facts.python_code.iter().flat_map(|it| &it.imports);
    if facts.shows_module(module)
        || imports.any(|import| begins(&import.module))
        || installed_apps(facts).any(|app| begins(app) || (is_in(app) && !facts.shows_module(app)))
        || includes.iter().any(|it| begins(it.as_str()))
    {
        return None;
    }
    let mut known = Vec::new();
    for (file, task) in facts.tasks() {
        let name = match own_name(task) {
            None if task.is_open => return None,
            None => format!("{}.", loaded_as(facts, includes, file).unwrap_or_else(|| modules::name_of(&file.path))),
            Some(own) => own?.as_str().to_owned(),
        };
        // The folders further out may be none of the name.
        if begins(&name) || name.contains(&format!(".{module}.")) {
            return None;
        }
        let words: Vec<&str> = name.split('.').collect();
        let end = module.split('.').count();
        if end < words.len() {
            known.push((&task.name, words[..end].join(".")));
        }
    }
    let meant = nearest(module, known.iter().map(|(_, name)| name.as_str()))?;
    let (at, _) = known.iter().find(|(_, name)| name == meant && !differ_in_digits(name, module))?;
    Some((at, format!("{meant}.*")))
}

/// Django's apps by their modules: `mail.apps.MailConfig` is the app `mail`.
fn installed_apps(facts: &Facts) -> impl Iterator<Item = &str> {
    let names = facts.installed_apps.iter().flat_map(|list| &list.names);
    names.map(|app| app.as_str().split(".apps.").next().unwrap_or_default())
}

/// The name under which Django or the settings load a module, where they all call it the same.
fn loaded_as(facts: &Facts, includes: &[&Text], file: &CodeFile) -> Option<String> {
    let of_apps = installed_apps(facts).map(|app| format!("{app}.{}", file.stem()));
    let mut names = includes.iter().map(|it| it.as_str().to_owned()).chain(of_apps).filter(|it| file.is_file_of(it));
    let first = names.next()?;
    names.all(|name| name == first).then_some(first)
}

/// The folders outside all modules, as they stand before a module that is not shown and the place of the one meant.
fn outside(facts: &Facts, includes: &[&Text], module: &str, place: &str) -> Option<String> {
    if facts.shows_file_of(module) {
        return None;
    }
    // The folder of the module that is meant.
    let inner = format!(".{module}.");
    if let Some(at) = format!(".{place}").find(&inner) {
        return Some(place[..at].to_owned());
    }
    // One folder too many, and that is shown beside the module that is meant.
    let is_loaded = |name: &str| name.starts_with(module) || module.rsplit_once('.').is_some_and(|it| it.0 == name);
    if facts.shows_module(module) || includes.iter().any(|it| is_loaded(it.as_str())) {
        return None;
    }
    if installed_apps(facts).any(is_loaded) {
        return None;
    }
    module.match_indices('.').find_map(|(at, _)| {
        let root = place.strip_suffix(&module[at + 1..]).filter(|root| root.is_empty() || root.ends_with('.'))?;
        let folder = format!("{root}{}.", &module[..at]).replace('.', "/");
        facts.files.iter().any(|path| path.starts_with(&folder)).then(|| root.to_owned())
    })
}

/// The modules that the settings of a scope load by name.
pub(super) fn includes(scope: &Scope) -> Vec<&Text> {
    let said = ["imports", "include"].into_iter().flat_map(|name| scope.said(name));
    said.flat_map(|said| said.strings().unwrap_or_default()).collect()
}

/// `name=` of a task; `Some(None)` where it is not known.
fn own_name(task: &Task) -> Option<Option<&Text>> {
    task.option("name").map(|option| option.known().and_then(|known| known.whole_text()))
}

/// What the imports of other files, and the commands, call a file, where all of them call it the same.
fn imported_as(facts: &Facts, file: &CodeFile) -> Option<String> {
    let imports = facts.python_code.iter().flat_map(|it| &it.imports).map(|import| import.module.as_str());
    let apps = facts.processes().filter_map(|(_, process)| Some(process.option("--app")?.text()?.as_str()));
    let apps = apps.map(|app| app.split(':').next().unwrap_or(app));
    let of_django = loaded_as(facts, &[], file);
    let mut names = imports
        .chain(apps)
        .chain(of_django.as_deref())
        .filter(|module| !module.starts_with('.') && file.is_file_of(module));
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.to_owned())
}

/// Whether the words of one name are all in the other, in their order.
fn is_part(one: &str, other: &str, between: char) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut words = long.split(between);
    one != other && short.split(between).all(|word| words.any(|it| it == word))
}

/// Whether one letter of one longer word is all that differs, or only what stands between the words.
fn is_slip(one: &str, other: &str) -> bool {
    let words = |name: &str| name.split(['.', '_', '-']).count();
    let mut pairs = one.split(['.', '_', '-']).zip(other.split(['.', '_', '-'])).filter(|(one, other)| one != other);
    let is_near = |(one, other): (&str, &str)| one.len().min(other.len()) >= 4 && strsim::osa_distance(one, other) == 1;
    words(one) == words(other)
        && pairs.next().is_none_or(is_near)
        && pairs.next().is_none()
        && !differ_in_digits(one, other)
}

/// Whether the file tells of every task that it may hold.
fn shows_all(file: &CodeFile) -> bool {
    file.is_whole && !file.imports.iter().any(|import| import.is_star)
}
