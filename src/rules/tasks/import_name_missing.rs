use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::IMPORT_NAME_MISSING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
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
                findings.add(cards::ImportNameMissing { file: &module.path, name }).at(name);
            }
        }
    }
}
