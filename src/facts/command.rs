//! The options of a process as Celery's program reads them: from the command line, else from the environment.

use super::environment::Environment;
use super::value::Template;
use crate::knowledge::celery::{self, OptionRow};
use crate::read::command_line::CeleryCommand;
use crate::text::Text;

/// An option that a process is given.
#[derive(Clone, Debug)]
pub struct Given {
    /// The row of its long name.
    pub row: &'static OptionRow,
    /// As it is written where it is given: `-c`, `CELERY_WORKER_CONCURRENCY`.
    pub written: Text,
    /// `None`: a switch, or a value that is not shown; `is_open` tells the two apart.
    pub value: Option<Template>,
    /// Whether it has a value that is filled in only when it runs.
    pub is_open: bool,
    pub by: GivenBy,
}

/// Where an option comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenBy {
    CommandLine,
    /// click looks there for every option that the command line does not give, since Celery 5.0.
    Environment,
}

impl Given {
    /// Whether a switch is certainly on: it stands there, or its variable holds one of click's words for yes.
    pub fn is_on(&self) -> bool {
        const YES: [&str; 6] = ["1", "true", "t", "yes", "y", "on"];
        match (&self.value, self.is_open) {
            (None, open) => !open,
            (Some(value), _) => {
                value.whole().is_some_and(|text| YES.contains(&text.trim().as_str().to_ascii_lowercase().as_str()))
            }
        }
    }
}

/// The options that a command is given: the last use of each on the line, and then what the environment adds.
pub(super) fn given(command: &CeleryCommand, environment: &Environment, reads_variables: bool) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    for option in command.before.iter().chain(&command.options) {
        let Some(row) = option.known.map(OptionRow::long) else { continue };
        given.retain(|earlier| earlier.row.means != row.means);
        let value = option.value.as_ref().filter(|value| !value.expands);
        given.push(Given {
            row,
            written: option.written.clone(),
            value: value.map(|word| Template::plain(word.text.clone())),
            is_open: value.is_none() && row.takes_value,
            by: GivenBy::CommandLine,
        });
    }
    if reads_variables {
        let subcommand = command.subcommand.as_ref().map_or("", Text::as_str);
        let of_subcommand = if subcommand.is_empty() { &[] } else { celery::options(subcommand) };
        for row in celery::options("").iter().chain(of_subcommand).filter(|row| row.option == row.means) {
            if !given.iter().any(|it| it.row.means == row.means) {
                given.extend(by_variable(row, environment));
            }
        }
    }
    given
}

/// An option from its variable. An empty variable counts as none (click, Parameter.resolve_envvar_value).
fn by_variable(row: &'static OptionRow, environment: &Environment) -> Option<Given> {
    let variable = row.variables().filter_map(|name| environment.get(name)).find(|variable| {
        let is_empty = variable.value.as_ref().and_then(Template::whole).is_some_and(|text| text.is_empty());
        !is_empty
    })?;
    Some(Given {
        row,
        written: variable.name.clone(),
        value: variable.value.clone(),
        is_open: variable.value.is_none(),
        by: GivenBy::Environment,
    })
}

/// A whole number as Python's `int` reads it from a text.
pub fn integer(text: &str) -> Option<i64> {
    without_underscores(text)?.parse().ok()
}

/// A number as Python's `float` reads it from a text; `inf` and `nan` are none.
pub fn float(text: &str) -> Option<f64> {
    without_underscores(text)?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Python takes single underscores between digits: `1_000`.
fn without_underscores(text: &str) -> Option<String> {
    let text = text.trim();
    let is_misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!is_misplaced).then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        assert_eq!(["4", " 4 ", "+4", "1_000", "-1"].map(integer), [Some(4), Some(4), Some(4), Some(1000), Some(-1)]);
        assert_eq!(["", "4.0", "auto", "1__0", "_1"].map(integer), [None; 5]);
        assert_eq!(["1.5", "1e3", "nan"].map(float), [Some(1.5), Some(1000.0), None]);
    }
}
