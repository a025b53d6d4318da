//! "Which task is meant?": names of tasks in schedules, routes and `send_task`, held against the tasks of the paste.

use super::nearest::nearest;
use crate::facts::tasks::{CodeFile, Task};
use crate::facts::{Facts, Scope, modules};
use crate::text::Text;

/// The task that a name means without being its name: where it is defined, and what it is called.
pub(super) fn meant<'a>(facts: &'a Facts, includes: &[&Text], name: &str) -> Option<(&'a Text, String)> {
    // A task that is called we do not know what may be called this.
    if facts.tasks().any(|(_, task)| task.is_open || own_name(task) == Some(None)) {
        return None;
    }
    if facts.tasks().any(|(_, task)| own_name(task).flatten().is_some_and(|own| own.as_str() == name)) {
        return None;
    }
    let found = by_include(facts, includes, name).or_else(|| by_own_name(facts, name));
    found.or_else(|| beside(facts, name)).or_else(|| of_misspelt_module(facts, name))
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

/// A name without its module, or without the first of its packages, and what the module that `include` names calls it.
fn by_include<'a>(facts: &'a Facts, includes: &[&Text], task: &str) -> Option<(&'a Text, String)> {
    let name = task.rsplit('.').next().unwrap_or(task);
    let mut same = facts.tasks().filter(|(_, task)| task.name.as_str() == name && !task.is_method);
    let (Some((file, defined)), None) = (same.next(), same.next()) else { return None };
    if own_name(defined).is_some() {
        return None;
    }
    let mut modules = includes.iter().map(|it| it.as_str()).filter(|module| file.is_file_of(module));
    let module = match (modules.next(), modules.next()) {
        (Some(only), None) => only.to_owned(),
        (None, None) if file.part.is_none() && file.path == file.file_name() => {
            file.path.strip_suffix(".py")?.to_owned()
        }
        // A task without a name of its own never has one without dots.
        (None, None) if !task.contains('.') => imported_as(facts, file)?,
        _ => return None,
    };
    let meant = format!("{module}.{name}");
    // A name that says more than the module may come from a folder further out.
    meant.strip_suffix(task).is_some_and(|before| before.ends_with('.')).then_some((&defined.name, meant))
}

/// What the imports of other files, and the commands, call a file, where all of them call it the same.
fn imported_as(facts: &Facts, file: &CodeFile) -> Option<String> {
    let imports = facts.python_code.iter().flat_map(|it| &it.imports).map(|import| import.module.as_str());
    let apps = facts.processes().filter_map(|(_, process)| Some(process.option("--app")?.text()?.as_str()));
    let apps = apps.map(|app| app.split(':').next().unwrap_or(app));
    let mut names = imports.chain(apps).filter(|module| !module.starts_with('.') && file.is_file_of(module));
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.to_owned())
}

/// A task that `name=` calls otherwise than its module would, or by fewer or more words than are written.
fn by_own_name<'a>(facts: &'a Facts, task: &str) -> Option<(&'a Text, String)> {
    let (module, function) = task.rsplit_once('.')?;
    // Another task without a name of its own may be called this.
    let is_function = |(_, other): &(&CodeFile, &Task)| other.name.as_str() == function && own_name(other).is_none();
    if facts.tasks().any(|it| is_function(&it)) {
        return None;
    }
    let mut same = facts.tasks().filter_map(|(file, found)| {
        let own = own_name(found)??;
        let by_module = found.name.as_str() == function && file.is_file_of(module);
        let ends_alike = own.as_str().rsplit('.').next() == Some(function) && own.as_str().contains('.');
        (by_module || (ends_alike && is_part(own.as_str(), task, '.'))).then_some((&found.name, own))
    });
    let (Some((at, own)), None) = (same.next(), same.next()) else { return None };
    Some((at, own.as_str().to_owned()))
}

/// A task of the module that is named, with nearly the same name.
fn beside<'a>(facts: &'a Facts, task: &str) -> Option<(&'a Text, String)> {
    let (module, name) = task.rsplit_once('.')?;
    let mut files = facts.python_code.iter().filter(|file| file.is_file_of(module));
    let (Some(file), None) = (files.next(), files.next()) else { return None };
    if !shows_all(file) || file.functions.iter().any(|function| function.as_str() == name) {
        return None;
    }
    let own = || file.tasks.iter().filter(|task| own_name(task).is_none()).map(|task| &task.name);
    let meant = nearest(name, own().map(Text::as_str)).or_else(|| {
        let mut longer = own().map(Text::as_str).filter(|own| is_part(own, name, '_'));
        longer.next().filter(|_| longer.next().is_none())
    })?;
    let at = own().find(|own| own.as_str() == meant)?;
    Some((at, format!("{module}.{meant}")))
}

/// A task of another module, where none has the module's name: `shop.taks.charge`.
fn of_misspelt_module<'a>(facts: &'a Facts, task: &str) -> Option<(&'a Text, String)> {
    let (module, _) = task.rsplit_once('.')?;
    if facts.module(module).is_some() || facts.tasks().any(|(_, task)| own_name(task).is_some()) {
        return None;
    }
    let parts = task.split('.').count();
    let whole = |file: &CodeFile, task: &Task| format!("{}.{}", modules::name_of(&file.path), task.name.as_str());
    let known: Vec<(&Text, String)> = facts
        .tasks()
        .filter(|(file, _)| file.part.is_none())
        .map(|(file, task)| {
            let whole = whole(file, task);
            // As many words as are written: the folders further out are none of the name.
            let surplus = whole.split('.').count().saturating_sub(parts);
            (&task.name, whole.split('.').skip(surplus).collect::<Vec<_>>().join("."))
        })
        .collect();
    let meant = nearest(task, known.iter().map(|(_, name)| name.as_str()))?;
    known.iter().find(|(_, name)| name == meant).cloned()
}

/// Whether the words of one name are all in the other, in their order.
fn is_part(one: &str, other: &str, between: char) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let mut words = long.split(between);
    one != other && short.split(between).all(|word| words.any(|it| it == word))
}

/// Whether the file tells of every task that it may hold.
fn shows_all(file: &CodeFile) -> bool {
    file.is_whole && !file.imports.iter().any(|import| import.is_star)
}
