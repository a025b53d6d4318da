//! The options of a process as Celery's program reads them: from the command line, else from the environment.

use super::environment::Environment;
use super::value::Template;
use crate::catalogue::version::Version;
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

/// Why a value is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It is none of the choices.
    Choice,
    WholeNumber,
    Number,
    /// `--autoscale` takes one number or two.
    Autoscale,
    /// `auto` came with 5.7.
    AutoTooNew,
    /// Not JSON, or not the kind of JSON that is wanted.
    Json,
    /// The variable of a switch holds none of click's words for yes and no.
    Boolean,
}

/// What click takes for yes and for no (click/types.py, BoolParamType), in lower case.
const YES: [&str; 6] = ["1", "true", "t", "yes", "y", "on"];
const NO: [&str; 6] = ["0", "false", "f", "no", "n", "off"];

impl Given {
    /// The value, where all of it is known.
    pub fn text(&self) -> Option<&Text> {
        self.value.as_ref().and_then(Template::whole)
    }

    /// The whole number that it holds.
    pub fn integer(&self) -> Option<i64> {
        integer(self.text()?.as_str())
    }

    /// Why a version refuses the value; `None` if it takes it, or if the value is not known.
    pub fn misfit(&self, version: Version) -> Option<Misfit> {
        let text = self.text()?.as_str();
        let is_click = version.major >= 5;
        if !self.row.takes_value {
            // `--beat` has a type of its own, which takes any word (celery/bin/worker.py, CeleryBeat).
            let is_word = YES.iter().chain(&NO).any(|word| *word == text.trim().to_ascii_lowercase());
            return (is_click && !is_word && self.row.means != "--beat").then_some(Misfit::Boolean);
        }
        // A variable that nothing fills in is a cause of its own.
        if self.by == GivenBy::CommandLine && text.contains('$') && self.row.kind() != "json" {
            return None;
        }
        let is_number = |text: &str| without_underscores(text).is_some_and(|text| text.parse::<f64>().is_ok());
        let (fits, misfit) = match self.row.kind() {
            // Only the level may be written in either case (celery/bin/base.py, LogLevel).
            "choice" if self.row.means == "--loglevel" => {
                // Celery 4's worker knows two more names (celery/bin/worker.py, mlevel).
                let is_of_4 = !is_click
                    && (self.row.command != "worker"
                        || ["WARN", "NOTSET"].iter().any(|it| it.eq_ignore_ascii_case(text)));
                (self.row.choices().any(|choice| choice.eq_ignore_ascii_case(text)) || is_of_4, Misfit::Choice)
            }
            // Celery 4 imports any other name (celery/concurrency/__init__.py, get_implementation).
            "choice" if self.row.means == "--pool" && !is_click => {
                (text.contains(['.', ':']) || self.row.choices().any(|choice| choice == text), Misfit::Choice)
            }
            "choice" => (self.row.choices().any(|choice| choice == text) || !is_click, Misfit::Choice),
            // argparse took a float here.
            "int" if self.row.means == "--max-interval" && !is_click => (is_number(text), Misfit::Number),
            "int" => (integer(text).is_some(), Misfit::WholeNumber),
            "float" => (is_number(text), Misfit::Number),
            "concurrency" if text.eq_ignore_ascii_case("auto") => {
                (version >= Version { major: 5, minor: 7, patch: 0 }, Misfit::AutoTooNew)
            }
            "concurrency" => (integer(text).is_some_and(|number| number >= 0), Misfit::WholeNumber),
            "autoscale" => {
                let numbers: Vec<&str> = text.split(',').collect();
                (numbers.len() <= 2 && numbers.iter().all(|it| integer(it).is_some()), Misfit::Autoscale)
            }
            "json" => {
                let opens = if self.row.means == "--args" { '[' } else { '{' };
                let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
                (is_json && text.trim_start().starts_with(opens), Misfit::Json)
            }
            _ => return None,
        };
        (!fits).then_some(misfit)
    }

    /// Whether a switch is certainly on: it stands there, or its variable holds one of click's words for yes.
    pub fn is_on(&self) -> bool {
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
        let value = option.value.as_ref().filter(|value| !value.expands && !value.as_str().contains("{{"));
        given.push(Given {
            row,
            written: option.written.clone(),
            value: value.map(|word| Template::plain(word.text.clone())),
            is_open: value.is_none() && row.takes_value,
            by: GivenBy::CommandLine,
        });
    }
    if reads_variables && !environment.is_empty() {
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
    // What a template fills in is as good as not shown.
    let value = variable.value.clone().filter(|value| !value.as_str().contains("{{"));
    let is_open = value.is_none();
    Some(Given { row, written: variable.name.clone(), value, is_open, by: GivenBy::Environment })
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
