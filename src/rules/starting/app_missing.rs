use crate::catalogue::cards;
use crate::facts::{Facts, Process, Role, Variant};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::APP_MISSING, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let Some(subcommand) = &process.command.subcommand else { continue };
        // `multi` hands its options on, `report` and `shell` are of use without an app.
        let needs_app = matches!(process.role, Role::Worker | Role::Beat)
            || ["inspect", "control", "status", "purge"].contains(&subcommand.as_str());
        let is_container = process.container.is_some() || process.image.is_some();
        if !needs_app
            || !is_container
            || is_airflow(variant, process)
            || process.command.open
            || names_app(process)
            || has_config(facts)
        {
            continue;
        }
        findings.add(cards::AppMissing { subcommand }).at(subcommand).scope(&process.name).uncertain_if(true);
    }
}

/// The entrypoint of Airflow's image starts `airflow celery worker`, and Airflow knows its app.
fn is_airflow(variant: &Variant, process: &Process) -> bool {
    let is_it = |text: &str| text.to_ascii_lowercase().contains("airflow");
    variant.image_of(process).is_some_and(|image| is_it(image.base.as_str()))
        || variant.container_of(process).is_some_and(|container| {
            is_it(&container.name) || container.image.as_ref().is_some_and(|image| is_it(image.as_str()))
        })
}

/// Whether an option or a variable names the app, or the module that configures the default one.
fn names_app(process: &Process) -> bool {
    let by_option = ["--app", "--config", "--loader", "--workdir", "--broker"];
    let by_variable = [
        "CELERY_APP",
        "APP",
        "CELERY_CONFIG_MODULE",
        "CELERY_CONFIG",
        "CELERY_LOADER",
        "CONFIG_MODULE",
        "CELERY_BROKER_URL",
    ];
    let asks_for_help = process.command.options.iter().any(|option| option.written.as_str() == "--help");
    by_option.iter().any(|name| process.option(name).is_some())
        || by_variable.iter().any(|name| process.environment.get(name).is_some())
        || asks_for_help
}

/// Whether the paste shows the module that the default app reads (celery/loaders/default.py).
fn has_config(facts: &Facts) -> bool {
    facts.files.iter().any(|path| path.ends_with("celeryconfig.py"))
}
