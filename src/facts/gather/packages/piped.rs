//! What a Dockerfile installs with pip.

use super::is_pasted;
use crate::facts::Piece;
use crate::facts::packages::{ListDoes, PackageList, Requirement};
use crate::intake::Kind;
use crate::read::command_line;
use crate::read::dockerfile::{Command, Dockerfile, Name};
use crate::read::shell_words::{self, Word};

/// Options of `pip install` with a value of their own behind a blank.
const WITH_VALUE: [&str; 17] = [
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--trusted-host",
    "--prefix",
    "--root",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--python-version",
    "--cache-dir",
    "--timeout",
    "--retries",
];

/// The packages of every RUN of every stage: what is installed in an early one is copied into the last.
pub(super) fn read(dockerfile: &Dockerfile, pieces: &[Piece]) -> Option<PackageList> {
    let mut list = PackageList::new(Kind::Dockerfile, ListDoes::Install, Vec::new());
    let instructions = dockerfile
        .before_stages()
        .iter()
        .chain(dockerfile.stages.iter().flat_map(|stage| dockerfile.of_stage(stage)))
        .filter(|instruction| instruction.name == Name::Run);
    for instruction in instructions {
        let commands = match instruction.command() {
            Some(Command::Shell(text)) => shell_words::read(text).into_iter().map(|command| command.words).collect(),
            Some(Command::Exec(words)) => vec![words.iter().cloned().map(Word::plain).collect()],
            None => Vec::new(),
        };
        list.open |= !instruction.heredocs.is_empty();
        for words in commands {
            command(&words, pieces, &mut list);
        }
    }
    (list.open || !list.requirements.is_empty()).then_some(list)
}

fn command(words: &[Word], pieces: &[Piece], list: &mut PackageList) {
    let names: Vec<&str> = words.iter().map(|word| command_line::program_name(word.as_str())).collect();
    let is_pip =
        |name: &str| name == "pip" || name.strip_prefix("pip3").is_some_and(|it| !it.contains(char::is_alphabetic));
    if let Some(pip) = names.iter().position(|name| is_pip(name))
        && names.get(pip + 1).is_some_and(|name| *name == "install")
    {
        arguments(&words[pip + 2..], pieces, list);
        return;
    }
    let has_project = pieces.iter().any(|piece| matches!(piece.kind, Kind::Lock | Kind::Pyproject));
    let installs_unseen = match names.first() {
        Some(&("poetry" | "uv" | "pipenv" | "pdm")) => !has_project,
        Some(&("conda" | "mamba" | "micromamba" | "pipx" | "easy_install")) => true,
        // Packages of the distribution: python3-redis, py3-redis.
        Some(&("apt-get" | "apt" | "apk" | "dnf" | "yum")) => {
            names.iter().any(|name| name.starts_with("python3-") || name.starts_with("py3-"))
        }
        Some(name) => name.ends_with(".sh") || *name == "make",
        None => false,
    };
    list.open |= installs_unseen;
}

fn arguments(words: &[Word], pieces: &[Piece], list: &mut PackageList) {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let text = word.as_str();
        at += 1;
        if let Some(path) =
            text.strip_prefix("--requirement=").or_else(|| text.strip_prefix("-r").filter(|it| !it.is_empty()))
        {
            list.open |= !is_pasted(path, pieces);
        } else if matches!(text, "-r" | "--requirement" | "-c" | "--constraint") {
            list.open |= words.get(at).is_none_or(|path| path.expands || !is_pasted(path.as_str(), pieces));
            at += 1;
        } else if text.starts_with("-e") || text.starts_with("--editable") || word.expands && !text.starts_with('-') {
            list.open = true;
        } else if WITH_VALUE.contains(&text) {
            at += 1;
        } else if !text.starts_with('-') {
            let is_place =
                text.contains(['/', '\\']) || text == "." || text.ends_with(".whl") || text.starts_with(".[");
            match Requirement::read(&word.text).filter(|_| !is_place) {
                Some(requirement) => list.requirements.push(requirement),
                None => list.open = true,
            }
        }
    }
}
