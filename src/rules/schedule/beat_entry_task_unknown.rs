use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::scope::Scope;
use crate::facts::tasks::{CodeFile, Task};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::BEAT_ENTRY_TASK_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    super::each_entry(facts, |scope, _, schedule, entry| {
        let Some(task) = entry.task() else { return };
        if let Some((defined, meant)) = elsewhere(facts, scope, task.as_str()) {
            findings
                .add(cards::BeatEntryTaskUnknown { task, meant: &meant })
                .at(task)
                .scope(&scope.name)
                .uncertain_if(schedule.said.is_conditional())
                .at_most_info_if(schedule.said.is_for_tests())
                .related(defined, Role::Conflict)
                .replace(task, &meant);
            return;
        }
        let Some((module, name)) = task.as_str().rsplit_once('.') else { return };
        let mut files = facts.python_code.iter().filter(|file| is_module(file, module));
        let (Some(file), None) = (files.next(), files.next()) else { return };
        if !shows_all(file) || file.functions.iter().any(|function| function.as_str() == name) {
            return;
        }
        // A task may have any name: one that is written out somewhere is not judged.
        let named = |file: &CodeFile| {
            file.tasks.iter().filter_map(|task| task.option("name")).any(|option| {
                option.known().and_then(|known| known.whole_text()).is_none_or(|text| text.as_str() == task.as_str())
            })
        };
        if facts.python_code.iter().any(named) {
            return;
        }
        let own = file.tasks.iter().filter(|task| task.option("name").is_none());
        let Some(meant) = nearest(name, own.clone().map(|task| task.name.as_str())) else { return };
        let meant_name = format!("{module}.{meant}");
        let finding = findings.add(cards::BeatEntryTaskUnknown { task, meant: &meant_name });
        finding
            .at(task)
            .scope(&scope.name)
            .uncertain_if(schedule.said.is_conditional())
            .at_most_info_if(schedule.said.is_for_tests())
            .replace(task, &meant_name);
        if let Some(defined) = own.into_iter().find(|task| task.name.as_str() == meant) {
            finding.related(&defined.name, Role::Conflict);
        }
    });
}

/// The task that is meant by a name without its module, or without the first of its packages: where it is defined, and
/// what it is called by the module that `include` names.
fn elsewhere<'a>(facts: &'a Facts, scope: &Scope, task: &str) -> Option<(&'a Text, String)> {
    let includes: Vec<&Text> = ["imports", "include"]
        .into_iter()
        .flat_map(|name| scope.said(name))
        .flat_map(|said| said.strings().unwrap_or_default())
        .collect();
    let name = task.rsplit('.').next().unwrap_or(task);
    let named = |task: &&Task| task.option("name").is_some() || task.is_open;
    if facts.tasks().any(|(_, task)| named(&task)) {
        return None;
    }
    let mut same = facts.tasks().filter(|(_, task)| task.name.as_str() == name && !task.is_method);
    let (Some((file, defined)), None) = (same.next(), same.next()) else { return None };
    let mut modules = includes.into_iter().map(Text::as_str).filter(|module| is_module(file, module));
    let module = match (modules.next(), modules.next()) {
        (Some(only), None) => only.to_owned(),
        (None, None) if file.part.is_none() && file.path == file.file_name() => {
            file.path.strip_suffix(".py")?.to_owned()
        }
        _ => return None,
    };
    let meant = format!("{module}.{name}");
    // A name that says more than the module may come from a folder further out.
    meant.strip_suffix(task).is_some_and(|before| before.ends_with('.')).then_some((&defined.name, meant))
}

/// Whether a file is the module of that name: `shop/tasks.py` is `shop.tasks`.
fn is_module(file: &CodeFile, module: &str) -> bool {
    let path = format!("{}.py", module.replace('.', "/"));
    file.part.is_none()
        && file.path.strip_suffix(&path).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// Whether the file tells of every task that it may hold.
fn shows_all(file: &CodeFile) -> bool {
    file.is_whole && file.imports.iter().all(|import| import.name.as_ref().is_none_or(|name| name.as_str() != "*"))
}
