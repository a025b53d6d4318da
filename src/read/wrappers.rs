//! Takes off what stands before a program: `exec`, `gosu app`, `poetry run`, `docker compose exec web`, `sh -c "…"`.

mod containers;
pub(super) mod program_at;
mod users;

use self::program_at::{
    after_options, by_known_program, celery_with_an_app, double_dash, python_module, quoted_command, runs,
    watched_function,
};
use super::shell_words::{ShellCommand, Word, is_keyword};
use super::{fill_ins, shell_script};
use crate::text::Text;

/// A program as it is started, after its wrappers were taken off.
#[derive(Clone, Debug, Default)]
pub struct Started {
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// Variables set on the line itself, and those that the script exported before it.
    pub environment: Vec<(Text, Word)>,
    /// The user that a wrapper changes to, and the wrapper's word.
    pub runs_as: Option<(Text, Text)>,
    /// Whether its script goes on after it, or does something beside it.
    pub is_followed: bool,
    /// Whether its script may go on while it runs: in the background, or behind a wrapper that may come back at once.
    pub is_beside: bool,
    /// Whether its script starts it in the background of the same machine: `celery worker &`.
    pub is_in_background: bool,
    /// Whether its script is one for Windows, and runs it there.
    pub is_on_windows: bool,
    /// Whether another program writes into it.
    pub is_piped: bool,
    /// Whether it is the last of its script, which does not wait for it: `celery worker &`.
    pub is_left_behind: bool,
    /// Whether a shell waits for it that hands on no signals: no `exec` stands before it.
    pub is_forked: bool,
    /// What its script has set and does not hand on: names, and the values' places.
    pub unexported: Vec<(String, Text)>,
    /// Whether a branch, a loop or a function of its script decides about it.
    pub is_conditional: bool,
    /// Whether a program of the project starts Celery and gives it the app: `manage.py celery worker`.
    pub has_own_app: bool,
    /// Whether that program's options are its own.
    pub has_own_options: bool,
    /// Whether that program is `manage.py`.
    pub of_manage: bool,
    /// The first word that stands behind `sh -c program`: the shell gives none of them to the program.
    pub lost: Option<Text>,
    /// Whether its script removes a file of process numbers before it.
    pub removes_pidfile: bool,
    /// A server before it in its script, which does not end: `gunicorn`.
    pub behind_server: Option<Text>,
    /// The first server behind it in its script.
    pub before_server: Option<Text>,
}

/// Scripts in scripts beyond this depth are not followed.
const DEEPEST: u32 = 8;

/// What one wrapper does to the words behind it.
enum Step {
    /// So many words belong to the wrapper.
    Take(usize),
    /// This is the program.
    Stop,
    /// The wrapper starts what a text of shell commands says.
    Script(Text),
}

/// What a list of words starts, as in an exec form or a Kubernetes `command`.
pub fn started_by_words(words: &[Word]) -> Vec<Started> {
    unwrapped(Started { words: words.to_vec(), ..Started::default() }, 0)
}

/// What a program starts that is given an environment.
pub fn started_in(program: Started) -> Vec<Started> {
    unwrapped(program, 0)
}

/// What a shell command starts.
pub fn started_by_shell(command: &ShellCommand) -> Vec<Started> {
    started(command, 0)
}

pub(super) fn started(command: &ShellCommand, depth: u32) -> Vec<Started> {
    unwrapped(
        Started { words: command.words.clone(), environment: command.assignments.clone(), ..Started::default() },
        depth,
    )
}

/// The last part of a path, without `.exe`.
pub fn program_name(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let suffix = [".exe", ".EXE", ".cmd", ".bat"].into_iter().find(|suffix| name.ends_with(suffix));
    suffix.map_or(name, |suffix| &name[..name.len() - suffix.len()])
}

/// The script file that words start, if they do: `./entrypoint.sh`, `/bin/bash -e entrypoint.sh`.
pub fn script_file(words: &[Word]) -> Option<&Text> {
    let first = words.first()?;
    if is_script(first.as_str()) {
        return Some(&first.text);
    }
    if !is_shell(program_name(first.as_str())) {
        return script_file(words.get(steps_over(words)?..)?);
    }
    words[1..].iter().find(|word| !word.as_str().starts_with('-')).map(|word| &word.text).filter(|text| {
        let name = text.as_str();
        is_script(name) || (name.starts_with(['/', '.']) && !name.contains(' '))
    })
}

/// How many words the wrappers take that may stand before a script.
fn steps_over(words: &[Word]) -> Option<usize> {
    let program = program_name(words.first()?.as_str());
    match program {
        "exec" | "--" => Some(1),
        "tini" | "dumb-init" | "catatonit" | "docker-init" => Some(after_init(words)),
        "gosu" | "su-exec" => Some(2),
        _ => None,
    }
}

fn is_script(word: &str) -> bool {
    [".sh", ".bash"].iter().any(|end| word.ends_with(end)) && !word.contains([' ', '$'])
}

fn is_shell(program: &str) -> bool {
    ["sh", "bash", "dash", "ash", "zsh", "ksh"].contains(&program)
}

/// Takes wrappers off until none is left. `sh -c` may start several programs.
fn unwrapped(mut it: Started, depth: u32) -> Vec<Started> {
    if depth > DEEPEST {
        return vec![it];
    }
    it.words = fill_ins::joined(it.words);
    for _ in 0..16 {
        // `@celery …` of a Makefile and of cmd.exe: do not print it; `-celery …`: go on after an error.
        if let Some(first) = it.words.first_mut() {
            let behind = first.as_str().trim_start_matches(['@', '-', '+']);
            let signs = first.as_str().len() - behind.len();
            let is_of_make = first.as_str()[..signs].contains('@') || behind == "celery" || behind.starts_with('$');
            if signs > 0 && !behind.is_empty() && is_of_make {
                first.text = first.text.slice(signs..first.text.len());
            }
        }
        let Some(first) = it.words.first() else { return Vec::new() };
        let program = program_name(first.as_str()).to_owned();
        match step(&program, &mut it) {
            Step::Take(taken) => drop(it.words.drain(..taken.min(it.words.len()))),
            Step::Stop => break,
            Step::Script(script) => return inside(&script, &it, depth),
        }
    }
    vec![it]
}

fn step(program: &str, it: &mut Started) -> Step {
    match program {
        "celery" => Step::Stop,
        name if is_shell(name) => script_of_shell(it),
        "su" | "runuser" => users::change_user(it),
        "exec"
        | "nohup"
        | "time"
        | "command"
        | "builtin"
        | "ddtrace-run"
        | "opentelemetry-instrument"
        | "catchsegv"
        | "setsid"
        | "unbuffer"
        | "splunk-py-trace"
        | "with-contenv"
        | "call"
        | "--"
        | "&"
        | "@" => Step::Take(1),
        // Words of the shell's own language.
        word if is_keyword(word) => Step::Take(1),
        "eval" | "trap" => as_script(it.words.get(1)),
        // `start "title" /b celery …` of cmd.exe; what has fewer words is a job of some other program.
        "start" if it.words.len() > 3 => {
            let is_own = |word: &&Word| word.quoted || word.as_str().starts_with('/');
            Step::Take(1 + it.words[1..].iter().take_while(is_own).count())
        }
        "cmd" | "powershell" | "pwsh" => {
            let is_command =
                |word: &Word| ["/c", "/k", "-c", "-command"].contains(&word.as_str().to_ascii_lowercase().as_str());
            match it.words.iter().position(is_command) {
                Some(at) if it.words.len() == at + 2 => as_script(it.words.get(at + 1)),
                Some(at) => Step::Take(at + 1),
                None => Step::Stop,
            }
        }
        "env" => take_env(it),
        "sudo" | "doas" => Step::Take(users::take_sudo(it)),
        "gosu" | "su-exec" | "setuidgid" | "s6-setuidgid" => Step::Take(users::take_user(it)),
        "chpst" => Step::Take(users::take_chpst(it)),
        "setpriv" => Step::Take(after_options(&it.words, 1, &["--reuid", "--regid", "--groups"])),
        "nice" | "ionice" | "chrt" => Step::Take(after_options(&it.words, 1, &["-n", "-c", "-p"])),
        "taskset" => Step::Take(after_options(&it.words, 1, &[]) + 1),
        "chroot" => Step::Take(users::take_chroot(it)),
        "start-stop-daemon" => users::start_stop_daemon(it),
        "timeout" => Step::Take(after_options(&it.words, 1, &["-s", "-k", "--signal", "--kill-after"]) + 1),
        "flock" => Step::Take(after_options(&it.words, 1, &["-w", "-E", "--timeout"]) + 1),
        "stdbuf" => Step::Take(after_options(&it.words, 1, &["-i", "-o", "-e"])),
        "npx" | "bunx" => Step::Take(after_options(&it.words, 1, &["-p", "--package"])),
        "dumb-init" | "tini" | "catatonit" | "docker-init" => Step::Take(after_init(&it.words)),
        "uvx" | "pipx" => by_known_program(&it.words, 1),
        "poetry" | "pipenv" | "pdm" | "rye" | "uv" | "hatch" | "pixi" | "conda" | "micromamba" | "mamba" | "honcho"
        | "railway" | "dokku" => runs(&it.words),
        "newrelic-admin" => Step::Take(2),
        "coverage" | "memray" | "watchmedo" | "py-spy" | "debugpy" => by_known_program(&it.words, 1),
        "doppler" | "chamber" | "dotenv" | "infisical" | "op" | "aws-vault" | "heroku" | "fly" | "flyctl" => {
            match double_dash(&it.words) {
                Some(taken) => Step::Take(taken),
                None => quoted_command(&it.words).unwrap_or_else(|| runs(&it.words)),
            }
        }
        "watchfiles" | "watchgod" if let Some(words) = watched_function(&it.words) => {
            it.words = words;
            Step::Stop
        }
        "watchfiles" | "watchgod" | "concurrently" | "nodemon" | "ssh" | "screen" | "tmux" | "pm2" | "sops"
        | "nix-shell" => {
            // `pm2 start celery --name w -- -A shop worker`
            let celery = it.words.iter().position(|word| word.as_str() == "celery");
            if let Some((celery, behind)) = celery.zip(double_dash(&it.words)).filter(|_| program == "pm2") {
                it.words.drain((celery + 1).min(behind)..behind);
            }
            quoted_command(&it.words).unwrap_or_else(|| by_known_program(&it.words, 1))
        }
        "docker" | "docker-compose" | "podman" | "podman-compose" | "nerdctl" => containers::in_container(it),
        "kubectl" | "oc" => containers::in_pod(&it.words),
        name if is_of_a_project(name) && it.words.get(1).is_some_and(|word| starts_celery(word.as_str())) => {
            it.has_own_app = true;
            it.has_own_options = name == "airflow";
            it.of_manage = name == "manage.py";
            Step::Take(1)
        }
        name if is_python(name) || is_python_variable(&it.words[0]) => python_module(&it.words),
        // Nothing that these are given is started, or not as it stands.
        "rem" | "REM" | "Rem" | "::" | "title" | "xargs" | "find" | "sed" | "awk" | "alias" | "logger" | "git"
        | "grep" | "rg" | "rm" | "ls" | "cat" | "echo" | "printf" | "pip" | "pip3" | "apt-get" | "apt" | "apk"
        | "brew" | "kill" | "pkill" | "killall" | "pgrep" | "ps" | "man" | "which" | "systemctl" | "service"
        | "supervisorctl" => Step::Stop,
        // Anything else that hands over with `--`: wait-for-it, docker-entrypoint …
        _ => match double_dash(&it.words).or_else(|| celery_with_an_app(&it.words)) {
            Some(taken) if taken < it.words.len() => Step::Take(taken),
            _ => Step::Stop,
        },
    }
}

/// Whether a program starts Celery with the app of its project: `manage.py celery worker`, `airflow celery worker`.
pub(super) fn is_of_a_project(name: &str) -> bool {
    let endings = ["manage.py", "director", "-server", "-manage", "-admin"];
    name == "airflow" || endings.iter().any(|ending| name.ends_with(ending))
}

/// `celery`, and the commands that django-celery had for the programs of Celery 3.
fn starts_celery(word: &str) -> bool {
    matches!(word, "celery" | "celeryd" | "celerybeat" | "celeryev" | "celeryctl" | "celeryd_multi" | "celeryd_detach")
}

fn is_python(name: &str) -> bool {
    name.starts_with("python") || ["py", "pypy", "pypy3"].contains(&name)
}

/// `$PYTHON`, `"${PYTHON_BIN}"`.
fn is_python_variable(word: &Word) -> bool {
    word.expands && word.as_str().starts_with('$') && word.as_str().to_ascii_lowercase().contains("python")
}

/// A word that is a text of commands.
fn as_script(word: Option<&Word>) -> Step {
    word.map_or(Step::Stop, |word| Step::Script(word.text.clone()))
}

/// `sh -c "…"`: the programs of the script. A script file is left as it is.
fn script_of_shell(it: &mut Started) -> Step {
    let script = it.words.iter().position(|word| {
        let word = word.as_str();
        word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
    });
    let Some(at) = script else { return Step::Stop };
    it.lost = it.words.get(at + 2).map(|word| word.text.clone());
    as_script(it.words.get(at + 1))
}

fn inside(script: &Text, outer: &Started, depth: u32) -> Vec<Started> {
    shell_script::started(script, depth + 1, &outer.environment)
        .into_iter()
        .map(|mut inner| {
            let mut environment = outer.environment.clone();
            environment.append(&mut inner.environment);
            let is_followed = inner.is_followed || outer.is_followed;
            let is_conditional = inner.is_conditional || outer.is_conditional;
            let runs_as = inner.runs_as.or_else(|| outer.runs_as.clone());
            let lost = inner.lost.or_else(|| outer.lost.clone());
            Started { environment, runs_as, is_followed, is_conditional, lost, ..inner }
        })
        .collect()
}

/// `NAME=value` of a word.
pub(super) fn assignment(word: &Word) -> Option<(Text, Word)> {
    let equals = word.as_str().find('=')?;
    let value = Word { text: word.text.slice(equals + 1..word.text.len()), ..word.clone() };
    Some((word.text.slice(0..equals), value))
}

fn take_env(it: &mut Started) -> Step {
    let mut taken = 1;
    while let Some(word) = it.words.get(taken) {
        if word.as_str().starts_with('-') {
            if ["-S", "--split-string"].contains(&word.as_str()) {
                return as_script(it.words.get(taken + 1));
            }
            let takes_value = ["-u", "--unset", "-C", "--chdir"].contains(&word.as_str());
            taken += if takes_value { 2 } else { 1 };
            continue;
        }
        let Some(variable) = assignment(word) else { break };
        it.environment.push(variable);
        taken += 1;
    }
    Step::Take(taken)
}

fn after_init(words: &[Word]) -> usize {
    after_options(words, 1, &["-r", "--rewrite", "-p", "-e"])
}
