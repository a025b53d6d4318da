//! Env files that a script sources without exporting: the programs that it starts do not see what they set.

use super::Piece;
use crate::intake::Kind;
use crate::read::Document;
use crate::read::command_line::{celery, started_by_shell};
use crate::read::env_file::EnvFile;
use crate::read::shell_words::{self, ShellCommand, Word};
use crate::text::Text;

/// A variable of a pasted env file that stays in the shell, though pasted code reads it.
#[derive(Clone, Debug)]
pub struct Unexported {
    /// The file's name where the script sources it.
    pub at: Text,
    /// The variable, where the file sets it.
    pub name: Text,
}

/// The first such variable of each script.
pub(super) fn gather(pieces: &[Piece]) -> Vec<Unexported> {
    let code = || pieces.iter().filter(|piece| matches!(piece.document, Document::Python(_)));
    // Code may read the file itself, and so may pipenv.
    let reads_files = |piece: &Piece| {
        ["dotenv", "environs", "environ.Env", "decouple", "pydantic_settings", "env_file"]
            .iter()
            .any(|it| piece.text.as_str().contains(it))
    };
    if code().any(reads_files) {
        return Vec::new();
    }
    let is_read = |name: &str| {
        let reads = |piece: &Piece| {
            let text = piece.text.as_str();
            ["'", "\""].iter().any(|quote| text.contains(&format!("{quote}{name}{quote}")))
                && (text.contains("environ") || text.contains("getenv"))
        };
        code().any(reads)
    };
    pieces.iter().filter_map(|script| of_script(script, pieces, &is_read)).collect()
}

fn of_script(script: &Piece, pieces: &[Piece], is_read: &dyn Fn(&str) -> bool) -> Option<Unexported> {
    let text = script.text.as_str();
    if !matches!(script.kind, Kind::Shell | Kind::Command) || !text.contains("celery") || text.contains("pipenv") {
        return None;
    }
    let commands = shell_words::read(&script.text);
    let of = |name: &'static str| {
        let same = commands.iter().filter(move |it| it.words.first().is_some_and(|word| word.as_str() == name));
        same.flat_map(|command| &command.words[1..])
    };
    // `export $(cut -d= -f1 .env)`: whatever is behind that.
    if of("export").any(|word| word.expands && !word.as_str().contains('=')) {
        return None;
    }
    let is_exported = |name: &str| of("export").any(|word| word.as_str().split('=').next() == Some(name));
    let mut exports_all = false;
    let mut sourced: Vec<(&Word, &EnvFile)> = Vec::new();
    for command in &commands {
        exports_all = shell_words::exports_all(&command.words).unwrap_or(exports_all);
        if let [program, file, ..] = &command.words[..]
            && ["source", "."].contains(&program.as_str())
            && !exports_all
        {
            sourced.extend(env_file(file, pieces).map(|it| (file, it)));
        }
        if sourced.is_empty() || !starts_celery(command) {
            continue;
        }
        // A variable that the script is started with stays exported, whatever is assigned to it.
        let is_given = |word: &str| {
            let others = pieces.iter().filter(|it| it.kind != Kind::Env && !matches!(it.document, Document::Python(_)));
            let others = others.filter(|it| it.path != script.path || it.part != script.part);
            others.map(|it| it.text.as_str()).any(|text| text.contains(word))
        };
        let of_file = |(at, file): &(&Word, &EnvFile)| {
            if is_given(file_name(at.as_str())) {
                return None;
            }
            let stays = file.variables.iter().find(|it| {
                let name = it.name.as_str();
                !it.exported && it.value.is_some() && !is_exported(name) && is_read(name) && !is_given(name)
            })?;
            Some(Unexported { at: at.text.clone(), name: stays.name.clone() })
        };
        return sourced.iter().find_map(of_file);
    }
    None
}

/// Only what the shell starts by itself: what a container or another machine sees is told elsewhere.
fn starts_celery(command: &ShellCommand) -> bool {
    let program = command.words.first().map_or("", Word::as_str);
    let is_elsewhere = program.starts_with("docker") || ["podman", "kubectl", "ssh", "systemctl"].contains(&program);
    !is_elsewhere && started_by_shell(command).iter().any(|it| celery(it).is_some())
}

/// The only pasted env file of that name.
fn env_file<'a>(word: &Word, pieces: &'a [Piece]) -> Option<&'a EnvFile> {
    let wanted = file_name(word.as_str());
    let mut same = pieces.iter().filter_map(|piece| match &piece.document {
        Document::EnvFile(file) if piece.kind == Kind::Env && file_name(&piece.path) == wanted => Some(file),
        _ => None,
    });
    same.next().filter(|_| same.next().is_none())
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
