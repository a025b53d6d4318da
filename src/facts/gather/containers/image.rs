//! The image that a Dockerfile builds: its final stage, with what it takes over from earlier ones.

use crate::facts::containers::{Copied, HeldContext, Image, UserSet, is_root_base};
use crate::facts::environment::Environment;
use crate::facts::value::Template;
use crate::read::command_line::{self, CeleryCommand};
use crate::read::dockerfile::{Command, Dockerfile, Instruction, Name, Stage};
use crate::read::shell_words::{self, Word};
use crate::text::Text;

/// Stages that build on each other in a circle end here.
const MOST_STAGES: usize = 32;

/// The image of the final stage. A fragment without `FROM` is an image whose base is not shown.
pub(super) fn read(dockerfile: &Dockerfile) -> Option<Image> {
    let mut chain: Vec<&Stage> = Vec::new();
    let mut stage = dockerfile.final_stage();
    while let Some(this) = stage.filter(|_| chain.len() < MOST_STAGES) {
        chain.push(this);
        // Only earlier stages can be built on.
        stage = this
            .image
            .known()
            .and_then(|name| dockerfile.stage(name.as_str()))
            .filter(|base| base.instructions.start < this.instructions.start && base.name.is_some());
    }
    let instructions: Vec<&Instruction> = if chain.is_empty() {
        dockerfile.before_stages().iter().collect()
    } else {
        chain.iter().rev().flat_map(|stage| dockerfile.of_stage(stage)).collect()
    };
    let first = instructions.first()?;
    let at =
        chain.first().and_then(|stage| dockerfile.of_stage(stage).first()).map_or(&first.at, |from| &from.at).clone();
    let base = match chain.last() {
        Some(stage) if stage.image.references.is_empty() => stage.image.text.clone(),
        _ => first.at.slice(0..0),
    };
    let mut image = Image {
        at,
        user: None,
        group: None,
        // The official images set nothing that Celery reads; of any other base we do not know.
        environment: if is_root_base(base.as_str()) { Environment::default() } else { Environment::unknown() },
        base,
        commands: Vec::new(),
        probes: Vec::new(),
        web_probe: None,
        unreached: None,
        broken_list: None,
        entrypoint: Vec::new(),
        ignores_arguments: false,
        script: None,
        holds_context: holds_context(&instructions),
        swallowed_by: None,
        unheard: None,
        overruled: None,
        copied: Vec::new(),
        hidden_entrypoint: None,
        has_shell: false,
        creates_unknown_users: false,
        stop_signal: None,
        users: Vec::new(),
        groups: Vec::new(),
    };
    let mut entrypoint: Option<&Command> = None;
    let (mut command, mut of_stage): (Option<&Command>, Option<&Command>) = (None, None);
    let mut healthcheck: Option<&Command> = None;
    for instruction in instructions {
        match instruction.name {
            Name::From => of_stage = None,
            Name::User => user(instruction, &mut image),
            Name::Env => variables(instruction, &mut image.environment),
            Name::Stopsignal => image.stop_signal = instruction.words().first().map(|word| word.text.clone()),
            Name::Run => users_created(instruction, &mut image),
            Name::Copy | Name::Add => {
                let copies_users = instruction.words().iter().any(|word| word.text.as_str().contains("/etc"));
                image.creates_unknown_users |= copies_users;
                copied(instruction, &mut image);
            }
            Name::Entrypoint => {
                entrypoint = instruction.command();
                // A new ENTRYPOINT forgets the CMD of the base (Dockerfile reference, "Understand how CMD and ENTRYPOINT interact").
                command = None;
            }
            Name::Shell => image.has_shell = true,
            Name::Cmd => {
                command = instruction.command();
                // Dockerfile reference, "CMD": only the last one takes effect.
                let earlier = std::mem::replace(&mut of_stage, command);
                let mut started = commands(None, earlier, &image.environment).into_iter();
                image.overruled = image.overruled.or_else(|| started.find_map(|it| it.subcommand));
            }
            Name::Healthcheck => {
                healthcheck = instruction.command();
                let asks = super::asks_own_server(instruction.at.as_str());
                image.web_probe = asks.then(|| instruction.at.slice(0.."HEALTHCHECK".len()));
            }
            _ => {}
        }
    }
    image.hidden_entrypoint = entrypoint.and_then(hidden);
    image.broken_list = [entrypoint, command].into_iter().flatten().find_map(broken_list);
    image.commands = commands(entrypoint, command, &image.environment);
    image.probes = commands(None, healthcheck, &image.environment);
    if !matches!(entrypoint, Some(Command::Shell(_))) && !matches!(command, Some(Command::Shell(_))) {
        image.unreached = super::unreached(&[plain_words(entrypoint), plain_words(command)].concat());
    }
    if let Some(Command::Exec(_)) = entrypoint {
        image.entrypoint = plain_words(entrypoint);
    }
    // Dockerfile reference, "Shell form ENTRYPOINT example".
    image.ignores_arguments = matches!(entrypoint, Some(Command::Shell(_)));
    image.unheard = unheard(entrypoint, command);
    image.script = super::script_in(&plain_words(entrypoint), &plain_words(command));
    Some(image)
}

/// The subcommand of Celery in a CMD, where the ENTRYPOINT has the shell form and starts no Celery by itself.
fn unheard(entrypoint: Option<&Command>, command: Option<&Command>) -> Option<Text> {
    let Some(Command::Shell(line)) = entrypoint.filter(|it| broken_list(it).is_none()) else { return None };
    let started = command_line::celery_commands(line);
    // `"$0" "$@"` would be what CMD says.
    if line.as_str().contains('$') || started.iter().any(|it| it.subcommand.is_some()) {
        return None;
    }
    let given = plain_words(command);
    match started.is_empty() {
        true => super::celery_in(&[], &given, &Environment::default()).into_iter().find_map(|it| it.subcommand),
        false => {
            given.first().filter(|it| matches!(it.as_str(), "worker" | "beat" | "flower")).map(|it| it.text.clone())
        }
    }
}

fn user(instruction: &Instruction, image: &mut Image) {
    let Some(word) = instruction.words().first() else { return };
    let text = &word.text;
    let (name, group) = match text.as_str().find(':').filter(|_| word.references.is_empty()) {
        Some(colon) => (text.slice(0..colon), Some(text.slice(colon + 1..text.len()))),
        None => (text.clone(), None),
    };
    image.user = Some(UserSet { name });
    image.group = group.map(|name| UserSet { name });
}

/// Where each file of a COPY is in the image; what comes from another stage was not pasted.
fn copied(instruction: &Instruction, image: &mut Image) {
    let words = instruction.words();
    let (Some((to, from)), false) = (words.split_last(), instruction.flags.iter().any(|it| it.name.as_str() == "from"))
    else {
        return;
    };
    let folder = to.text.as_str();
    for word in from {
        let from = word.text.as_str();
        let name = from.rsplit('/').next().unwrap_or(from);
        let is_folder = folder.ends_with('/') || words.len() > 2;
        let to = if is_folder { format!("{}/{name}", folder.trim_end_matches('/')) } else { folder.to_owned() };
        image.copied.push(Copied { from: from.to_owned(), to });
    }
}

fn variables(instruction: &Instruction, environment: &mut Environment) {
    for pair in instruction.pairs() {
        let value = pair.value.as_ref().and_then(|word| word.known()).map(|text| Template::plain(text.clone()));
        environment.set(pair.name.clone(), value);
    }
}

/// Users and groups that a RUN creates. A script that we do not see may create any.
fn users_created(instruction: &Instruction, image: &mut Image) {
    let commands = match instruction.command() {
        Some(Command::Shell(text)) => shell_words::read(text),
        Some(Command::Exec(words)) => vec![shell_words::ShellCommand {
            words: words.iter().cloned().map(Word::plain).collect(),
            ..Default::default()
        }],
        None => return,
    };
    image.creates_unknown_users |= !instruction.heredocs.is_empty();
    for command in commands {
        let words: Vec<&str> = command.words.iter().map(Word::as_str).collect();
        let Some(program) =
            words.iter().map(|word| command_line::program_name(word)).find(|word| *word != "sudo" && *word != "exec")
        else {
            continue;
        };
        let (creates_user, creates_group) = match program {
            "useradd" | "adduser" => (true, true),
            "groupadd" | "addgroup" => (false, true),
            "sh" | "bash" | "source" | "." => {
                image.creates_unknown_users = true;
                continue;
            }
            _ => {
                // `./setup.sh`, `/opt/install`, a pipe into a shell, a write to /etc/passwd.
                let is_script = words[0].starts_with("./")
                    || words[0].ends_with(".sh")
                    || words.iter().any(|word| word.contains("/etc/passwd") || word.contains("/etc/group"));
                image.creates_unknown_users |= is_script;
                continue;
            }
        };
        if command.words.iter().any(|word| word.expands) {
            image.creates_unknown_users = true;
        }
        let mut numbers: Vec<(bool, String)> = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (*word, words.get(index + 1).copied()),
            };
            let of_group = matches!(name, "-g" | "--gid");
            if let Some(value) = value.filter(|_| of_group || matches!(name, "-u" | "--uid")) {
                numbers.push((of_group, value.to_owned()));
            }
        }
        let name = words.last().map(|word| (*word).to_owned());
        let number = |of_group| numbers.iter().find(|(it, _)| *it == of_group).map(|(_, number)| number.clone());
        if creates_user {
            image.users.extend(number(false).into_iter().chain(name.clone()));
            // A user without a group of its own gets one with its own number.
            if number(true).is_none() {
                image.groups.extend(number(false));
            }
        }
        if creates_group {
            image.groups.extend(number(true).filter(|_| !creates_user).into_iter().chain(name));
        }
    }
}

/// The entrypoint's program, if it may do more than start what it is given.
fn hidden(entrypoint: &Command) -> Option<Text> {
    match entrypoint {
        Command::Exec(words) => super::hidden_program(&words.iter().cloned().map(Word::plain).collect::<Vec<_>>()),
        Command::Shell(text) => {
            shell_words::read(text).last().and_then(|command| super::hidden_program(&command.words))
        }
    }
}

/// The last WORKDIR, where a single `COPY . …` or `COPY folder …` fills it and no instruction moves or installs any of
/// that.
fn holds_context(instructions: &[&Instruction]) -> Option<HeldContext> {
    let mut workdir: Option<Text> = None;
    let mut copied: Option<(String, Text)> = None;
    for instruction in instructions {
        let words = instruction.words();
        match instruction.name {
            Name::Workdir => {
                workdir = words.first().map(|word| word.text.clone()).filter(|text| text.as_str().starts_with('/'));
                workdir.as_ref()?;
            }
            Name::Copy | Name::Add if instruction.flags.iter().all(|flag| flag.name.as_str() != "from") => {
                let (to, from) = words.split_last()?;
                let is_file =
                    |name: &str| name.rsplit('/').next().is_some_and(|name| name.trim_matches('.').contains('.'));
                match from {
                    [only]
                        if !is_file(only.text.as_str())
                            && copied.as_ref().is_none_or(|(_, from)| from.as_str() == only.text.as_str()) =>
                    {
                        let to = to.text.as_str();
                        let here = workdir.as_ref().filter(|_| [".", "./"].contains(&to)).map_or(to, Text::as_str);
                        copied = Some((here.trim_end_matches('/').to_owned(), only.text.clone()));
                    }
                    _ if from.iter().all(|word| is_file(word.text.as_str())) => {}
                    _ => return None,
                }
            }
            Name::Run => {
                let text = instruction.at.as_str();
                let moves = ["mv ", "cp ", "ln ", "cd ", "install .", "install -e", "install --editable", "setup.py"];
                let installs = ["poetry", "uv sync", "pdm ", "hatch", "pipenv", ".pth", "make "];
                if moves.iter().chain(&installs).any(|word| text.contains(word)) {
                    return None;
                }
            }
            Name::Env if instruction.at.as_str().contains("PYTHONPATH") => return None,
            Name::Volume => return None,
            _ => {}
        }
    }
    let (to, from) = copied?;
    let folder = from.as_str().trim_start_matches("./").trim_matches(['/', '.']).to_owned();
    let workdir = workdir.filter(|workdir| to == workdir.as_str().trim_end_matches('/'))?;
    Some(HeldContext { at: if folder.is_empty() { workdir } else { from }, folder })
}

/// `['celery', '-A', 'shop']`: what is no JSON is the line of a shell, which looks for a program `[celery,`.
fn broken_list(command: &Command) -> Option<Text> {
    let Command::Shell(text) = command else { return None };
    let written = text.as_str().trim();
    let is_list = written.starts_with('[') && written.ends_with(']') && !written.starts_with("[ -");
    (is_list && written.contains("celery") && written.contains(',')).then(|| text.trim())
}

/// The words of an exec form, or of a shell form that is one command.
fn plain_words(command: Option<&Command>) -> Vec<Word> {
    match command {
        Some(Command::Exec(words)) => words.iter().cloned().map(Word::plain).collect(),
        Some(Command::Shell(text)) => match shell_words::read(text).as_slice() {
            [only] => only.words.clone(),
            _ => Vec::new(),
        },
        None => Vec::new(),
    }
}

fn commands(entrypoint: Option<&Command>, command: Option<&Command>, environment: &Environment) -> Vec<CeleryCommand> {
    let words = |command: Option<&Command>| -> Vec<Word> {
        match command {
            Some(Command::Exec(words)) => words.iter().cloned().map(Word::plain).collect(),
            _ => Vec::new(),
        }
    };
    let in_shell =
        |command: &Text| command_line::celery_commands_in(command, &environment.named_in(std::iter::once(command)));
    match (entrypoint, command) {
        // The shell form of ENTRYPOINT ignores CMD.
        (Some(Command::Shell(text)), _) => in_shell(text),
        (None, Some(Command::Shell(text))) => in_shell(text),
        // With an exec ENTRYPOINT, a shell-form CMD becomes its arguments: /bin/sh -c "…".
        (Some(Command::Exec(_)), Some(Command::Shell(text))) => in_shell(text),
        (entrypoint, command) => super::celery_in(&words(entrypoint), &words(command), environment),
    }
}
