use crate::catalogue::cards;
use crate::facts::tasks::top_level::Bound;
use crate::facts::{Facts, Role as ProcessRole, Said};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::Condition;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_ALWAYS_EAGER_ON, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    taken_in(facts, findings);
    for (variant, scope) in facts.scopes() {
        if scope.is_for_tests || variant.is_for_tests {
            continue;
        }
        let process = scope.process.and_then(|number| variant.processes.get(number));
        let worker = process.filter(|process| process.role == ProcessRole::Worker);
        for said in scope.said("task_always_eager") {
            // The branch that is left where there is no broker is meant so, and so is a demonstration that runs by itself.
            let is_what_is_left = said.conditions.iter().any(|it| !it.holds || Condition::is_of_main(it));
            if said.boolean() != Some(true) || said.is_for_tests() || is_what_is_left || follows_a_switch(&said) {
                continue;
            }
            if facts.code_file_of(&said.known.at).is_some_and(|file| file.is_for_tests()) {
                continue;
            }
            let setting = &said.setting.written;
            let finding = match worker {
                Some(_) => findings.add(cards::TaskAlwaysEagerOn::WithWorker { setting }),
                None => findings.add(cards::TaskAlwaysEagerOn::Alone { setting }),
            };
            finding.at(setting).scope(&scope.name).uncertain_if(said.is_conditional());
            if let Some(subcommand) = worker.and_then(|worker| worker.command.subcommand.as_ref()) {
                finding.related(&Text::clone(subcommand), Role::Conflict);
            }
        }
    }
}

/// `= DEBUG` follows another switch, whatever that stands on here; `= not BROKER` is for where there is no broker.
fn follows_a_switch(said: &Said<'_>) -> bool {
    said.setting.expression.as_ref().is_some_and(|expression| {
        let written = expression.as_str().to_ascii_uppercase();
        written.contains("DEBUG") || written.contains("TEST") || written.starts_with("NOT ")
    })
}

/// Settings for production that take in those of a developer's machine, where it is on.
fn taken_in(facts: &Facts, findings: &mut Findings) {
    const PRODUCTION: [&str; 3] = ["prod", "production", "live"];
    let words = |path: &str| path.to_ascii_lowercase().trim_end_matches(".py").to_owned();
    let is_production = |path: &str| words(path).split(['/', '.', '-', '_']).any(|word| PRODUCTION.contains(&word));
    for file in facts.python_code.iter().filter(|file| file.part.is_none() && is_production(&file.path)) {
        // What it sets itself holds.
        if file.top.iter().any(|(name, _)| name.ends_with("ALWAYS_EAGER")) {
            continue;
        }
        for import in file.imports.iter().filter(|import| import.is_star && !import.may_fail) {
            let taken = facts.imported_by(file, &import.module).map(|number| &facts.python_code[number]);
            let Some(taken) = taken.filter(|taken| taken.is_for_tests() && import.conditions.is_empty()) else {
                continue;
            };
            let is_on = taken.top.iter().find_map(|(name, bound)| match bound {
                Bound::On(setting) if matches!(name, "CELERY_TASK_ALWAYS_EAGER" | "CELERY_ALWAYS_EAGER") => {
                    Some(setting)
                }
                _ => None,
            });
            if let Some(setting) = is_on {
                findings
                    .add(cards::TaskAlwaysEagerOn::Alone { setting })
                    .at(&import.module_at)
                    .related(setting, Role::Cause);
            }
        }
    }
}
