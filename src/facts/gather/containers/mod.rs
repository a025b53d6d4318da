//! Containers and images from compose files, Kubernetes manifests and Dockerfiles.

mod compose;
mod copies;
mod image;
mod interpolate;
mod kubernetes;
mod limits;

pub(super) use interpolate::{Seen, Syntax, filled, seen_in};

use super::file_name;
use super::kustomize::{self, Object};
use crate::facts::containers::{Container, Image, Script, is_a_server, is_root_base};
use crate::facts::environment::Environment;
use crate::facts::{Piece, Process, Role, Variant};
use crate::intake::Kind;
use crate::read::Document;
use crate::read::command_line::{self, CeleryCommand, Started};
use crate::read::shell_words::Word;
use crate::text::Text;

/// Adds what the deployment's files and the paste's Dockerfiles say.
///
/// `made` are the objects that a kustomization makes of the files.
pub(super) fn gather(pieces: &[Piece], deployment: &[usize], made: Option<&[Object]>, variant: &mut Variant) {
    let mut dockerfiles = Vec::new();
    for piece in pieces {
        if let Document::Dockerfile(dockerfile) = &piece.document
            && let Some(image) = image::read(dockerfile)
        {
            dockerfiles.push(piece.path.clone());
            variant.images.push(image);
        }
    }
    let mut objects = made.map(<[Object]>::to_vec).unwrap_or_default();
    for piece in deployment.iter().map(|index| &pieces[*index]) {
        match &piece.document {
            Document::Yaml(yaml) if piece.kind == Kind::Compose => {
                compose::read(yaml, piece, pieces, &dockerfiles, variant)
            }
            _ if made.is_none() => objects.extend(kustomize::objects_of(piece, piece.kind == Kind::HelmTemplate)),
            _ => {}
        }
    }
    kubernetes::read(&objects, variant);
    settle(variant);
    only_dockerfile_builds_celery(variant);
    settle(variant);
}

/// What every container starts, with the images as far as they are known.
fn settle(variant: &mut Variant) {
    // Compose builds an image once, for everybody who names it.
    let built = |container: &Container| Some((container.image.as_ref()?.as_str().to_owned(), container.built_from?));
    let built: Vec<(String, usize)> = variant.containers.iter().filter_map(built).collect();
    for container in &mut variant.containers {
        let own = container.entrypoint.as_deref();
        let arguments = container.arguments.as_deref().unwrap_or_default();
        container.script = script_in(own.unwrap_or_default(), arguments);
        container.hidden_entrypoint = own.and_then(hidden_program);
        if let Some(image) = container.image.as_ref().filter(|_| container.kind == Kind::Compose) {
            let same = built.iter().find(|(name, _)| name == image.as_str()).map(|(_, index)| *index);
            container.built_from = container.built_from.or(same);
        }
        container.commands = starts(container, container.built_from.map(|index| &variant.images[index]));
    }
}

/// The calls of Celery among a container's own words, behind the ENTRYPOINT of its image where it has none itself.
fn starts(container: &Container, image: Option<&Image>) -> Option<Vec<CeleryCommand>> {
    let own = container.entrypoint.as_deref();
    if own.is_none() && container.arguments.is_none() {
        return None;
    }
    let arguments = container.arguments.as_deref().unwrap_or_default();
    let of_image = image.map_or_else(Environment::unknown, |image| image.environment.clone());
    let environment = of_image.overlaid(&container.environment);
    let mut found = celery_in(own.unwrap_or_default(), arguments, &environment);
    if let Some(image) = image.filter(|_| own.is_none()) {
        // Which image a manifest means is only likely: a command that is one by itself may be of another.
        let is_sure =
            container.kind == Kind::Compose && (is_program_of_celery(&image.entrypoint) || is_shell(&image.entrypoint));
        if image.ignores_arguments && !image.commands.is_empty() {
            found = image.commands.clone();
        } else if found.is_empty() || is_sure {
            found = celery_in(&image.entrypoint, arguments, &environment);
        }
    }
    Some(found)
}

/// An operator of a shell among words that no shell reads, at the Celery behind it.
pub(in crate::facts::gather) fn unreached(words: &[Word]) -> Option<Text> {
    let at = words.iter().position(|word| ["&&", "||", ";", "&"].contains(&word.as_str()))?;
    let (before, behind) = words.split_at(at);
    // A script may hand its words to a shell.
    let is_script = before.iter().any(|word| word.as_str().ends_with(".sh") || word.as_str() == "eval");
    (!is_script).then(|| celery_behind(before, behind[0].as_str(), behind))?
}

/// The operator, at the Celery among the words behind it. After `sh -c` other cards speak.
fn celery_behind(before: &[Word], operator: &str, behind: &[Word]) -> Option<Text> {
    let is_for_shell = |pair: &[Word]| {
        pair[0].as_str().ends_with("sh") && pair[1].as_str().starts_with('-') && !pair[1].as_str().starts_with("--")
    };
    if before.windows(2).any(is_for_shell) {
        return None;
    }
    // Not the name of a user or a package.
    let is_started = |pair: &&[Word]| {
        let next = pair[1].as_str();
        let is_known = ["-A", "--app", "worker", "beat", "flower", "multi"].iter().any(|it| next.starts_with(it));
        command_line::program_name(pair[0].as_str()) == "celery" && is_known
    };
    let celery = &behind.windows(2).find(is_started)?[0];
    Some(Text::pointing_at(&celery.text, operator))
}

/// `["/bin/sh", "-c"]`, which runs the first word that it is given.
fn is_shell(entrypoint: &[Word]) -> bool {
    let words: Vec<&str> = entrypoint.iter().map(Word::as_str).collect();
    matches!(words[..], [shell, "-c" | "-ec" | "-lc"] if shell.ends_with("sh"))
}

/// `["celery"]`, `["tini", "--", "python", "-m", "celery", "-A", "shop"]`.
fn is_program_of_celery(entrypoint: &[Word]) -> bool {
    let started = command_line::started_by_words(entrypoint);
    started.iter().any(|it| it.words.first().is_some_and(|word| command_line::program_name(word.as_str()) == "celery"))
}

/// Where one Dockerfile is pasted beside manifests, the images of Celery's containers are taken to be its.
fn only_dockerfile_builds_celery(variant: &mut Variant) {
    if variant.images.len() != 1 {
        return;
    }
    let image = &variant.images[0];
    // Words that Celery does not know are for another image.
    let is_known = |command: &CeleryCommand| Process::role_of(command) != Role::Unknown;
    for container in &mut variant.containers {
        let is_official =
            container.image.as_ref().is_some_and(|image| is_root_base(image.as_str()) || is_a_server(image.as_str()));
        let starts_celery = match &container.commands {
            Some(commands) if commands.is_empty() => {
                starts(container, Some(image)).is_some_and(|it| it.iter().any(is_known))
            }
            Some(_) => true,
            None => !image.commands.is_empty(),
        };
        if container.built_from.is_none() && container.kind != Kind::Compose && !is_official && starts_celery {
            container.built_from = Some(0);
        }
    }
}

/// The calls of Celery among `entrypoint` and `command`, put together as Docker does. A shell among them sees the
/// environment.
pub(in crate::facts::gather) fn celery_in(
    entrypoint: &[Word],
    command: &[Word],
    environment: &Environment,
) -> Vec<CeleryCommand> {
    let all: Vec<Word> = entrypoint.iter().chain(command).cloned().collect();
    let variables = environment.named_in(all.iter().map(|word| &word.text));
    let calls = |words: &[Word]| -> Vec<CeleryCommand> {
        let started = Started { words: words.to_vec(), environment: variables.clone(), ..Started::default() };
        command_line::started_in(started).iter().filter_map(command_line::celery).collect()
    };
    let found = calls(&all);
    if !found.is_empty() {
        return found;
    }
    match command {
        // A whole line as one word: the image's entrypoint, or the script, gives it to a shell.
        [line] if line.as_str().trim().contains(' ') => {
            let mut found = command_line::celery_commands_in(&line.text, &variables);
            if let Some(first) = found.first_mut().filter(|_| entrypoint.is_empty()) {
                first.joined = Some(line.text.clone());
            }
            found
        }
        // An entrypoint that we cannot see through most often ends in `exec "$@"`.
        _ if !entrypoint.is_empty() => calls(command),
        _ => found,
    }
}

/// The script file that `entrypoint` and `command` start, where neither of them shows a call of Celery.
pub(in crate::facts::gather) fn script_in(entrypoint: &[Word], command: &[Word]) -> Option<Script> {
    let all: Vec<Word> = entrypoint.iter().chain(command).cloned().collect();
    // Any other program may be a script without an ending that the image brings along, or a word for its entrypoint.
    let plain = || all.first().filter(|word| !word.as_str().contains([' ', '$', '=', '{'])).map(|word| &word.text);
    let file = command_line::script_file(&all).or_else(plain)?.clone();
    let arguments = all.iter().map(|word| word.as_str().to_owned()).collect();
    Some(Script { file, arguments })
}

/// The index of the Dockerfile at a path, or of the only one.
fn dockerfile_at(path: Option<&str>, dockerfiles: &[String]) -> Option<usize> {
    match path {
        Some(path) => {
            let wanted = path.trim_start_matches("./");
            dockerfiles.iter().position(|known| known == wanted || known.ends_with(&format!("/{wanted}"))).or_else(
                || {
                    let by_name = |known: &&String| file_name(known) == file_name(wanted);
                    let mut same = dockerfiles.iter().enumerate().filter(|(_, known)| by_name(known));
                    same.next().filter(|_| same.next().is_none()).map(|(index, _)| index)
                },
            )
        }
        None => (dockerfiles.len() == 1).then_some(0),
    }
}

/// The program of an entrypoint, if it may do more than start what it is given: a script that we do not see.
fn hidden_program(words: &[Word]) -> Option<Text> {
    const SEEN_THROUGH: [&str; 16] = [
        "celery",
        "python",
        "python3",
        "tini",
        "dumb-init",
        "sh",
        "bash",
        "env",
        "exec",
        "poetry",
        "uv",
        "pipenv",
        "gosu",
        "su-exec",
        "setpriv",
        "catatonit",
    ];
    let program = &words.first()?.text;
    // `sh entrypoint.sh` is a script too.
    let runs_script = words.iter().any(|word| word.as_str().ends_with(".sh"));
    let is_seen = SEEN_THROUGH.contains(&command_line::program_name(program.as_str())) && !runs_script;
    (!is_seen).then(|| program.clone())
}

/// Whether a health check asks a server of the web on its own machine.
fn asks_own_server(check: &str) -> bool {
    ["http://localhost", "http://127.0.0.1", "http://0.0.0.0"].iter().any(|it| check.contains(it))
        || (check.contains("curl") && check.contains("localhost:"))
}

/// Whether nothing in a service or container shows that something else answers on its localhost: the network of
/// another, a proxy, or a broker that is started in the same place.
fn is_alone_on_localhost(container: &crate::read::yaml::Node) -> bool {
    use crate::read::yaml::Node;
    const OTHERS: [&str; 8] =
        ["redis-server", "rabbitmq-server", "supervisord", "stunnel", "socat", "proxy", "ssh", "honcho"];
    let starts = |key: &str| {
        let node = container.get(key);
        let line = node.and_then(Node::written).map(|text| text.as_str().to_owned());
        let items = node.map(Node::items).unwrap_or_default();
        let words = items.iter().filter_map(|item| item.written()).map(|text| text.as_str().to_owned());
        // `uvicorn --proxy-headers` starts none.
        let names = |text: String| {
            let mut words = text.split_whitespace().filter(|word| !word.starts_with('-'));
            words.any(|word| OTHERS.iter().any(|other| word.contains(other)))
        };
        line.into_iter().chain(words).any(names)
    };
    container.get("network_mode").is_none()
        && container.get("extra_hosts").is_none()
        && !["command", "entrypoint", "args"].into_iter().any(starts)
}
