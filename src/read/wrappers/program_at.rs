//! Where among the words of a wrapper the program stands that it starts.

use super::{Step, is_python, is_shell, program_name};
use crate::read::shell_words::Word;
use crate::text::Text;

/// The first word from `from` on that is neither an option nor an option's value.
pub(super) fn after_options(words: &[Word], from: usize, with_value: &[&str]) -> usize {
    let mut at = from;
    while let Some(word) = words.get(at).map(Word::as_str).filter(|word| word.starts_with('-')) {
        at += 1;
        if word == "--" {
            break;
        }
        if with_value.contains(&word) {
            at += 1;
        }
    }
    at
}

/// `poetry run celery …`, `uv run --with x celery …`: the word after `run` and its options.
pub(super) fn runs(words: &[Word]) -> Step {
    let Some(run) = words.iter().position(|word| ["run", "tool"].contains(&word.as_str())) else { return Step::Stop };
    let from = run + 1;
    // Options of `run` differ from tool to tool; the program is the word that we know, else the first plain one.
    match known_program(words, from) {
        Some(at) => Step::Take(at),
        None => Step::Take(after_options(words, from, &["-n", "--with", "--env-file", "--package", "-a", "--app"])),
    }
}

/// `watchmedo auto-restart -d . celery …`: the word that we know, behind options that we do not.
pub(super) fn by_known_program(words: &[Word], from: usize) -> Step {
    // `watchmedo … -- shop-server celery worker`
    if let Some(at) = double_dash(words).filter(|at| words.get(at + 1).is_some_and(|word| word.as_str() == "celery")) {
        return Step::Take(at);
    }
    known_program(words, from).map_or(Step::Stop, Step::Take)
}

/// The first word that is Celery's program, a Python, or a `-m celery`.
fn known_program(words: &[Word], from: usize) -> Option<usize> {
    (from..words.len()).find(|&at| {
        let name = program_name(words[at].as_str());
        let is_value = words[at - 1].as_str().starts_with("--") && words.get(at + 1).is_none();
        let is_from = ["--from", "--with", "--spec", "--name", "-n", "-a", "--app"].contains(&words[at - 1].as_str());
        (name == "celery" || name == "watchmedo" || is_python(name)) && !is_value && !is_from
    })
}

/// A quoted word that is a command of its own: `watchfiles 'celery -A shop worker' src`.
pub(super) fn quoted_command(words: &[Word]) -> Option<Step> {
    let word = words[1..].iter().find(|word| {
        word.as_str().split_once(' ').is_some_and(|(program, _)| {
            let name = program_name(program);
            name == "celery" || is_python(name) || is_shell(name) || ["exec", "cd", "poetry", "uv"].contains(&name)
        })
    })?;
    Some(Step::Script(word.text.clone()))
}

/// `-A`, `--app`, `--app=shop`.
pub(in crate::read) fn gives_app(word: &str) -> bool {
    ["-A", "--app"].contains(&word) || word.starts_with("--app=")
}

/// Where Celery is given its app behind a program that we do not know: `envdir /etc/shop celery -A shop worker`.
pub(super) fn celery_with_an_app(words: &[Word]) -> Option<usize> {
    let is_celery = |word: &str| word == "celery" || word.ends_with("/bin/celery") || word.ends_with("\\celery.exe");
    (1..words.len().saturating_sub(1)).find(|&at| is_celery(words[at].as_str()) && gives_app(words[at + 1].as_str()))
}

pub(super) fn double_dash(words: &[Word]) -> Option<usize> {
    words.iter().position(|word| word.as_str() == "--").map(|at| at + 1)
}

/// `python -u -m celery …`, `python -m debugpy --listen 5678 -m celery …`, `python venv/bin/celery …`: its place.
pub(super) fn python_module(words: &[Word]) -> Step {
    // `python -m pytest -m celery` runs the tests with that mark.
    if words.windows(2).any(|pair| pair[0].as_str() == "-m" && ["pytest", "pylint"].contains(&pair[1].as_str())) {
        return Step::Stop;
    }
    let is_celery = |word: &Word| ["celery", "celery.__main__", "celery.bin.celery"].contains(&word.as_str());
    let module = (1..words.len()).find(|&at| words[at - 1].as_str() == "-m" && is_celery(&words[at]));
    let script = after_options(words, 1, &["-W", "-X", "-c", "-m"]);
    let starts_others = ["watchfiles", "watchdog.watchmedo", "coverage", "dotenv", "honcho", "poetry", "pipenv", "uv"];
    match module {
        Some(at) => Step::Take(at),
        // `python -m watchfiles 'celery -A shop worker'`
        None if words.get(2).is_some_and(|word| starts_others.contains(&word.as_str()))
            && words[1].as_str() == "-m" =>
        {
            Step::Take(2)
        }
        // `python manage.py celery worker`
        None if words.get(script).is_some_and(|word| program_name(word.as_str()) == "manage.py") => Step::Take(script),
        None if words.get(script).is_some_and(|word| program_name(word.as_str()) == "celery")
            && words[..script].iter().all(|word| !["-m", "-c"].contains(&word.as_str())) =>
        {
            Step::Take(script)
        }
        None => Step::Stop,
    }
}

/// `watchfiles celery.__main__.main --args '-A shop worker'`, `watchgod celery.__main__.main --args -A shop worker`:
/// Celery's own function, as the call of the program that it stands for.
pub(super) fn watched_function(words: &[Word]) -> Option<Vec<Word>> {
    let function = words.iter().find(|word| word.as_str() == "celery.__main__.main")?;
    let arguments = &words[words.iter().position(|word| word.as_str() == "--args")? + 1..];
    let program = Word { text: Text::pointing_at(&function.text, "celery"), ..function.clone() };
    // watchfiles takes one word for all of them, and paths may follow it.
    let arguments = match arguments {
        [one, ..] if one.as_str().contains(' ') => one.split(),
        several => several.to_vec(),
    };
    Some(std::iter::once(program).chain(arguments).collect())
}
