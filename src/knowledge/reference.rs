//! What a reader is told about settings and variables beyond what rules need: defaults, sections, a sentence.
//!
//! Only the command line carries these tables; the page does not need them before its first finding.

/// An environment variable that Celery reads.
#[derive(Debug)]
pub struct Variable {
    pub name: &'static str,
    /// The setting that it overrules; empty if none.
    pub sets: &'static str,
    /// The option of the `celery` program that it stands for, since 5.0; empty if none.
    pub option: &'static str,
    pub ko: &'static str,
    pub en: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/reference.rs"));

/// Where the settings are documented.
const SETTINGS_PAGE: &str = "https://docs.celeryq.dev/en/stable/userguide/configuration.html";
/// Where the command line is documented: a section for each sub-command.
const COMMANDS_PAGE: &str = "https://docs.celeryq.dev/en/stable/reference/cli.html";

/// The default of the newest release, as Python writes it; `None` where only code knows it.
pub fn default_of(setting: &str) -> Option<&'static str> {
    let (_, default, _) = REFERENCE.iter().find(|(name, ..)| *name == setting)?;
    (!default.is_empty()).then_some(*default)
}

/// The section of the official page that describes a setting.
pub fn page_of_setting(setting: &str) -> Option<String> {
    let (_, _, section) = REFERENCE.iter().find(|(name, ..)| *name == setting)?;
    match *section {
        "-" => None,
        "" => Some(format!("{SETTINGS_PAGE}#{}", setting.replace('_', "-"))),
        section => Some(format!("{SETTINGS_PAGE}#{section}")),
    }
}

/// The section of the official page that describes a sub-command; the program itself for an empty name.
pub fn page_of_command(command: &str) -> String {
    let section = if command.is_empty() { "celery".to_owned() } else { format!("celery-{command}") };
    format!("{COMMANDS_PAGE}#{section}")
}

/// The variable of a name.
pub fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::celery;

    #[test]
    fn every_setting_has_a_row_and_every_row_a_setting() {
        let rows: Vec<&str> = REFERENCE.iter().map(|(name, ..)| *name).collect();
        let settings: Vec<&str> = celery::settings().iter().map(|row| row.name).collect();
        let missing: Vec<_> = settings.iter().filter(|name| !rows.contains(name)).collect();
        let unknown: Vec<_> = rows.iter().filter(|name| !settings.contains(name)).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "no row: {missing:?}; no setting: {unknown:?}");
    }

    #[test]
    fn variables_name_settings_and_options_that_exist() {
        for variable in VARIABLES {
            assert!(variable.sets.is_empty() || celery::setting(variable.sets).is_some(), "{}", variable.name);
            let option = variable.option;
            assert!(option.is_empty() || celery::option("", option).is_some(), "{}: {option}", variable.name);
            assert!(!variable.ko.is_empty() && !variable.en.is_empty(), "{}", variable.name);
        }
    }
}
