//! From words to what Celery is told: wrappers taken off, sub-command and options told apart.
//!
//! It knows the options of every version together; which of them a given version has is the rules' question.

use super::shell_words::{self, ShellCommand, Word};
use crate::knowledge::celery::{self, OptionRow};
use crate::text::Text;

/// A program as it is started, after `exec`, `gosu`, `poetry run` and the like were taken off.
#[derive(Clone, Debug, Default)]
pub struct Started {
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// Variables set on the line itself.
    pub environment: Vec<(Text, Word)>,
    /// The user that a wrapper changes to, and the wrapper's word.
    pub runs_as: Option<(Text, Text)>,
}

/// A call of Celery's program.
#[derive(Clone, Debug)]
pub struct CeleryCommand {
    pub program: Text,
    pub environment: Vec<(Text, Word)>,
    pub runs_as: Option<(Text, Text)>,
    /// Options before the sub-command.
    pub before: Vec<OptionUse>,
    pub subcommand: Option<Text>,
    /// Options after the sub-command.
    pub options: Vec<OptionUse>,
    /// Words that belong to no option.
    pub stray: Vec<Word>,
    /// Whether some words are filled in only when it runs: then more options may be there than we see.
    pub open: bool,
}

/// An option as it was used.
#[derive(Clone, Debug)]
pub struct OptionUse {
    /// `--uid`, `-l`: without the value.
    pub written: Text,
    /// What the tables know; `None` for an option that no version of this sub-command has.
    pub known: Option<&'static OptionRow>,
    pub value: Option<Word>,
}

impl CeleryCommand {
    /// The uses of an option by its long name, wherever they stand.
    pub fn uses<'a>(&'a self, long: &'a str) -> impl Iterator<Item = &'a OptionUse> {
        self.before.iter().chain(&self.options).filter(move |option| option.known.is_some_and(|row| row.means == long))
    }

    /// The value that holds: the last one given.
    pub fn value<'a>(&'a self, long: &'a str) -> Option<&'a Word> {
        self.uses(long).filter_map(|option| option.value.as_ref()).last()
    }

    pub fn has(&self, long: &str) -> bool {
        self.uses(long).next().is_some()
    }
}

/// Every call of Celery in a text of shell commands.
pub fn celery_commands(text: &Text) -> Vec<CeleryCommand> {
    shell_words::read(text).iter().flat_map(|command| started(command, 0)).filter_map(|it| celery(&it)).collect()
}

/// What a list of words starts, as in an exec form or a Kubernetes `command`.
pub fn started_by_words(words: &[Word]) -> Vec<Started> {
    unwrapped(Started { words: words.to_vec(), ..Started::default() }, 0)
}

/// What a shell command starts.
pub fn started_by_shell(command: &ShellCommand) -> Vec<Started> {
    started(command, 0)
}

fn started(command: &ShellCommand, depth: u32) -> Vec<Started> {
    unwrapped(Started { words: command.words.clone(), environment: command.assignments.clone(), runs_as: None }, depth)
}

/// The last part of a path, without `.exe`.
pub fn program_name(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Takes wrappers off until none is left. `sh -c` may start several programs.
fn unwrapped(mut it: Started, depth: u32) -> Vec<Started> {
    if depth > 8 {
        return vec![it];
    }
    for _ in 0..16 {
        let Some(first) = it.words.first() else { return Vec::new() };
        let name = program_name(first.as_str()).to_owned();
        let taken = match name.as_str() {
            "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" => return inside_shell(it, depth),
            "su" => return inside_su(it, depth),
            "exec" | "nohup" | "time" | "command" | "ddtrace-run" | "opentelemetry-instrument" | "catchsegv" => 1,
            "--" => 1,
            "env" => take_env(&mut it),
            "sudo" => take_sudo(&mut it),
            "gosu" | "su-exec" => take_user(&mut it),
            "setpriv" => after_options(&it.words, 1, &[]),
            "nice" | "ionice" | "chrt" => after_options(&it.words, 1, &["-n", "-c", "-p"]),
            "timeout" => after_options(&it.words, 1, &["-s", "-k", "--signal", "--kill-after"]) + 1,
            "stdbuf" => after_options(&it.words, 1, &["-i", "-o", "-e"]),
            "dumb-init" | "tini" | "catatonit" => after_options(&it.words, 1, &["-r", "--rewrite", "-p", "-e"]),
            "poetry" | "pipenv" | "pdm" | "rye" | "uv" | "hatch" | "pixi" => match runs(&it.words) {
                Some(taken) => taken,
                None => return vec![it],
            },
            "conda" | "micromamba" | "mamba" => match runs(&it.words) {
                Some(taken) => taken,
                None => return vec![it],
            },
            "newrelic-admin" => 2,
            "doppler" | "chamber" | "dotenv" | "infisical" | "op" | "aws-vault" => match double_dash(&it.words) {
                Some(taken) => taken,
                None => match runs(&it.words) {
                    Some(taken) => taken,
                    None => return vec![it],
                },
            },
            name if name.starts_with("python") || name == "py" || name == "pypy3" => match python_module(&it.words) {
                Some(taken) => taken,
                None => return vec![it],
            },
            "celery" => return vec![it],
            // Anything else that hands over with `--`: wait-for-it, watchmedo, kubectl exec, docker-entrypoint …
            _ => match double_dash(&it.words) {
                Some(taken) if !it.words[taken..].is_empty() => taken,
                _ => match container_exec(&it.words) {
                    Some(taken) => taken,
                    None => return vec![it],
                },
            },
        };
        it.words.drain(..taken.min(it.words.len()));
    }
    vec![it]
}

/// `sh -c "…"`: the programs of the script. A script file is left as it is.
fn inside_shell(it: Started, depth: u32) -> Vec<Started> {
    let script = it.words.iter().position(|word| {
        let word = word.as_str();
        word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
    });
    match script.and_then(|at| it.words.get(at + 1)) {
        Some(script) => inside(&script.text, &it, depth),
        None => vec![it],
    }
}

/// `su user -c "…"` and `su - user -c "…"`.
fn inside_su(mut it: Started, depth: u32) -> Vec<Started> {
    let user = it.words.iter().skip(1).find(|word| !word.as_str().starts_with('-')).cloned();
    it.runs_as = user.zip(it.words.first()).map(|(user, su)| (user.text, su.text.clone()));
    let script = it.words.iter().position(|word| word.as_str() == "-c").and_then(|at| it.words.get(at + 1)).cloned();
    match script {
        Some(script) => inside(&script.text, &it, depth),
        None => vec![it],
    }
}

fn inside(script: &Text, outer: &Started, depth: u32) -> Vec<Started> {
    shell_words::read(script)
        .iter()
        .flat_map(|command| started(command, depth + 1))
        .map(|mut inner| {
            let mut environment = outer.environment.clone();
            environment.append(&mut inner.environment);
            Started { environment, runs_as: inner.runs_as.or_else(|| outer.runs_as.clone()), ..inner }
        })
        .collect()
}

fn take_env(it: &mut Started) -> usize {
    let mut taken = 1;
    while let Some(word) = it.words.get(taken) {
        match word.as_str().find('=') {
            Some(equals) if !word.as_str().starts_with('-') => {
                let name = word.text.slice(0..equals);
                let value = Word { text: word.text.slice(equals + 1..word.text.len()), ..word.clone() };
                it.environment.push((name, value));
            }
            None if word.as_str() == "-u" => taken += 1,
            _ if word.as_str().starts_with('-') => {}
            _ => break,
        }
        taken += 1;
    }
    taken
}

fn take_sudo(it: &mut Started) -> usize {
    let mut taken = 1;
    while let Some(word) = it.words.get(taken).filter(|word| word.as_str().starts_with('-')) {
        let takes_value = matches!(word.as_str(), "-u" | "--user" | "-g" | "--group");
        if matches!(word.as_str(), "-u" | "--user")
            && let Some(user) = it.words.get(taken + 1)
        {
            it.runs_as = Some((user.text.clone(), it.words[0].text.clone()));
        }
        taken += if takes_value { 2 } else { 1 };
    }
    taken
}

fn take_user(it: &mut Started) -> usize {
    if let Some(user) = it.words.get(1) {
        it.runs_as = Some((user.text.clone(), it.words[0].text.clone()));
    }
    2
}

/// The first word from `from` on that is neither an option nor an option's value.
fn after_options(words: &[Word], from: usize, with_value: &[&str]) -> usize {
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
fn runs(words: &[Word]) -> Option<usize> {
    let run = words.iter().position(|word| word.as_str() == "run")?;
    let from = run + 1;
    // Options of `run` differ from tool to tool; the program is the word that we know, else the first plain one.
    let known = words[from..].iter().position(|word| {
        let name = program_name(word.as_str());
        name == "celery" || name == "watchmedo" || name.starts_with("python")
    });
    Some(known.map_or_else(|| after_options(words, from, &["-n", "--with", "--env-file", "--package"]), |at| from + at))
}

fn double_dash(words: &[Word]) -> Option<usize> {
    words.iter().position(|word| word.as_str() == "--").map(|at| at + 1)
}

/// `python -u -m celery …`: the place of `celery`.
fn python_module(words: &[Word]) -> Option<usize> {
    let module = words.iter().position(|word| word.as_str() == "-m")? + 1;
    // Everything between the program and `-m` must be an option.
    let are_options = words[1..module - 1].iter().all(|word| word.as_str().starts_with('-'));
    (are_options && words.get(module).is_some_and(|word| word.as_str() == "celery")).then_some(module)
}

/// `docker compose exec web celery …`, `docker run image celery …`: the place of `celery`.
fn container_exec(words: &[Word]) -> Option<usize> {
    let program = program_name(words.first()?.as_str());
    let is_engine = ["docker", "docker-compose", "podman", "nerdctl"].contains(&program);
    let enters = words.iter().any(|word| ["exec", "run"].contains(&word.as_str()));
    let celery = words.iter().position(|word| word.as_str() == "celery")?;
    // A service may itself be called celery: then another word `celery` follows.
    let last = words.iter().rposition(|word| word.as_str() == "celery")?;
    let place = if last > celery { last } else { celery };
    (is_engine && enters && place + 1 < words.len()).then_some(place)
}

/// The call of Celery's program, if it is one.
pub fn celery(started: &Started) -> Option<CeleryCommand> {
    let program = started.words.first().filter(|word| program_name(word.as_str()) == "celery" && !word.expands)?;
    let mut command = CeleryCommand {
        program: program.text.clone(),
        environment: started.environment.clone(),
        runs_as: started.runs_as.clone(),
        before: Vec::new(),
        subcommand: None,
        options: Vec::new(),
        stray: Vec::new(),
        open: false,
    };
    let mut words = started.words[1..].iter().peekable();
    while let Some(word) = words.next() {
        let text = word.as_str();
        if text == "--" {
            command.stray.extend(words.cloned());
            break;
        }
        if text.starts_with('-') && text.len() > 1 {
            let subcommand = command.subcommand.as_ref().map(|name| name.as_str().to_owned());
            let mut uses = options_in(word, subcommand.as_deref());
            if let Some(last) = uses.last_mut()
                && last.value.is_none()
                && last.known.is_some_and(|row| row.takes_value)
            {
                last.value = words.next().cloned();
            }
            if command.subcommand.is_some() { &mut command.options } else { &mut command.before }.append(&mut uses);
        } else if word.expands && (command.subcommand.is_none() || text.starts_with(['$', '"'])) {
            command.open = true;
        } else if command.subcommand.is_none() {
            command.subcommand = Some(word.text.clone());
        } else {
            command.stray.push(word.clone());
        }
    }
    Some(command)
}

/// The options that one word holds: `--uid=x`, `-lINFO`, `-EB`.
fn options_in(word: &Word, subcommand: Option<&str>) -> Vec<OptionUse> {
    let text = word.as_str();
    let with_value = |written: Text, known: Option<&'static OptionRow>, value: Text| OptionUse {
        written,
        known,
        value: Some(Word { text: value, ..word.clone() }),
    };
    if text.starts_with("--") {
        return match text.find('=') {
            Some(equals) => {
                let written = word.text.slice(0..equals);
                let known = known_option(subcommand, written.as_str());
                vec![with_value(written, known, word.text.slice(equals + 1..text.len()))]
            }
            None => vec![OptionUse { written: word.text.clone(), known: known_option(subcommand, text), value: None }],
        };
    }
    let mut uses = Vec::new();
    let letters: Vec<(usize, char)> = text.char_indices().skip(1).collect();
    for (index, &(at, letter)) in letters.iter().enumerate() {
        let known = known_option(subcommand, &format!("-{letter}"));
        let written = if index == 0 {
            word.text.slice(0..at + letter.len_utf8())
        } else {
            word.text.slice(at..at + letter.len_utf8())
        };
        let rest = at + letter.len_utf8();
        match known {
            Some(row) if row.takes_value && rest < text.len() => {
                let value = if text[rest..].starts_with('=') { rest + 1 } else { rest };
                uses.push(with_value(written, known, word.text.slice(value..text.len())));
                break;
            }
            // An unknown letter makes the rest unreadable.
            None => {
                uses.push(OptionUse { written: word.text.clone(), known: None, value: None });
                break;
            }
            Some(_) => uses.push(OptionUse { written, known, value: None }),
        }
    }
    uses
}

/// What the tables know of an option. Before the sub-command, Celery 4 took the sub-command's options too.
fn known_option(subcommand: Option<&str>, written: &str) -> Option<&'static OptionRow> {
    match subcommand {
        Some(subcommand) => celery::option(subcommand, written)
            // A sub-command that does not exist was meant to be one that does: most often the worker.
            .or_else(|| celery::options(subcommand).is_empty().then(|| celery::option("worker", written)).flatten())
            .or_else(|| celery::option("", written)),
        None => celery::option("", written).or_else(|| celery::option("worker", written)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn commands(text: &str) -> Vec<CeleryCommand> {
        celery_commands(&Text::of_source(SourceId(0), text.into()))
    }

    #[test]
    fn wrappers_are_taken_off() {
        for line in [
            "celery -A proj worker -l info",
            "exec celery -A proj worker -l info",
            "python -u -m celery -A proj worker -l info",
            "poetry run celery -A proj worker -l info",
            "uv run --no-dev celery -A proj worker -l info",
            "dumb-init -- celery -A proj worker -l info",
            "/usr/bin/tini -g -- gosu app /venv/bin/celery -A proj worker -l info",
            "sh -c 'cd /app && exec celery -A proj worker -l info'",
            "A=1 env B=2 celery -A proj worker -linfo",
            "./wait-for-it.sh rabbit:5672 -- celery -A proj worker -l info",
            "watchmedo auto-restart -d . -p '*.py' -- celery -A proj worker --loglevel=info",
            "docker compose exec worker celery -A proj worker -l info",
            "kubectl exec -it pod -- celery -A proj worker -l info",
            "sudo -u celery -E celery -A proj worker -l info",
            "su - app -c \"celery -A proj worker -l info\"",
            "timeout -k 5 30 celery -A proj worker -l info",
        ] {
            let commands = commands(line);
            assert_eq!(commands.len(), 1, "{line}");
            assert_eq!(commands[0].subcommand.as_ref().map(Text::as_str), Some("worker"), "{line}");
            assert_eq!(commands[0].value("--loglevel").map(Word::as_str), Some("info"), "{line}");
            assert_eq!(commands[0].value("--app").map(Word::as_str), Some("proj"), "{line}");
        }
        assert!(commands("pip install celery\necho celery worked\napt-get install celery").is_empty());
    }

    #[test]
    fn options_are_told_from_values() {
        let commands = commands("celery -A p worker -EBc4 -Ofair --uid=nobody --gid nogroup -Q 'a,b' $EXTRA stray");
        let worker = &commands[0];
        assert!(worker.has("--task-events") && worker.has("--beat") && worker.open);
        assert_eq!(worker.value("--concurrency").map(Word::as_str), Some("4"));
        assert_eq!(worker.value("--optimization").map(Word::as_str), Some("fair"));
        assert_eq!(worker.value("--gid").map(Word::as_str), Some("nogroup"));
        assert_eq!(worker.stray.iter().map(Word::as_str).collect::<Vec<_>>(), ["stray"]);
    }

    #[test]
    fn a_user_of_a_wrapper_is_known() {
        let commands = commands("gosu app celery -A p worker");
        assert_eq!(commands[0].runs_as.as_ref().map(|(user, _)| user.as_str()), Some("app"));
    }
}
