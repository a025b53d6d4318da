//! Which files describe one deployment together, and which are alternatives.
//!
//! Files add up when one says so: a compose file and its `override`, `-f a -f b` and `include`, Kubernetes manifests of one folder, units of
//! one folder. Two
//! compose files, compose beside Kubernetes, two fenced blocks of one kind are alternatives. When it cannot be
//! told, they do not add up: counting them together gives "two beats" on healthy deployments.

use super::{apps, compose_files, daemons, django, file_name, helm_values, kustomize, python_starts, scopes};
use crate::facts::containers::{Container, Copied, Image, Script, is_a_server};
use crate::facts::environment::Environment;
use crate::facts::value::Template;
use crate::facts::{Piece, Process, Role, Variant, VersionSet, command};
use crate::intake::Kind;
use crate::read::Document;
use crate::read::command_line::{self, CeleryCommand, Started};
use crate::read::shell_words::Word;
use crate::text::Text;

/// The variants of the paste; at least one.
pub(super) fn gather(pieces: &[Piece], celery: &VersionSet) -> Vec<Variant> {
    let deployments = deployments(pieces);
    let loose = super::loose_environment(pieces);
    let mut scripts = Vec::new();
    let mut variants: Vec<Variant> =
        deployments.iter().map(|deployment| variant(pieces, deployment, &loose, &mut scripts)).collect();
    let is_block = |deployment: &Deployment| deployment.pieces.iter().any(|index| pieces[*index].part.is_some());
    if !deployments.iter().all(is_block) {
        variants.iter_mut().zip(&deployments).for_each(|(variant, it)| variant.is_excerpt = is_block(it));
    }
    // Manifests without a container start nothing, beside some that do.
    let is_empty = |it: &Variant| it.containers.is_empty() && it.daemons.is_empty() && it.unclaimed.is_empty();
    if !variants.iter().all(is_empty) {
        variants.retain(|variant| !is_empty(variant));
    }
    let used: Vec<usize> = variants.iter().flat_map(|it| it.containers.iter().filter_map(|it| it.built_from)).collect();
    // A script that one deployment starts is no loose command of another.
    let loose_commands = loose_commands(pieces, &scripts);
    let mut beside = loose.clone();
    for (name, file, is_unnamed) in super::env_files_beside(pieces, &variants) {
        beside = beside.beside(&file);
        if is_unnamed {
            variants[0].unclaimed.push((name, file));
        }
    }
    for variant in &mut variants {
        add_images(variant, pieces, &used, &loose);
        for (kind, command) in &loose_commands {
            add_process(variant, command_name(command), command.clone(), *kind, None, None, beside.clone());
        }
    }
    // click, which reads variables for options, came with 5.0.
    let reads_variables = celery.all_in(">=5.0");
    let environments = variants.iter().flat_map(|it| it.processes.iter().map(|process| &process.environment));
    let named: Vec<String> = environments
        .chain([&loose])
        .filter_map(|environment| django::named_in(environment, None).map(str::to_owned))
        .collect();
    let apps = apps::gather(pieces, &named);
    for variant in &mut variants {
        for process in &mut variant.processes {
            process.given = command::given(&process.command, &process.environment, reads_variables);
        }
        scopes::gather(variant, &apps, &loose, celery);
    }
    scopes::add_unread(&mut variants[0], &apps, &loose, celery);
    variants
}

/// The pieces that describe one deployment, with its name.
struct Deployment {
    name: String,
    pieces: Vec<usize>,
    /// What a kustomization makes of them.
    objects: Option<Vec<kustomize::Object>>,
}

impl Deployment {
    fn new(name: String, pieces: Vec<usize>) -> Deployment {
        Deployment { name, pieces, objects: None }
    }
}

fn deployments(pieces: &[Piece]) -> Vec<Deployment> {
    let mut found: Vec<Deployment> = Vec::new();
    let of_kind = |kind: Kind| pieces.iter().enumerate().filter(move |(_, piece)| piece.kind == kind);
    let groups = compose_files::groups(pieces);
    for group in &groups {
        let name: Vec<String> = group.iter().map(|index| label(&pieces[*index])).collect();
        found.push(Deployment::new(name.join(" + "), group.clone()));
    }
    // Bases before overrides, whatever the order in which they were pasted.
    let (overrides, bases): (Vec<_>, Vec<_>) = of_kind(Kind::Compose)
        .filter(|(index, _)| {
            let is_grouped = groups.iter().any(|group| group.contains(index));
            !is_grouped || compose_files::is_also_alone(*index, &groups, pieces)
        })
        .filter(|(index, _)| !compose_files::is_only_extended(*index, pieces))
        .partition(|(_, piece)| file_name(&piece.path).contains(".override."));
    for (index, piece) in bases {
        found.push(Deployment::new(label(piece), vec![index]));
    }
    for (index, piece) in overrides {
        let base = piece.path.replace(".override", "");
        let has = |deployment: &Deployment, name: &str, of: fn(&str) -> &str| {
            deployment.pieces.iter().any(|index| of(&pieces[*index].path) == name)
        };
        let beside = found.iter().position(|deployment| has(deployment, &base, |path| path));
        // Files that are pasted one by one may have lost their folders.
        let named = || found.iter().position(|deployment| has(deployment, file_name(&base), file_name));
        let at = beside.or_else(named);
        // Whoever names files with `-f` gets those alone; without it the override is read.
        let named_alone = at.and_then(|at| groups.get(at)).filter(|group| !compose_files::is_by_include(group, pieces));
        match (named_alone, at) {
            (Some(group), _) => {
                let of_base = group.iter().filter(|it| file_name(&pieces[**it].path) == file_name(&base));
                found.push(Deployment::new(label(piece), of_base.copied().chain([index]).collect()));
            }
            (None, Some(at)) => found[at].pieces.push(index),
            (None, None) => found.push(Deployment::new(label(piece), vec![index])),
        }
    }
    // Manifests of one folder are applied together; the blocks of a note are alternatives.
    let overlays = kustomize::overlays(pieces);
    let is_taken = |index: usize| {
        let mut overlays = overlays.iter().flat_map(|overlay| overlay.manifests.iter().chain(&overlay.used));
        kustomize::is_one(&pieces[index]) || overlays.any(|taken| *taken == index)
    };
    // What a kustomization leaves out of its folder is not applied with it, and hardly anybody applies it alone.
    let is_left_out = |piece: &Piece| {
        let folder = kustomize::folder(&piece.path);
        overlays.iter().any(|overlay| overlay.name == folder) && !names_celery(piece)
    };
    let manifests = of_kind(Kind::Kubernetes).filter(|(index, piece)| !is_taken(*index) && !is_left_out(piece));
    let manifests = manifests.chain(of_kind(Kind::HelmTemplate));
    found.extend(by_folder(manifests, "kubernetes"));
    found.extend(overlays.into_iter().map(|overlay| Deployment {
        name: if overlay.name.is_empty() { "kubernetes".to_owned() } else { overlay.name },
        pieces: overlay.manifests,
        objects: Some(overlay.objects),
    }));
    // Units of one folder are of one machine, and so are the programs of Supervisor; blocks of a note are alternatives.
    for (kind, name) in [(Kind::Systemd, "systemd"), (Kind::Supervisord, "supervisord"), (Kind::Celeryd, "celeryd")] {
        // Units of other programs describe no deployment of Celery.
        let of_it = of_kind(kind).filter(|(_, piece)| {
            let is_named = kind == Kind::Celeryd && daemons::is_named_by_a_unit(piece, pieces);
            let is_drop_in = piece.path.contains(".service.d/");
            !is_named && (is_drop_in || names_celery(piece))
        });
        found.extend(by_folder(of_it, name));
    }
    if found.is_empty() {
        found.push(Deployment::new("default".to_owned(), Vec::new()));
    }
    found
}

/// The pieces of each folder together; each block of a note for itself.
fn by_folder<'a>(pieces: impl Iterator<Item = (usize, &'a Piece)>, name: &str) -> Vec<Deployment> {
    let mut folders: Vec<(String, Deployment)> = Vec::new();
    for (index, piece) in pieces {
        let folder = match piece.part {
            Some(part) => format!("{}#{part}", piece.path),
            // A drop-in lies in a folder that is named after its unit.
            None => piece.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned(),
        };
        let folder = match folder.strip_suffix(".service.d") {
            Some(unit) => unit.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned(),
            None => folder,
        };
        match folders.iter_mut().find(|(known, _)| *known == folder) {
            Some((_, deployment)) => deployment.pieces.push(index),
            None => {
                let name = if folder.is_empty() { name.to_owned() } else { folder.clone() };
                folders.push((folder, Deployment::new(name, vec![index])));
            }
        }
    }
    folders.into_iter().map(|(_, deployment)| deployment).collect()
}

fn names_celery(piece: &Piece) -> bool {
    piece.text.as_str().to_ascii_lowercase().contains("celery")
}

fn label(piece: &Piece) -> String {
    match piece.part {
        Some(part) => format!("{}#{part}", piece.path),
        None => piece.path.clone(),
    }
}

fn variant(pieces: &[Piece], deployment: &Deployment, loose: &Environment, scripts: &mut Vec<usize>) -> Variant {
    let mut variant = Variant {
        name: deployment.name.clone(),
        is_for_tests: apps::is_for_tests(&deployment.name),
        loose: loose.clone(),
        ..Variant::default()
    };
    super::containers::gather(pieces, &deployment.pieces, deployment.objects.as_deref(), &mut variant);
    scripts.append(&mut see_through_scripts(pieces, &mut variant));
    note_swallowing_scripts(pieces, &mut variant);
    take_exports(pieces, &mut variant);
    see_through_modules(pieces, &mut variant);
    processes_of_containers(&mut variant);
    for found in daemons::gather(pieces, &deployment.pieces, loose) {
        let kind = found.daemon.kind;
        let number = variant.daemons.len();
        for command in found.commands {
            let name = if found.daemon.name.is_empty() { command_name(&command) } else { found.daemon.name.clone() };
            let first = variant.processes.len();
            add_process(&mut variant, name, command, kind, None, None, found.environment.clone());
            variant.processes[first..].iter_mut().for_each(|process| process.daemon = Some(number));
        }
        variant.daemons.push(found.daemon);
    }
    variant
}

/// An image that no container of any deployment is built from runs as it is; another one may be what a container
/// without a command of its own runs.
fn add_images(variant: &mut Variant, pieces: &[Piece], used: &[usize], loose: &Environment) {
    // Beside containers, what a machine starts by itself does not start the image.
    let has_containers = pieces.iter().any(|piece| matches!(piece.kind, Kind::Compose | Kind::Kubernetes));
    let runs_images = variant.daemons.is_empty() || !has_containers;
    let may_be_any = |container: &Container| {
        let is_server = container.image.as_ref().is_some_and(|image| is_a_server(image.as_str()));
        container.commands.is_none() && container.built_from.is_none() && !is_server
    };
    let own: Vec<usize> = variant.containers.iter().filter_map(|container| container.built_from).collect();
    let used = if variant.containers.iter().any(may_be_any) { &own } else { used };
    for index in (0..variant.images.len()).filter(|index| runs_images && !used.contains(index)) {
        let image: &Image = &variant.images[index];
        let environment = loose.clone().overlaid(&image.environment);
        for command in image.commands.iter().chain(&image.probes).cloned().collect::<Vec<_>>() {
            let name = command_name(&command);
            add_process(variant, name, command, Kind::Dockerfile, None, Some(index), environment.clone());
        }
    }
}

/// Commands and scripts that no container starts may belong to every deployment.
fn loose_commands(pieces: &[Piece], scripts: &[usize]) -> Vec<(Kind, CeleryCommand)> {
    let mut found = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let commands = match &piece.document {
            Document::Commands(commands) if !scripts.contains(&index) => commands.clone(),
            Document::Python(python) if !apps::is_for_tests(&piece.path) => python_starts::read(&piece.text, python),
            // The values of a chart hold commands and probes for its templates.
            Document::Yaml(yaml) if piece.kind == Kind::HelmValues && names_celery(piece) => {
                helm_values::commands(yaml)
            }
            _ => continue,
        };
        found.extend(commands.into_iter().map(|command| (piece.kind, command)));
    }
    found
}

/// Scripts are read for so many containers with the variables of each.
const MOST_READ: usize = 64;

/// Gives containers and images the calls of Celery of the pasted script that they start; the scripts that were found.
fn see_through_scripts(pieces: &[Piece], variant: &mut Variant) -> Vec<usize> {
    let mut used = Vec::new();
    let mut read_again = 0;
    let mut calls = |script: &Script, copied: &[Copied], is_given: bool, environment: &Environment| {
        let (index, commands) = script_of(script, copied, pieces)?;
        // A variable of several words.
        let text = Some(&pieces[index].text).filter(|_| commands.iter().any(|it| it.open) && read_again < MOST_READ);
        let variables = text.map(|text| environment.named_in(std::iter::once(text))).unwrap_or_default();
        let again = text.filter(|_| !variables.is_empty()).map(|it| command_line::celery_commands_in(it, &variables));
        read_again += usize::from(again.is_some());
        let chosen: Vec<CeleryCommand> = match again.as_deref().unwrap_or(commands) {
            // What an entrypoint is given says whether it starts Celery at all.
            [only] if !is_given || names_it(script, only) => vec![only.clone()],
            // One process that stays, and what is always done before it, or asked in a loop.
            several if is_one_that_stays(several) && (!is_given || several.iter().any(|it| names_it(script, it))) => {
                several.iter().filter(|it| !it.is_conditional || only_asks(it)).cloned().collect()
            }
            // One after the other, whatever it is given.
            several if !is_given && several.iter().all(|it| !it.is_conditional) => {
                several.iter().filter(|it| !it.is_conditional).cloned().collect()
            }
            // A script with several calls chooses one by its arguments.
            several => several
                .iter()
                .filter(|command| {
                    let subcommand = command.subcommand.as_ref().map(Text::as_str);
                    subcommand.is_some_and(|name| script.arguments.iter().any(|argument| argument == name))
                        || is_in_branch(&pieces[index].text, &script.arguments, command)
                })
                .cloned()
                .collect(),
        };
        (!chosen.is_empty()).then(|| {
            used.push(index);
            chosen
        })
    };
    for container in &mut variant.containers {
        let Some(own) = container.script.as_ref().filter(|_| container.commands.as_ref().is_some_and(Vec::is_empty))
        else {
            continue;
        };
        let image = container.built_from.and_then(|image| variant.images.get(image));
        let copied = image.map_or(&[][..], |image| &image.copied);
        // `command: worker` behind the image's own entrypoint.
        let entrypoint = image
            .and_then(|image| image.script.as_ref())
            .map(|entrypoint| Script { file: entrypoint.file.clone(), arguments: own.arguments.clone() });
        let of_image = image.map_or_else(Environment::unknown, |image| image.environment.clone());
        let environment = of_image.overlaid(&container.environment);
        let found = calls(own, copied, false, &environment);
        let found = found.or_else(|| calls(&entrypoint?, copied, true, &environment));
        container.commands = found.or(container.commands.take());
    }
    for image in &mut variant.images {
        if image.commands.is_empty()
            && let Some(found) =
                image.script.as_ref().and_then(|script| calls(script, &image.copied, false, &image.environment))
        {
            image.commands = found;
        }
    }
    used
}

/// Whether a call stands in the branch of a `case` that a script takes for what it is given last: `celery-beat)`.
fn is_in_branch(script: &Text, arguments: &[String], call: &CeleryCommand) -> bool {
    let Some(argument) = arguments.last().filter(|argument| !argument.is_empty()) else { return false };
    let text = script.as_str();
    let is_label = |at: usize| {
        let behind = text[at + argument.len()..].trim_start_matches(['"', '\'', ' ']);
        text[..at].ends_with(['"', '\'', ' ', '\t', '\n', '(', '|']) && behind.starts_with([')', '|'])
    };
    let label = text.match_indices(argument.as_str()).map(|(at, _)| at).find(|at| is_label(*at));
    label.is_some_and(|at| {
        let end = text[at..].find(";;").map_or(text.len(), |end| at + end);
        let place = call.program.span().start.checked_sub(script.span().start).map(|place| place as usize);
        place.is_some_and(|place| (at..end).contains(&place))
    })
}

/// Notes the entry scripts that do nothing with what they are given: a `CMD` behind one never runs.
fn note_swallowing_scripts(pieces: &[Piece], variant: &mut Variant) {
    for container in &mut variant.containers {
        let image = container.built_from.and_then(|image| variant.images.get(image));
        let entrypoint = container.entrypoint.as_ref().or(image.map(|image| &image.entrypoint));
        let copied = image.map_or(&[][..], |image| &image.copied);
        container.swallowed_by = entrypoint.and_then(|words| swallowing(words, copied, pieces));
    }
    for image in &mut variant.images {
        image.swallowed_by = swallowing(&image.entrypoint, &image.copied, pieces);
        // A script may start Celery by itself, whatever CMD says.
        let starts_none = |script: &Script| {
            script_of(script, &image.copied, pieces).is_some_and(|(index, _)| {
                let text = pieces[index].text.as_str();
                !["celery", "worker", "supervisor", "honcho", "source "].iter().any(|it| text.contains(it))
            })
        };
        let is_certain =
            image.script.as_ref().is_none_or(|script| script.file.as_str() == "celery" || starts_none(script));
        image.unheard = image.unheard.take().filter(|_| is_certain);
    }
}

/// `python tasks.py worker -B`, where the pasted file hands its arguments to Celery: `app.start()`.
fn see_through_modules(pieces: &[Piece], variant: &mut Variant) {
    for container in variant.containers.iter_mut().filter(|it| it.commands.as_ref().is_some_and(Vec::is_empty)) {
        let words: Vec<Word> =
            [&container.entrypoint, &container.arguments].into_iter().flatten().flatten().cloned().collect();
        let Some(at) = words.iter().position(|word| word.as_str().ends_with(".py")) else { continue };
        let is_python = |word: &Word| command_line::program_name(word.as_str()).starts_with("python");
        let starts = words.get(at + 1).is_some_and(|it| matches!(it.as_str(), "worker" | "beat" | "flower"));
        if !starts || !words[..at].first().is_some_and(is_python) {
            continue;
        }
        let file = words[at].as_str().trim_start_matches("./");
        let is_it = |piece: &&Piece| piece.path == file || piece.path.ends_with(&format!("/{file}"));
        let found = pieces.iter().filter(|piece| piece.kind == Kind::Python && piece.part.is_none()).filter(is_it);
        // The one that lies furthest out is the script; others are modules of the packages.
        let depth = |piece: &&Piece| piece.path.matches('/').count();
        let Some(piece) = found.min_by_key(depth) else { continue };
        if piece.text.as_str().contains(".start()") {
            let program = Word::plain(Text::pointing_at(&words[at].text, "celery"));
            let words = std::iter::once(program).chain(words[at + 1..].iter().cloned()).collect();
            let started = Started { words, has_own_app: true, ..Started::default() };
            container.commands = Some(command_line::celery(&started).into_iter().collect());
        }
    }
}

/// What the script of an entrypoint exports before it turns into what it is given: `exec "$@"`.
fn take_exports(pieces: &[Piece], variant: &mut Variant) {
    for container in &mut variant.containers {
        let image = container.built_from.and_then(|image| variant.images.get(image));
        let entrypoint = container.entrypoint.as_ref().or(image.map(|image| &image.entrypoint));
        let copied = image.map_or(&[][..], |image| &image.copied);
        let script = entrypoint.and_then(|words| super::containers::script_in(words, &[]));
        let found = script.and_then(|script| script_of(&script, copied, pieces)).map(|(index, _)| &pieces[index].text);
        let Some(text) = found.filter(|text| text.as_str().contains("$@") && text.as_str().contains("export ")) else {
            continue;
        };
        let of_image = image.map(|image| image.environment.clone()).unwrap_or_else(Environment::unknown);
        let before = of_image.overlaid(&container.environment);
        let known = before
            .iter()
            .filter(|(name, _)| text.as_str().contains(name))
            .filter_map(|(name, variable)| Some((variable.name.clone(), Word::plain(before.value(name)??))));
        for (name, value) in command_line::exported_by(text, &known.collect::<Vec<_>>()) {
            // What is handed on as it was found is no other than it was.
            if before.get(name.as_str()).is_none_or(|known| known.name != name) {
                container.environment.set(name, (!value.expands).then(|| Template::plain(value.text)));
            }
        }
    }
}

/// The first line of the pasted script that an entrypoint starts, if it certainly leaves out its arguments.
fn swallowing(entrypoint: &[Word], copied: &[Copied], pieces: &[Piece]) -> Option<Text> {
    // What uses the arguments, starts Celery in another way, or hands over to something that may.
    const USES: [&str; 20] = [
        "$@",
        "${@",
        "$*",
        "${*",
        "$1",
        "${1",
        "$2",
        "${2",
        "$#",
        "shift",
        "BASH_ARGV",
        "eval",
        "source ",
        "celery",
        "worker",
        "supervisor",
        "honcho",
        "circus",
        "s6-",
        "{{",
    ];
    if entrypoint.iter().any(|word| word.as_str().contains(' ') || word.as_str() == "-c") {
        return None;
    }
    let script = super::containers::script_in(entrypoint, &[])?;
    let piece = &pieces[script_of(&script, copied, pieces)?.0];
    let text = piece.text.as_str();
    let lines = || text.lines().map(str::trim_start).filter(|line| !line.starts_with('#'));
    let is_used = |line: &str| line.starts_with(". ") || USES.iter().any(|word| line.contains(word));
    let first = text.lines().next().filter(|line| line.starts_with("#!") && line.contains("sh"))?;
    (piece.kind == Kind::Shell && !lines().any(is_used)).then(|| piece.text.slice(0..first.len()))
}

/// The pasted script that a path in an image is: by what COPY says, else the only one of that name.
fn script_of<'a>(script: &Script, copied: &[Copied], pieces: &'a [Piece]) -> Option<(usize, &'a [CeleryCommand])> {
    let path = script.file.as_str();
    let wanted = file_name(path);
    let from = copied.iter().rev().find(|it| it.to == path).map(|it| it.from.trim_start_matches("./"));
    let is_it = |piece: &Piece| match from {
        Some(from) => piece.path == from || piece.path.ends_with(&format!("/{from}")),
        None => file_name(&piece.path) == wanted,
    };
    let same: Vec<_> = pieces.iter().enumerate().filter(|(_, piece)| piece.part.is_none() && is_it(piece)).collect();
    // Which of several is copied into the image cannot be told by a name alone: the folders must be the same, too.
    let (index, piece) = match same[..] {
        [only] => only,
        _ => {
            let path = path.trim_start_matches("./");
            let is_there = |piece: &Piece| piece.path == path || piece.path.ends_with(&format!("/{path}"));
            let mut there = same.into_iter().filter(|(_, piece)| path.contains('/') && is_there(piece));
            there.next().filter(|_| there.next().is_none())?
        }
    };
    let Document::Commands(commands) = &piece.document else { return None };
    Some((index, commands))
}

/// Whether only one of the calls stays, it is the last, and nothing decides about it.
fn is_one_that_stays(commands: &[CeleryCommand]) -> bool {
    let stays = |command: &CeleryCommand| Process::role_of(command) != Role::OneOff;
    commands.iter().position(stays).is_some_and(|at| at + 1 == commands.len() && !commands[at].is_conditional)
}

/// Whether a call only asks workers how they are.
fn only_asks(command: &CeleryCommand) -> bool {
    command.subcommand.as_ref().is_some_and(|name| matches!(name.as_str(), "inspect" | "status"))
}

/// Whether what a script is given names the call: `celery`, `worker`, `celery-worker`.
fn names_it(script: &Script, command: &CeleryCommand) -> bool {
    let subcommand = command.subcommand.as_ref().map_or("celery", Text::as_str);
    script.arguments.iter().any(|it| it.contains("celery") || it.contains(subcommand))
}

fn processes_of_containers(variant: &mut Variant) {
    let containers: Vec<(usize, Container)> = variant.containers.iter().cloned().enumerate().collect();
    for (index, container) in containers {
        let image = container.built_from.and_then(|image| variant.images.get(image)).cloned();
        let from_image = image.as_ref().map(|image| image.environment.clone()).unwrap_or_else(Environment::unknown);
        let environment = from_image.overlaid(&container.environment);
        let commands: Vec<CeleryCommand> = match (&container.commands, &image) {
            (Some(commands), _) => commands.clone(),
            (None, Some(image)) => image.commands.clone(),
            (None, None) => Vec::new(),
        };
        let probes = container.probes.or_else(|| Some(image?.probes)).unwrap_or_default();
        for command in commands.into_iter().chain(probes) {
            let named = if container.name.is_empty() { command_name(&command) } else { container.name.clone() };
            let built_from = container.built_from;
            add_process(variant, named, command, container.kind, Some(index), built_from, environment.clone());
        }
    }
}

fn command_name(command: &CeleryCommand) -> String {
    match (command.named.as_ref().or_else(|| command.value("--hostname").map(|it| &it.text)), &command.subcommand) {
        (Some(node), _) => node.as_str().to_owned(),
        (None, Some(subcommand)) => subcommand.as_str().to_owned(),
        (None, None) => "celery".to_owned(),
    }
}

fn add_process(
    variant: &mut Variant,
    name: String,
    mut command: CeleryCommand,
    kind: Kind,
    container: Option<usize>,
    image: Option<usize>,
    environment: Environment,
) {
    let mut own = Environment::default();
    command.settle(&|name| environment.value(name));
    for (name, value) in &command.environment {
        // What a shell on the way found there is no other than it was.
        if environment.get(name.as_str()).is_some_and(|known| known.name == *name) {
            continue;
        }
        let value = (!value.expands).then(|| crate::facts::value::Template::plain(value.text.clone()));
        own.set(Text::clone(name), value);
    }
    let nodes = command.nodes.take();
    let own_environment = environment.clone();
    // Nodes that nothing names are called what they are.
    let process_name = if name == "multi" { "worker".to_owned() } else { name.clone() };
    let number = variant.processes.len();
    variant.processes.push(Process {
        number,
        name,
        role: Process::role_of(&command),
        command,
        kind,
        container,
        image,
        daemon: None,
        environment: environment.overlaid(&own),
        given: Vec::new(),
    });
    if let Some(nodes) = nodes {
        add_process(variant, process_name, *nodes, kind, container, image, own_environment);
    }
}
