//! Classes of settings: which of several an app is configured from, and what that class and its bases give.

use std::collections::HashMap;

use super::held::{Held, Holder, PythonSettings};
use crate::facts::python::Evaluator;
use crate::facts::python::classes::{Base, Line};
use crate::read::python::{Condition, ConditionKind};
use crate::text::Text;

/// The class that an app is certainly configured from.
pub(in crate::facts) struct ChosenClass {
    /// The class and its bases as Python asks them, each with the number of its file.
    pub(in crate::facts) line: Vec<(usize, String)>,
    /// Which of them gives each setting.
    given: Vec<(&'static str, usize)>,
}

impl ChosenClass {
    pub(in crate::facts) fn new<'a>(
        line: Vec<(usize, String)>,
        found: impl Iterator<Item = &'a PythonSettings>,
    ) -> ChosenClass {
        let mut chosen = ChosenClass { line, given: Vec::new() };
        for held in found.flat_map(|found| &found.settings) {
            let Some(rank) = chosen.rank(&held.holder) else { continue };
            match chosen.given.iter_mut().find(|(name, _)| *name == held.setting.name) {
                Some((_, known)) => *known = rank.min(*known),
                None => chosen.given.push((held.setting.name, rank)),
            }
        }
        chosen
    }

    fn rank(&self, holder: &Holder) -> Option<usize> {
        let Holder::Class(file, class) = holder else { return None };
        self.line.iter().position(|(in_file, name)| in_file == file && name == class)
    }

    /// Whether it is no class of its own that holds a setting, or the first of the line that does.
    pub(super) fn holds(&self, held: &Held) -> bool {
        match self.rank(&held.holder) {
            Some(rank) => self.given.contains(&(held.setting.name, rank)),
            None => !matches!(held.holder, Holder::Class(..)),
        }
    }

    /// Whether a class of the line holds the name.
    pub(in crate::facts) fn has(&self, holder: &Holder) -> bool {
        self.rank(holder).is_some()
    }
}

/// What stands in a class of pydantic's `BaseSettings` holds where no variable says something else.
pub(super) fn fill(found: &mut PythonSettings, evaluator: &Evaluator<'_>) {
    let own = evaluator.modules.map_or(0, |(_, file)| file);
    for held in &mut found.settings {
        let Holder::Class(file, path) = &held.holder else { continue };
        let class = evaluator.classes.get(path).filter(|class| class.file == own && *file == own);
        let Some(line) = class.map(Line::of).filter(Line::is_filled) else { continue };
        let at = held.setting.expression.as_ref().unwrap_or(&held.setting.written).clone();
        let default = std::mem::take(&mut held.setting.alternatives);
        held.setting.alternatives = evaluator.filled(&line, held.setting.written.as_str(), &default, &at);
    }
}

/// Whether a class is called after tests, or after one's own machine.
pub(super) fn is_for_tests(class: &str) -> bool {
    let name = class.to_ascii_lowercase();
    ["test", "dev", "local"].iter().any(|word| name.contains(word))
}

/// Classes that give the same settings are alternatives: the app is configured from one of them.
pub(super) fn choose_class(found: &mut PythonSettings, evaluator: &Evaluator<'_>) {
    let mut classes: Vec<Holder> = Vec::new();
    for held in &found.settings {
        if matches!(held.holder, Holder::Class(..)) && !classes.contains(&held.holder) {
            classes.push(held.holder.clone());
        }
    }
    for held in &mut found.settings {
        let Holder::Class(_, class) = &held.holder else { continue };
        // A class that is called after tests is for them, and a lone base is meant to be overruled.
        let name = class.to_ascii_lowercase();
        let is_any = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let is = match () {
            () if is_for_tests(class) => ConditionKind::Class,
            () if classes.len() == 1 && is_any(&["base", "default", "common"]) => ConditionKind::Set,
            () => continue,
        };
        let condition = Condition { test: Text::pointing_at(&held.setting.written, class), is, holds: true };
        for alternative in &mut held.setting.alternatives {
            alternative.conditions.push(condition.clone());
        }
    }
    if classes.len() < 2 {
        return;
    }
    let is_inherited = |holder: &&Holder| {
        let Holder::Class(file, name) = holder else { return false };
        let is_it = |base: &Base| matches!(base, Base::Shown(class) if class.file == *file && class.name == *name);
        evaluator.classes.values().any(|class| class.bases.iter().any(is_it))
    };
    let chosen: Vec<&Holder> = classes.iter().filter(|class| !is_inherited(class)).collect();
    let shares = |class: &Holder| {
        let of = |class: &Holder| -> Vec<&str> {
            found.settings.iter().filter(|held| held.holder == *class).map(|held| held.setting.name).collect()
        };
        let own = of(class);
        chosen.iter().any(|other| *other != class && of(other).iter().any(|name| own.contains(name)))
    };
    let alternatives: Vec<Holder> =
        chosen.iter().filter(|class| chosen.len() > 1 || shares(class)).map(|class| (*class).clone()).collect();
    let mut overruling: HashMap<&'static str, Vec<String>> = HashMap::new();
    for held in found.settings.iter().filter(|held| alternatives.contains(&held.holder)) {
        let Holder::Class(_, class) = &held.holder else { continue };
        overruling.entry(held.setting.name).or_default().push(class.clone());
    }
    for held in &mut found.settings {
        let Holder::Class(_, class) = &held.holder else { continue };
        // What a base class says holds unless the chosen class says something else.
        let is_overruled = !alternatives.contains(&held.holder);
        if is_overruled && alternatives.len() < 2 {
            continue;
        }
        let test = Text::pointing_at(&held.setting.written, class);
        let kind = if is_overruled { ConditionKind::Set } else { ConditionKind::Class };
        let others = overruling.get(held.setting.name).filter(|_| is_overruled).into_iter().flatten();
        let others: Vec<Text> = others.map(|class| Text::pointing_at(&held.setting.written, class)).collect();
        for alternative in &mut held.setting.alternatives {
            alternative.conditions.push(Condition { test: test.clone(), is: kind, holds: true });
            let not = |test: &Text| Condition { test: test.clone(), is: ConditionKind::Class, holds: false };
            alternative.conditions.extend(others.iter().map(not));
        }
    }
}
