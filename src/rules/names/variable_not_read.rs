use crate::catalogue::cards;
use crate::facts::containers::Script;
use crate::facts::{Facts, Process, Variant};
use crate::finding::Findings;
use crate::knowledge::celery;
use crate::read::command_line::program_name;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::VARIABLE_NOT_READ, sees: SETTINGS_KINDS, check };

/// Names of settings that Celery looks up in the environment too (celery/app/utils.py:97, celery/app/base.py:569 and
/// celery/concurrency/prefork.py:74, 5.7.0); those of options stand in their table.
const READ: [&str; 7] = [
    "CELERY_BROKER_URL",
    "CELERY_BROKER_READ_URL",
    "CELERY_BROKER_WRITE_URL",
    "CELERY_RESULT_BACKEND",
    "CELERY_LOADER",
    "CELERY_LOG_FILE",
    "CELERY_LOG_LEVEL",
];

/// Words of code that reads variables by names which it does not write out.
const READS_MANY: [&str; 12] = [
    "BaseSettings",
    "prefix",
    "prefixed",
    "Dynaconf",
    "dynaconf",
    "from_prefixed_env",
    "config_from_envvar",
    "items",
    "startswith",
    "removeprefix",
    "envparse",
    "vars",
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        if !scope.code_is_closed || is_hidden(variant, process) || READS_MANY.iter().any(|word| scope.mentions(word)) {
            continue;
        }
        for (name, variable) in process.environment.iter() {
            let Some(setting) = setting_of(name) else { continue };
            // `env.bool("NAME")`, `config("NAME")`: whatever reads it, its name stands in quotes.
            let quoted = [format!("\"{name}\""), format!("'{name}'")];
            let is_read = || facts.scopes().any(|(_, it)| quoted.iter().any(|name| it.mentions(name)));
            if !is_read() && !is_in_command(variant, name) {
                findings
                    .add(cards::VariableNotRead { name: &variable.name, setting })
                    .at(&variable.name)
                    .scope(&process.name);
            }
        }
    }
}

/// The setting that a variable is named after, where Celery does not read the variable.
fn setting_of(name: &str) -> Option<&'static str> {
    let commands = [""].into_iter().chain(celery::subcommands());
    let mut variables = commands.flat_map(celery::options).flat_map(|row| row.variables());
    if READ.contains(&name) || variables.any(|variable| variable == name) {
        return None;
    }
    let row = celery::setting_by_old_name(name);
    let by_new_name = || celery::setting(&name.strip_prefix("CELERY_")?.to_ascii_lowercase());
    row.or_else(by_new_name).map(|row| row.name)
}

/// Whether a script or a template that was not shown may use the variable.
fn is_hidden(variant: &Variant, process: &Process) -> bool {
    let container = variant.container_of(process);
    process.command.open
        || container.is_none_or(|it| it.is_template || it.hidden_entrypoint.is_some() || is_other(&it.script))
        || variant.image_of(process).is_some_and(|it| it.hidden_entrypoint.is_some() || is_other(&it.script))
}

fn is_other(script: &Option<Script>) -> bool {
    script.as_ref().is_some_and(|script| program_name(script.file.as_str()) != "celery")
}

/// Whether a command line is filled in with the variable.
fn is_in_command(variant: &Variant, name: &str) -> bool {
    variant.processes.iter().any(|process| {
        let options = process.command.before.iter().chain(&process.command.options);
        options.filter_map(|option| option.value.as_ref()).any(|value| value.as_str().contains(name))
    })
}
