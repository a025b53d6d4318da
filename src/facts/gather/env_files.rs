//! Env files as the programs that read them take them.
//!
//! One line means different things: Compose and shells fill in variables, python-dotenv only `${NAME}`, others none;
//! `docker run --env-file` keeps even the quotes.

use super::containers::{Seen, Syntax, filled, seen_in};
use super::file_name;
use crate::facts::Piece;
use crate::facts::environment::Environment;
use crate::facts::value::Template;
use crate::intake::Kind;
use crate::read::Document;
use crate::read::command_line::program_name;
use crate::read::env_file::{EnvFile, Variable};
use crate::read::shell_words::{self, Word};

/// Who reads an env file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// `env_file` and `.env` of Compose (compose-go/dotenv/parser.go).
    Compose,
    /// `. .env`, `source .env`.
    Shell,
    /// python-dotenv, environs and pydantic-settings.
    Dotenv,
    /// django-environ, python-decouple and honcho: quotes are taken off, and nothing is filled in.
    Plain,
    /// `docker run --env-file`, `kubectl create configmap --from-env-file`: all behind the `=` is the value.
    Raw,
    Unknown,
}

/// The variables of an env file. `outer` is what its reader finds elsewhere, the strongest first.
pub(super) fn variables(file: &EnvFile, reader: Reader, outer: &[&Environment]) -> Environment {
    let mut environment = Environment::default();
    // Only a shell takes the word `export` away everywhere; Docker refuses such a line.
    for variable in file.variables.iter().filter(|variable| reader != Reader::Raw || !variable.exported) {
        let value = value(variable, reader, &environment, outer);
        environment.set(variable.name.clone(), value);
    }
    environment.all_in_env_file();
    environment
}

fn value(variable: &Variable, reader: Reader, before: &Environment, outer: &[&Environment]) -> Option<Template> {
    let value = variable.value.as_ref()?;
    if reader == Reader::Raw {
        let is_one_line = !variable.written.as_str().contains('\n');
        return is_one_line.then(|| Template::plain(variable.written.clone()));
    }
    let syntax = match (reader, variable.quote) {
        (Reader::Dotenv, _) => Syntax::Dotenv,
        // python-dotenv fills in between single quotes too.
        (Reader::Unknown, Some('\'')) if value.as_str().contains("${") => return None,
        (_, Some('\'')) | (Reader::Plain, _) => return Some(Template::plain(value.clone())),
        (Reader::Compose, _) => Syntax::Compose,
        (Reader::Shell, _) => Syntax::Shell,
        _ => Syntax::Any,
    };
    // A dollar that was escaped is no reference any more, and which one it was is not kept.
    if variable.written.as_str().contains("\\$") {
        return None;
    }
    let seen = |name: &str| {
        let known = outer.iter().copied().chain([before]).find(|environment| environment.get(name).is_some());
        // The program may have been started with it.
        known.map_or(Seen::Unset, |environment| seen_in(environment, name))
    };
    if syntax == Syntax::Any && variable.references.is_empty() {
        return Some(Template::plain(value.clone()));
    }
    filled(value, syntax, &seen)
}

/// Whether something makes the real file of this one first.
pub(super) fn is_sample(path: &str) -> bool {
    ["example", "sample", "templ", "tmpl", "tpl", "dist", "j2"].iter().any(|word| path.contains(word))
}

/// What the sample says that stands where a file of that name belongs: `.env.example` for `.env`.
pub(super) fn sample_of(path: &str, named_in: &str, pieces: &[Piece]) -> Option<Environment> {
    let in_parts = |path: &str| path.split('/').filter(|part| *part != ".").map(str::to_owned).collect::<Vec<_>>();
    let mut wanted = in_parts(named_in);
    wanted.pop();
    for part in in_parts(path) {
        match part.as_str() {
            ".." => drop(wanted.pop()),
            _ => wanted.push(part),
        }
    }
    let name = wanted.pop()?;
    let mut samples = pieces.iter().filter_map(|piece| match &piece.document {
        Document::EnvFile(file) if piece.kind == Kind::Env && piece.part.is_none() => {
            let mut at = in_parts(&piece.path);
            let own = at.pop()?;
            let is_it = is_sample(&own) && at == wanted && of_what(&own) == of_what(&name);
            is_it.then_some(file)
        }
        _ => None,
    });
    let file = samples.next().filter(|_| samples.next().is_none())?;
    Some(variables(file, Reader::Compose, &[]).of_sample())
}

/// The words of a name that tell env files apart: `dev` of `.env.dev-sample`.
fn of_what(name: &str) -> Vec<&str> {
    name.split(['.', '-', '_']).filter(|word| !word.is_empty() && *word != "env" && !is_sample(word)).collect()
}

/// Who reads a pasted env file, as far as the rest of the paste shows it.
pub(super) fn reader_of(path: &str, pieces: &[Piece]) -> Reader {
    if is_sample(path) {
        return Reader::Unknown;
    }
    let mut readers = pieces.iter().filter_map(|piece| match &piece.document {
        Document::Commands(_) => reader_in_script(path, piece),
        Document::Python(_) => reader_in_code(piece.text.as_str()),
        _ => None,
    });
    let Some(first) = readers.next() else { return Reader::Unknown };
    if readers.all(|reader| reader == first) { first } else { Reader::Unknown }
}

fn reader_in_code(code: &str) -> Option<Reader> {
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    match (
        has(&["load_dotenv", "dotenv_values", "from environs", "import environs", "pydantic_settings"]),
        has(&["environ.Env", "from environ import", "from decouple"]),
    ) {
        (true, false) => Some(Reader::Dotenv),
        (false, true) => Some(Reader::Plain),
        (true, true) => Some(Reader::Unknown),
        (false, false) => None,
    }
}

fn reader_in_script(path: &str, piece: &Piece) -> Option<Reader> {
    let name = file_name(path);
    if !matches!(piece.kind, Kind::Command | Kind::Shell) || !piece.text.as_str().contains(name) {
        return None;
    }
    let is_it = |word: &str| file_name(word) == name;
    shell_words::read(&piece.text).iter().find_map(|command| {
        let mut words: Vec<&str> = command.words.iter().map(Word::as_str).collect();
        if words.first() == Some(&"sudo") {
            words.remove(0);
        }
        let first = program_name(words.first()?);
        // `--env-file X` and `--env-file=X`.
        let names_it = |option: &str| {
            words.iter().enumerate().any(|(at, word)| match word.strip_prefix(option) {
                Some("") => words.get(at + 1).is_some_and(|word| is_it(word)),
                Some(rest) => rest.strip_prefix('=').is_some_and(is_it),
                None => false,
            })
        };
        match first {
            "source" | "." if words.get(1).is_some_and(|word| is_it(word)) => Some(Reader::Shell),
            "docker-compose" => names_it("--env-file").then_some(Reader::Compose),
            "docker" if words.get(1) == Some(&"compose") => names_it("--env-file").then_some(Reader::Compose),
            // docker/cli, opts/file.go takes a line as it is.
            "docker" => names_it("--env-file").then_some(Reader::Raw),
            "kubectl" | "oc" => names_it("--from-env-file").then_some(Reader::Raw),
            _ => None,
        }
    })
}
