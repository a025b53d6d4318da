//! The options of Flower, from its own words on the command line and from its variables.

use super::Process;
use super::value::Template;
use crate::knowledge::celery::{self, FlowerRow};
use crate::read::shell_words::Word;
use crate::text::Text;

/// An option that Flower is given.
#[derive(Clone, Debug)]
pub struct FlowerOption {
    /// `--basic_auth`, `FLOWER_BASIC_AUTH`.
    pub written: Text,
    /// `None`: there is none, or it is not shown; `is_open` tells the two apart.
    pub value: Option<Template>,
    pub is_open: bool,
}

/// The row of an option as it is written: `--basic-auth` and `--basic_auth` are one.
pub fn row(written: &str) -> Option<&'static FlowerRow> {
    let name = name_of(written);
    celery::flower_options().iter().find(|row| row.option == name)
}

/// The name as the table has it.
pub fn name_of(written: &str) -> String {
    written.trim_start_matches('-').replace('-', "_")
}

/// An option by its name with underscores: the last use on the line, else the variable.
pub fn option(process: &Process, name: &str) -> Option<FlowerOption> {
    let used = process.command.options.iter().rfind(|option| name_of(option.written.as_str()) == name);
    if let Some(used) = used {
        let known = used.value.as_ref().filter(|value| !value.expands);
        return Some(FlowerOption {
            written: used.written.clone(),
            value: known.map(|word: &Word| Template::plain(word.text.clone())),
            is_open: used.value.as_ref().is_some_and(|value| value.expands),
        });
    }
    let variable = process.environment.get(&format!("FLOWER_{}", name.to_ascii_uppercase()))?;
    // What a template fills in is as good as not shown.
    let value = variable.value.clone().filter(|value| !value.as_str().contains("{{"));
    let is_open = value.is_none();
    Some(FlowerOption { written: variable.name.clone(), value, is_open })
}
