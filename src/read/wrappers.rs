//! Takes off what stands before a program: `exec`, `gosu app`, `poetry run`, `docker compose exec web`, `sh -c "…"`.

use super::shell_words::{ShellCommand, Word};
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
    /// Whether a branch, a loop or a function of its script decides about it.
    pub is_conditional: bool,
    /// Whether a program of the project starts Celery and gives it the app: `manage.py celery worker`.
    pub has_own_app: bool,
    /// Whether its script removes a file of process numbers before it.
    pub removes_pidfile: bool,
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
        // `@celery …` of a Makefile and of cmd.exe: do not print it.
        if let Some(first) = it.words.first_mut()
            && first.as_str().len() > 1
            && first.as_str().starts_with('@')
        {
            first.text = first.text.slice(1..first.text.len());
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
        name if is_shell(name) => script_of_shell(&it.words),
        "su" | "runuser" => change_user(it),
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
        | "with-contenv"
        | "call"
        | "--"
        | "&"
        | "@" => Step::Take(1),
        // Words of the shell's own language.
        "if" | "elif" | "then" | "else" | "while" | "until" | "do" | "!" | "{" => Step::Take(1),
        "eval" => as_script(it.words.get(1)),
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
        "sudo" | "doas" => Step::Take(take_sudo(it)),
        "gosu" | "su-exec" | "setuidgid" | "s6-setuidgid" => Step::Take(take_user(it)),
        "chpst" => Step::Take(take_chpst(it)),
        "setpriv" => Step::Take(after_options(&it.words, 1, &["--reuid", "--regid", "--groups"])),
        "nice" | "ionice" | "chrt" => Step::Take(after_options(&it.words, 1, &["-n", "-c", "-p"])),
        "taskset" => Step::Take(after_options(&it.words, 1, &[]) + 1),
        "timeout" => Step::Take(after_options(&it.words, 1, &["-s", "-k", "--signal", "--kill-after"]) + 1),
        "flock" => Step::Take(after_options(&it.words, 1, &["-w", "-E", "--timeout"]) + 1),
        "stdbuf" => Step::Take(after_options(&it.words, 1, &["-i", "-o", "-e"])),
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
        "watchfiles" | "concurrently" | "nodemon" | "ssh" | "screen" | "tmux" => {
            quoted_command(&it.words).unwrap_or_else(|| by_known_program(&it.words, 1))
        }
        "docker" | "docker-compose" | "podman" | "podman-compose" | "nerdctl" => in_container(it),
        "kubectl" | "oc" => in_pod(&it.words),
        name if (["manage.py", "director", "-server", "-manage", "-admin"]
            .iter()
            .any(|ending| name.ends_with(ending)))
            && it.words.get(1).is_some_and(|word| word.as_str() == "celery") =>
        {
            it.has_own_app = true;
            Step::Take(1)
        }
        name if is_python(name) => python_module(&it.words),
        // Nothing that these are given is started.
        "git" | "grep" | "rg" | "rm" | "ls" | "cat" | "echo" | "printf" | "pip" | "pip3" | "apt-get" | "apt"
        | "apk" | "brew" | "kill" | "pkill" | "killall" | "pgrep" | "ps" | "man" | "which" | "systemctl"
        | "service" | "supervisorctl" => Step::Stop,
        // Anything else that hands over with `--`: wait-for-it, docker-entrypoint …
        _ => match double_dash(&it.words) {
            Some(taken) if taken < it.words.len() => Step::Take(taken),
            _ => Step::Stop,
        },
    }
}

fn is_python(name: &str) -> bool {
    name.starts_with("python") || ["py", "pypy", "pypy3"].contains(&name)
}

/// A word that is a text of commands.
fn as_script(word: Option<&Word>) -> Step {
    word.map_or(Step::Stop, |word| Step::Script(word.text.clone()))
}

/// `sh -c "…"`: the programs of the script. A script file is left as it is.
fn script_of_shell(words: &[Word]) -> Step {
    let script = words.iter().position(|word| {
        let word = word.as_str();
        word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
    });
    script.map_or(Step::Stop, |at| as_script(words.get(at + 1)))
}

/// `su user -c "…"`, `su -s /bin/sh -c "…" user`, `runuser -u user -- program`.
fn change_user(it: &mut Started) -> Step {
    const WITH_VALUE: [&str; 12] =
        ["-c", "--command", "-s", "--shell", "-g", "--group", "-G", "-u", "--user", "-w", "-T", "--session-command"];
    let mut user = None;
    let mut script = None;
    let mut at = 1;
    while let Some(word) = it.words.get(at).cloned() {
        let value = it.words.get(at + 1);
        match word.as_str() {
            "--" => {
                at += 1;
                break;
            }
            "-c" | "--command" | "--session-command" => script = value.cloned(),
            "-u" | "--user" => user = value.cloned(),
            _ => {}
        }
        if let Some(inline) = word.as_str().strip_prefix("--command=") {
            let from = word.as_str().len() - inline.len();
            script = Some(Word { text: word.text.slice(from..word.text.len()), ..word.clone() });
        }
        // `runuser -u user program`: what follows the user and is no option is the program.
        let is_option = word.as_str().starts_with('-');
        if !is_option {
            if user.is_some() {
                break;
            }
            user = Some(word.clone());
        }
        at += if WITH_VALUE.contains(&word.as_str()) { 2 } else { 1 };
    }
    it.runs_as = user.zip(it.words.first()).map(|(user, su)| (user.text, su.text.clone()));
    match script {
        Some(script) => Step::Script(script.text),
        None if at < it.words.len() => Step::Take(at),
        None => Step::Stop,
    }
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
            Started { environment, runs_as, is_followed, is_conditional, ..inner }
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

fn take_sudo(it: &mut Started) -> usize {
    let mut taken = 1;
    while let Some(word) = it.words.get(taken).cloned() {
        let written = word.as_str();
        if !written.starts_with('-') {
            // `sudo -E A=b celery …`
            match assignment(&word).filter(|_| !written.contains('/')) {
                Some(variable) => it.environment.push(variable),
                None => break,
            }
            taken += 1;
            continue;
        }
        let names_user = written == "--user" || (!written.starts_with("--") && written.ends_with('u'));
        let user = match written.strip_prefix("--user=") {
            Some(user) => Some(word.text.slice(written.len() - user.len()..written.len())),
            None if names_user => it.words.get(taken + 1).map(|user| user.text.clone()),
            None => None,
        };
        if let Some(user) = user {
            it.runs_as = Some((user, it.words[0].text.clone()));
        }
        let takes_value = names_user || matches!(written, "-g" | "--group" | "-D" | "--chdir" | "-h" | "--host" | "-p");
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

/// `chpst -u user program`, of runit.
fn take_chpst(it: &mut Started) -> usize {
    if let Some(at) = it.words.iter().position(|word| word.as_str() == "-u")
        && let Some(user) = it.words.get(at + 1)
    {
        it.runs_as = Some((user.text.clone(), it.words[0].text.clone()));
    }
    after_options(&it.words, 1, &["-u", "-U", "-e", "-n", "-l", "-m", "-o", "-p", "-f", "-c", "-t", "-b", "-/"])
}

fn after_init(words: &[Word]) -> usize {
    after_options(words, 1, &["-r", "--rewrite", "-p", "-e"])
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
fn runs(words: &[Word]) -> Step {
    let Some(run) = words.iter().position(|word| ["run", "tool"].contains(&word.as_str())) else { return Step::Stop };
    let from = run + 1;
    // Options of `run` differ from tool to tool; the program is the word that we know, else the first plain one.
    match known_program(words, from) {
        Some(at) => Step::Take(at),
        None => Step::Take(after_options(words, from, &["-n", "--with", "--env-file", "--package", "-a", "--app"])),
    }
}

/// `watchmedo auto-restart -d . celery …`: the word that we know, behind options that we do not.
fn by_known_program(words: &[Word], from: usize) -> Step {
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
fn quoted_command(words: &[Word]) -> Option<Step> {
    let word = words[1..].iter().find(|word| {
        word.as_str().split_once(' ').is_some_and(|(program, _)| {
            let name = program_name(program);
            name == "celery" || is_python(name) || is_shell(name) || ["exec", "cd", "poetry", "uv"].contains(&name)
        })
    })?;
    Some(Step::Script(word.text.clone()))
}

fn double_dash(words: &[Word]) -> Option<usize> {
    words.iter().position(|word| word.as_str() == "--").map(|at| at + 1)
}

/// `python -u -m celery …`, `python -m debugpy --listen 5678 -m celery …`, `python venv/bin/celery …`: its place.
fn python_module(words: &[Word]) -> Step {
    let is_celery = |word: &Word| ["celery", "celery.__main__", "celery.bin.celery"].contains(&word.as_str());
    let module = (1..words.len()).find(|&at| words[at - 1].as_str() == "-m" && is_celery(&words[at]));
    let script = after_options(words, 1, &["-W", "-X", "-c", "-m"]);
    match module {
        Some(at) => Step::Take(at),
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

/// `docker compose exec -u app web celery …`, `docker run --rm -e A=b --entrypoint celery image -A shop worker`.
fn in_container(it: &mut Started) -> Step {
    // The options that stand alone; every other one has a value (docker run --help, docker compose run --help).
    const ALONE: [&str; 26] = [
        "-d",
        "--detach",
        "-i",
        "--interactive",
        "-t",
        "--tty",
        "-it",
        "-ti",
        "-T",
        "--no-TTY",
        "--no-tty",
        "--rm",
        "--init",
        "--privileged",
        "--read-only",
        "-P",
        "--publish-all",
        "--no-healthcheck",
        "--sig-proxy",
        "-q",
        "--quiet",
        "--no-deps",
        "--service-ports",
        "--use-aliases",
        "--build",
        "--remove-orphans",
    ];
    let Some(verb) = it.words.iter().position(|word| ["run", "exec"].contains(&word.as_str())) else {
        return Step::Stop;
    };
    let mut entrypoint = None;
    let mut at = verb + 1;
    while let Some(word) = it.words.get(at).cloned().filter(|word| word.as_str().starts_with('-')) {
        let written = word.as_str();
        let equals = written.find('=').filter(|_| written.starts_with("--"));
        let name = &written[..equals.unwrap_or(written.len())];
        let is_bundle = !written.starts_with("--") && written[1..].chars().all(|letter| "ditPqT".contains(letter));
        let value = match equals {
            Some(equals) => Some(Word { text: word.text.slice(equals + 1..word.text.len()), ..word.clone() }),
            None if ALONE.contains(&name) || is_bundle => None,
            None => {
                at += 1;
                it.words.get(at).cloned()
            }
        };
        match (name, value) {
            ("-e" | "--env", Some(value)) => it.environment.extend(assignment(&value)),
            ("-u" | "--user", Some(user)) => it.runs_as = Some((user.text, word.text.clone())),
            ("--entrypoint", Some(program)) => entrypoint = Some(program),
            _ => {}
        }
        at += 1;
    }
    // Then the image or the service, and what runs in it.
    match entrypoint {
        Some(program) if at < it.words.len() => {
            it.words[at] = program;
            Step::Take(at)
        }
        _ if at + 1 < it.words.len() => Step::Take(at + 1),
        _ => Step::Stop,
    }
}

/// `kubectl exec -it deploy/worker -- celery …`; long ago without the `--`.
fn in_pod(words: &[Word]) -> Step {
    if let Some(taken) = double_dash(words) {
        return Step::Take(taken);
    }
    let Some(exec) = words.iter().position(|word| word.as_str() == "exec") else { return Step::Stop };
    let with_value = ["-n", "--namespace", "-c", "--container", "--context", "--kubeconfig"];
    let pod = after_options(words, exec + 1, &with_value);
    let program = after_options(words, pod + 1, &with_value);
    if program < words.len() { Step::Take(program) } else { Step::Stop }
}
