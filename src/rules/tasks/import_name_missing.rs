use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::top_level::Bound;
use crate::facts::tasks::{CodeFile, Import};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::IMPORT_NAME_MISSING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    circles(facts, findings);
    for file in facts.python_code.iter().filter(|file| file.part.is_none() && !file.is_test_code()) {
        for import in file.imports.iter().filter(|import| !import.may_fail && import.conditions.is_empty()) {
            let Some(name) = import.name.as_ref().filter(|name| !name.as_str().starts_with("__")) else { continue };
            // Of another name's module it is not certain that it is the pasted one.
            if !import.module.starts_with('.') || import.is_star {
                continue;
            }
            let Some(number) = facts.imported_by(file, &import.module) else { continue };
            let module = &facts.python_code[number];
            let is_celerys = !module.wiring.apps.is_empty() || !module.tasks.is_empty();
            // A package also has its modules.
            if !is_celerys || !module.is_whole || module.top.is_open || module.file_name() == "__init__.py" {
                continue;
            }
            if module.top.get(name.as_str()).is_none() {
                findings.add(cards::ImportNameMissing::Missing { file: &module.path, name }).at(name);
            }
        }
    }
}

/// Two files that import names of each other at their tops, where each is asked before it has the name.
fn circles(facts: &Facts, findings: &mut Findings) {
    let is_clear = |file: &&CodeFile| file.part.is_none() && file.is_whole && !file.top.is_open && !file.is_test_code();
    let number_of = |file: &CodeFile, module: &str| {
        facts.imported_by(file, module).filter(|_| module.split('.').next() != Some("celery"))
    };
    let is_celerys = |file: &CodeFile| !file.wiring.apps.is_empty() || !file.tasks.is_empty();
    let mut told = Vec::new();
    for asking in facts.python_code.iter().filter(is_clear) {
        for (at, import, name) in certain_imports(asking) {
            let Some(number) = number_of(asking, &import.module) else { continue };
            let asked = &facts.python_code[number];
            let is_module = number_of(asking, &inner(&import.module, name)).is_some();
            let Some(made) = asked.top.position(name.as_str()).filter(|_| !is_module && is_clear(&asked)) else {
                continue;
            };
            // A package is read before its modules.
            let is_package = asked.file_name() == "__init__.py" && asking.folder().starts_with(asked.folder());
            let back = certain_imports(asked).find(|(before, back, other)| {
                let leads_back = |module: &str| {
                    number_of(asked, module).is_some_and(|it| facts.python_code[it].source == asking.source)
                };
                let of_module = || is_package && leads_back(&inner(&back.module, other));
                let is_later = || asking.top.position(other.as_str()).is_some_and(|it| is_package || it > at);
                *before < made && (leads_back(&back.module) && is_later() || of_module())
            });
            // Of a package's module nobody is read before the package.
            let is_first = asking.file_name() == "__init__.py" && asked.folder().starts_with(asking.folder());
            let is_other = asked.source != asking.source && (is_celerys(asked) || is_celerys(asking));
            let Some((_, _, other)) = back.filter(|_| is_other && !is_first) else { continue };
            // It is told where the app is asked for.
            let makes_app = |file: &CodeFile| !file.wiring.apps.is_empty();
            if makes_app(asking) && !makes_app(asked) || told.contains(&(asked.source, asking.source)) {
                continue;
            }
            told.push((asking.source, asked.source));
            findings
                .add(cards::ImportNameMissing::Circle { file: &asked.path, name })
                .at(name)
                .related(other, Role::Conflict);
            break;
        }
    }
}

/// The imports of names that certainly run when the file is read, each with its place among the file's names.
fn certain_imports(file: &CodeFile) -> impl Iterator<Item = (usize, &Import, &Text)> {
    file.top.iter().enumerate().filter_map(|(at, (_, bound))| {
        let Bound::Imported { module, name } = bound else { return None };
        let same = |it: &&Import| it.module == *module && it.name.as_ref().is_some_and(|it| it.as_str() == name);
        let import = file.imports.iter().find(same)?;
        let name = import.name.as_ref()?;
        (!import.may_fail && import.conditions.is_empty()).then_some((at, import, name))
    })
}

/// A module of a package, with the dots of the package.
fn inner(package: &str, name: &Text) -> String {
    let dot = if package.ends_with('.') { "" } else { "." };
    format!("{package}{dot}{}", name.as_str())
}
