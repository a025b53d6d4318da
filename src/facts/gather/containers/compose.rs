//! Services of a compose file.

use std::collections::HashMap;

use super::super::env_files::{self, Reader};
use super::{celery_in, dockerfile_at, interpolate};
use crate::facts::containers::{Container, Limits, NotSet, Stop, UserSet};
use crate::facts::environment::Environment;
use crate::facts::value::Template;
use crate::facts::{Piece, Variant};
use crate::intake::Kind;
use crate::read::Document;
use crate::read::command_line;
use crate::read::env_file::EnvFile;
use crate::read::shell_words::{self, Word};
use crate::read::yaml::{Entry, Node, Yaml};
use crate::text::Text;

/// Adds the services; what an override file says of a service that is already there is laid over it.
pub(super) fn read(yaml: &Yaml, own: &Piece, pieces: &[Piece], dockerfiles: &[String], variant: &mut Variant) {
    let paste = Paste { own, pieces, dockerfiles, env: dot_env(own, pieces) };
    let mut known_at: HashMap<String, usize> =
        variant.containers.iter().enumerate().map(|(index, known)| (known.name.clone(), index)).collect();
    if let Some(env) = &paste.env {
        variant.filled_in = env.clone();
    }
    for root in yaml.roots() {
        // Files of version 1 have their services at the top, and notes cut out what one service says.
        let services = root.get("services").unwrap_or(root);
        if let Some(name) = root.own_entries().iter().find(|it| says_what_runs(it)).and_then(|it| it.name()) {
            let mut service = container(name, root, &paste);
            service.name.clear();
            service.environment.open = true;
            variant.containers.push(service);
            continue;
        }
        for entry in services.entries() {
            let Some(name) = entry.name() else { continue };
            let is_gone = tag(&entry.value) == "!reset";
            if is_gone && let Some(gone) = known_at.remove(name.as_str()) {
                variant.containers.remove(gone);
                known_at.values_mut().filter(|at| **at > gone).for_each(|at| *at -= 1);
            }
            if is_gone || !entry.value.is_mapping() {
                continue;
            }
            let service = extended(name, &entry.value, services, &paste, 0);
            match known_at.get(name.as_str()) {
                Some(&known) if tag(&entry.value) == "!override" => variant.containers[known] = service,
                Some(&known) => lay_over(&mut variant.containers[known], service, &entry.value),
                None => {
                    known_at.insert(name.as_str().to_owned(), variant.containers.len());
                    variant.containers.push(service);
                }
            }
        }
        let networks = root.get("networks").map(|it| it.entries()).unwrap_or_default();
        if networks.iter().any(|network| network.value.get("external").is_some()) || root.get("include").is_some() {
            for container in &mut variant.containers {
                container.sees_outside = true;
            }
        }
        // `network_mode: service:NAME` lets two services answer on one localhost.
        for entry in services.entries() {
            let mode = entry.value.get("network_mode").and_then(Node::scalar);
            let Some(joined) = mode.and_then(|mode| mode.as_str().strip_prefix("service:")) else { continue };
            if let Some(&known) = known_at.get(joined) {
                variant.containers[known].is_alone_on_localhost = false;
            }
        }
    }
}

/// Whether an entry is one of a service itself: `command: celery -A shop worker`.
fn says_what_runs(entry: &Entry) -> bool {
    match entry.name().map_or("", Text::as_str) {
        "command" | "entrypoint" => !entry.value.is_mapping(),
        "healthcheck" => entry.value.get("test").is_some(),
        _ => false,
    }
}

/// What a service is read with.
struct Paste<'a> {
    /// The compose file.
    own: &'a Piece,
    pieces: &'a [Piece],
    dockerfiles: &'a [String],
    /// The `.env` file beside the compose file, if it was pasted.
    env: Option<Environment>,
}

/// Services that extend each other beyond this depth are not followed.
const MOST_EXTENDED: u32 = 8;

/// The `.env` file that Compose reads by itself: in the folder of the compose file, or the only one of the paste.
fn dot_env(own: &Piece, pieces: &[Piece]) -> Option<Environment> {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let mut files = pieces.iter().filter_map(|piece| match &piece.document {
        Document::EnvFile(file) if super::file_name(&piece.path) == ".env" => Some((piece, file)),
        _ => None,
    });
    let beside = files.clone().find(|(piece, _)| folder(&piece.path) == folder(&own.path));
    let (_, file) = beside.or_else(|| files.next().filter(|_| files.next().is_none()))?;
    Some(env_files::variables(file, Reader::Compose, &[]))
}

/// A service with the one that it extends under it.
fn extended(name: &Text, service: &Node, services: &Node, paste: &Paste<'_>, depth: u32) -> Container {
    let mut own = container(name, service, paste);
    let Some(extends) = service.get("extends") else { return own };
    let base_name = extends.scalar().or_else(|| extends.get("service").and_then(Node::scalar));
    let file = extends.get("file").and_then(Node::scalar);
    let other = file.and_then(|file| {
        let wanted = super::file_name(file.as_str());
        let same = |piece: &&Piece| piece.kind == Kind::Compose && super::file_name(&piece.path) == wanted;
        let mut same = paste.pieces.iter().filter(same);
        let piece = same.next().filter(|_| same.next().is_none())?;
        let Document::Yaml(yaml) = &piece.document else { return None };
        yaml.roots().next().map(|root| root.get("services").unwrap_or(root))
    });
    let services = if file.is_some() { other } else { Some(services) };
    let base = base_name.filter(|_| depth < MOST_EXTENDED).and_then(|base_name| {
        let services = services?;
        let base = services.get(base_name.as_str()).filter(|base| base.is_mapping())?;
        Some(extended(name, base, services, paste, depth + 1))
    });
    match base {
        Some(mut base) => {
            lay_over(&mut base, own, service);
            base
        }
        // What it extends was not pasted.
        None => {
            own.environment.open = true;
            own
        }
    }
}

fn container(name: &Text, service: &Node, paste: &Paste<'_>) -> Container {
    let Paste { dockerfiles, env, .. } = paste;
    let words = |node: &Node| words(node, env.as_ref());
    let user = service.get("user").and_then(Node::written);
    let (user, group) = match user {
        Some(text) => match text.as_str().find(':').filter(|_| !text.as_str().contains('$')) {
            Some(colon) => (Some(text.slice(0..colon)), Some(text.slice(colon + 1..text.len()))),
            None => (Some(text.clone()), None),
        },
        None => (None, None),
    };
    let built_from = service.get("build").and_then(|build| built_from(build, dockerfiles));
    let drops = service.get("cap_drop").map(Node::items).unwrap_or_default();
    let adds = service.get("cap_add").map(Node::items).unwrap_or_default();
    let mut unshown_variables = None;
    Container {
        name: name.as_str().to_owned(),
        at: name.clone(),
        kind: Kind::Compose,
        image: service.get("image").and_then(Node::scalar).filter(|image| !image.as_str().contains('$')).cloned(),
        built_from,
        context: service
            .get("build")
            .and_then(|build| build.scalar().or_else(|| build.get("context")?.scalar()))
            .cloned(),
        user: user.map(|name| UserSet { name }),
        group: group.map(|name| UserSet { name }),
        must_not_be_root: None,
        cannot_change_user: super::kubernetes::dropped_right(
            drops.iter().filter_map(|it| it.scalar()),
            adds.iter().filter_map(|it| it.scalar()),
        ),
        environment: environment(service, paste, &mut unshown_variables),
        unshown_variables,
        commands: None,
        unreached: ["entrypoint", "command"].iter().find_map(|key| unreached(service.get(key)?)),
        entrypoint: service.get("entrypoint").filter(|it| is_given(it)).map(words),
        arguments: service.get("command").filter(|it| is_given(it)).map(words),
        probes: probes(service, env.as_ref()),
        web_probe: web_probe(service),
        published: published(service),
        script: None,
        swallowed_by: None,
        hidden_entrypoint: None,
        namespace: String::new(),
        pod: None,
        service_links: false,
        is_template: false,
        is_alone_on_localhost: super::is_alone_on_localhost(service),
        aliases: aliases(service),
        eviction: redis_option(service, "--maxmemory-policy"),
        requirepass: redis_option(service, "--requirepass"),
        moved_ports: moved_ports(service),
        impatient_probe: None,
        not_set: not_set(service),
        networks: networks(service),
        sees_outside: ["extra_hosts", "links", "external_links", "network_mode", "dns", "extends"]
            .iter()
            .any(|key| service.get(key).is_some()),
        copies: super::copies::of_service(service),
        storage: super::copies::storage_of_service(service),
        is_moved: service.get("working_dir").is_some(),
        profiles: service.get("profiles").map(|profiles| profiles.at.clone()),
        limits: limits(service),
        stop: Stop {
            grace: service.get("stop_grace_period").and_then(Node::written).and_then(|text| {
                let seconds = super::limits::seconds(text.as_str())?;
                Some((seconds, text.clone()))
            }),
            signal: service.get("stop_signal").and_then(Node::written).cloned(),
            hook: service.get("pre_stop").map(|hook| hook.at.clone()),
        },
    }
}

/// The value of an option in the command of a service that runs Redis.
fn redis_option(service: &Node, option: &str) -> Option<Text> {
    let command = service.get("command")?;
    // Few commands have it, and taking every one apart again takes long.
    let has = |node: &Node| node.written().is_some_and(|text| text.as_str().contains(option));
    if !has(command) && !command.items().iter().any(|item| has(item)) {
        return None;
    }
    let words = words(command, None);
    let at = words.iter().position(|word| word.as_str() == option)?;
    // `--requirepass ""` asks for none.
    words.get(at + 1).filter(|word| !word.text.is_empty()).map(|word| word.text.clone())
}

/// The outer number of `"6380:6379"`, unless the service listens on that one too.
fn moved_ports(service: &Node) -> Vec<Text> {
    let ports = service.get("ports").map(Node::items).unwrap_or_default();
    let pairs = ports.iter().filter_map(|port| {
        let text = port.written()?;
        let (outer, inner) = text.as_str().split('/').next()?.rsplit_once(':')?;
        let start = outer.rfind(':').map_or(0, |colon| colon + 1);
        let outer = text.slice(start..outer.len());
        Some((outer.as_str().parse().ok()?, inner.parse().ok()?, outer))
    });
    let pairs: Vec<(u16, u16, Text)> = pairs.collect();
    let is_inner = |port: u16| pairs.iter().any(|(_, inner, _)| *inner == port);
    pairs.iter().filter(|(outer, _, _)| !is_inner(*outer)).map(|(_, _, text)| text.clone()).collect()
}

/// The networks of a service: `default`, where it names none.
fn networks(service: &Node) -> Vec<String> {
    let Some(node) = service.get("networks") else { return vec!["default".to_owned()] };
    let listed = node.items().iter().filter_map(|item| item.scalar());
    let keys = node.entries().into_iter().filter_map(|entry| entry.name());
    listed.chain(keys).map(|name| name.as_str().to_owned()).collect()
}

/// The other names of a service on its networks.
fn aliases(service: &Node) -> Vec<String> {
    let own = ["container_name", "hostname"].into_iter().filter_map(|key| service.get(key));
    let networks = service.get("networks").map(Node::entries).unwrap_or_default();
    let of_networks = networks.iter().filter_map(|network| network.value.get("aliases")).flat_map(|it| it.items());
    let own = own.filter_map(Node::scalar).map(|text| text.as_str().to_owned());
    own.chain(of_networks.filter_map(|it| it.scalar()).map(|text| text.as_str().to_owned())).collect()
}

/// `cpus` and `mem_limit`, or the limits under `deploy`, which `docker compose` obeys too.
fn limits(service: &Node) -> Limits {
    let deployed = service.path(["deploy", "resources", "limits"]);
    let either = |own: &str, of_deploy: &str| {
        let node = deployed.and_then(|limits| limits.get(of_deploy)).or_else(|| service.get(own))?;
        node.written().filter(|text| !text.as_str().contains('$')).cloned()
    };
    Limits { cpu: either("cpus", "cpus"), memory: either("mem_limit", "memory") }
}

/// The Dockerfile of a `build`; `None` where it was not pasted, or another stage than the last is built.
fn built_from(build: &Node, dockerfiles: &[String]) -> Option<usize> {
    if build.get("target").is_some() {
        return None;
    }
    let context = build.scalar().or_else(|| build.get("context").and_then(Node::scalar)).map_or(".", Text::as_str);
    let context = context.trim_start_matches("./").trim_end_matches('/');
    if let Some(file) = build.get("dockerfile").and_then(Node::scalar) {
        // The name is looked up below the context, and a file of that name elsewhere is another one.
        let path = format!("{context}/{}", file.as_str().trim_start_matches("./"));
        let is_below = |index: &usize| {
            // A folder above, or one that a variable names, may be the root of what was pasted.
            matches!(context, "" | ".")
                || context.starts_with("..")
                || context.contains('$')
                || !dockerfiles[*index].contains('/')
                || dockerfiles[*index] == path
                || dockerfiles[*index].ends_with(&format!("/{path}"))
        };
        let exact = dockerfiles.iter().position(|known| *known == path || known.ends_with(&format!("/{path}")));
        return exact.or_else(|| dockerfile_at(Some(file.as_str()), dockerfiles).filter(is_below));
    }
    if matches!(context, "" | ".") {
        return dockerfile_at(None, dockerfiles);
    }
    // Files that are pasted one by one have lost their folders.
    let lost_its_folder = |index: &usize| !dockerfiles[*index].contains('/');
    let path = format!("{context}/Dockerfile");
    let exact = dockerfiles.iter().position(|known| *known == path || known.ends_with(&format!("/{path}")));
    exact.or_else(|| dockerfile_at(None, dockerfiles).filter(lost_its_folder))
}

fn lay_over(known: &mut Container, later: Container, service: &Node) {
    known.image = later.image.or(known.image.take());
    known.built_from = later.built_from.or(known.built_from);
    known.context = later.context.or(known.context.take());
    if later.user.is_some() {
        known.user = later.user;
        known.group = later.group;
    }
    known.cannot_change_user = later.cannot_change_user.or(known.cannot_change_user.take());
    let has = |key: &str| service.get(key).is_some();
    // `!reset` and `!override` merge nothing (compose-go/loader/reset.go).
    let replaces = |key: &str| service.get(key).is_some_and(|it| tag(it) == "!override" || tag(it) == "!reset");
    known.published = later.published.or(known.published.take().filter(|_| !replaces("ports")));
    // `entrypoint:` and `command: null` take back what the earlier file says.
    if later.entrypoint.is_some() || has("entrypoint") {
        known.entrypoint = later.entrypoint;
    }
    if has("entrypoint") || has("command") {
        known.unreached = later.unreached;
    }
    if later.arguments.is_some() || has("command") {
        known.arguments = later.arguments;
    }
    if later.probes.is_some() {
        known.web_probe = later.web_probe;
    }
    known.probes = later.probes.or(known.probes.take());
    known.networks.extend(later.networks);
    known.is_alone_on_localhost &= later.is_alone_on_localhost;
    known.copies = later.copies.or(known.copies.take());
    known.profiles = later.profiles.or(known.profiles.take());
    known.storage.read_only_root = later.storage.read_only_root.or(known.storage.read_only_root.take());
    known.storage.mounts.extend(later.storage.mounts);
    known.storage.volumes.extend(later.storage.volumes);
    known.storage.open |= later.storage.open;
    known.is_moved |= later.is_moved;
    known.limits.cpu = later.limits.cpu.or(known.limits.cpu.take());
    known.limits.memory = later.limits.memory.or(known.limits.memory.take());
    known.stop.grace = later.stop.grace.or(known.stop.grace.take());
    known.stop.signal = later.stop.signal.or(known.stop.signal.take());
    known.stop.hook = later.stop.hook.or(known.stop.hook.take());
    known.unshown_variables = later.unshown_variables.or(known.unshown_variables.take());
    if replaces("environment") {
        let before = std::mem::take(&mut known.environment);
        known.environment.open = before.open;
    }
    known.environment = known.environment.clone().overlaid(&later.environment);
}

/// `env_file` first, then `environment`, as Compose lays them over each other.
fn environment(service: &Node, paste: &Paste<'_>, unshown: &mut Option<Text>) -> Environment {
    let env = paste.env.as_ref();
    let own = own_environment(service, env);
    let mut environment = Environment::default();
    let Some(files) = service.get("env_file") else { return own };
    for item in files.items().iter().map(|item| &**item).chain(files.scalar().map(|_| files)) {
        let Some(path) = item.scalar().or_else(|| item.get("path").and_then(Node::scalar)) else { continue };
        let is_raw = item.get("format").and_then(Node::scalar).is_some_and(|format| format.as_str() == "raw");
        let reader = if is_raw { Reader::Raw } else { Reader::Compose };
        match env_file(path.as_str(), paste.pieces) {
            // In this order a file finds what it names (compose-go/types/project.go, WithServicesEnvironmentResolved).
            Some(file) => {
                let outer: Vec<&Environment> = env.into_iter().chain([&own, &environment]).collect();
                let of_file = env_files::variables(file, reader, &outer);
                environment = environment.overlaid(&of_file);
            }
            // People copy the sample that stands beside it.
            None => {
                let sample = env_files::sample_of(path.as_str(), &paste.own.path, paste.pieces);
                if sample.is_none() {
                    *unshown = Some(path.clone());
                }
                environment = environment.overlaid(&sample.unwrap_or_else(Environment::unknown));
            }
        }
    }
    environment.overlaid(&own)
}

/// Items of a list of variables that set none: a mapping, or `NAME:value`.
fn not_set(service: &Node) -> Vec<NotSet> {
    let items = service.get("environment").map(Node::items).unwrap_or_default().iter();
    let found = items.filter_map(|item| match item.entries()[..] {
        [only] => only.name().cloned(),
        _ => {
            let text = item.written()?;
            let colon = text.as_str().find(':').filter(|_| !text.as_str().contains(['=', '$', '{']))?;
            Some(text.slice(0..colon))
        }
    });
    found.map(NotSet::NoItem).collect()
}

fn own_environment(service: &Node, env: Option<&Environment>) -> Environment {
    let mut environment = Environment::default();
    let Some(variables) = service.get("environment") else { return environment };
    for entry in variables.entries() {
        let Some(name) = entry.name() else { continue };
        let value = match entry.value.is_null() {
            true => of_caller(name, env),
            false => entry.value.scalar().and_then(|text| interpolate::of_compose(text, env)),
        };
        environment.set(name.clone(), value);
    }
    for item in variables.items() {
        let Some(text) = item.written() else { continue };
        match text.as_str().find('=') {
            Some(equals) => {
                let value = text.slice(equals + 1..text.len());
                let value = (!item.is_templated()).then(|| interpolate::of_compose(&value, env)).flatten();
                environment.set(text.slice(0..equals), value);
            }
            // A bare name takes its value from whoever runs Compose.
            None => environment.set(text.clone(), of_caller(text, env)),
        }
    }
    environment
}

/// The first of `ports` that is open to other machines: not one of this machine alone.
fn published(service: &Node) -> Option<Text> {
    let ports = service.get("ports")?.items();
    ports
        .iter()
        .filter_map(|port| port.written().or_else(|| port.get("published").and_then(Node::written)))
        .find(|port| {
            let is_own = ["127.", "[::1]", "localhost:"].iter().any(|own| port.as_str().starts_with(own));
            !is_own && !has_address_in_variable(port.as_str())
        })
        .cloned()
}

/// `${BIND:-127.0.0.1}:5555:5555`: a variable decides who reaches the port.
fn has_address_in_variable(port: &str) -> bool {
    let behind = port.strip_prefix("${").and_then(|rest| rest.split_once('}'));
    behind.is_some_and(|(_, ports)| ports.starts_with(':') && ports.matches(':').count() > 1)
}

/// A name without a value: the value of whoever runs Compose, or of the `.env` file.
fn of_caller(name: &Text, env: Option<&Environment>) -> Option<Template> {
    Some(env?.get(name.as_str())?.value.as_ref()?.used_at(name))
}

fn env_file<'a>(path: &str, pieces: &'a [Piece]) -> Option<&'a EnvFile> {
    let wanted = path.trim_start_matches("./");
    let files = || {
        pieces.iter().filter_map(|piece| match &piece.document {
            Document::EnvFile(file) => Some((piece.path.as_str(), file)),
            _ => None,
        })
    };
    let exact = files().find(|(path, _)| *path == wanted || path.ends_with(&format!("/{wanted}")));
    // Files that are pasted one by one have lost their folders.
    let mut same = files().filter(|(path, _)| super::file_name(path) == super::file_name(wanted));
    exact.or_else(|| same.next().filter(|_| same.next().is_none())).map(|(_, file)| file)
}

fn tag(node: &Node) -> &str {
    node.tag.as_ref().map_or("", Text::as_str)
}

fn is_given(node: &Node) -> bool {
    !node.is_null() && tag(node) != "!reset"
}

/// What Docker runs in the container besides.
fn probes(service: &Node, env: Option<&Environment>) -> Option<Vec<command_line::CeleryCommand>> {
    let health = service.get("healthcheck")?;
    // `disable: true`, and an override that says how often only.
    let Some(test) = health.get("test") else { return health.get("disable").map(|_| Vec::new()) };
    let in_shell = match test.items() {
        [form, text] if form.scalar().is_some_and(|it| it.as_str() == "CMD-SHELL") => text.scalar(),
        _ => test.scalar(),
    };
    Some(match (in_shell, &words(test, env)[..]) {
        (Some(text), _) => command_line::celery_commands(&interpolate::of_command(text, env).0),
        (None, [form, command @ ..]) if form.as_str() == "CMD" => celery_in(command, &[], &Environment::default()),
        _ => Vec::new(),
    })
}

/// The words of a health check that ask a server, where the service opens no port.
fn web_probe(service: &Node) -> Option<Text> {
    let test = service.path(["healthcheck", "test"])?;
    let mut words = test.items().iter().filter_map(|item| item.written()).chain(test.written());
    let asks = |text: &&Text| super::asks_own_server(text.as_str());
    let opens = service.get("ports").is_some() || service.get("expose").is_some();
    words.find(asks).filter(|_| !opens).cloned()
}

/// Compose drops what stands behind an operator of a string.
fn unreached(node: &Node) -> Option<Text> {
    let Some(text) = node.written() else { return super::unreached(&words(node, None)) };
    let commands = shell_words::read(text);
    let (first, behind) = commands.split_first().filter(|(first, _)| !first.followed_by.is_empty())?;
    let behind: Vec<Word> = behind.iter().flat_map(|command| command.words.iter().cloned()).collect();
    super::celery_behind(&first.words, first.followed_by, &behind)
}

/// A string is split into words as a shell does, but no shell runs it; a list is words.
fn words(node: &Node, env: Option<&Environment>) -> Vec<Word> {
    let is_list = node.written().is_none();
    let written: Vec<Word> = match node.written() {
        // Without a shell, `&&` and `;` are words like any other; what follows them is no command.
        Some(text) => shell_words::read(text).into_iter().next().map(|command| command.words).unwrap_or_default(),
        None => node.items().iter().filter_map(|item| item.written()).cloned().map(Word::plain).collect(),
    };
    let filled = |word: Word| {
        let (text, is_open) = interpolate::of_command(&word.text, env);
        let quoted = is_list || word.quoted;
        let expands = is_open || text.as_str().contains("{{");
        // Compose fills in before it splits: a value may be several words.
        let is_one = quoted || text.as_str() == word.as_str();
        let word = Word { text, expands, quoted };
        if is_one { vec![word] } else { word.split() }
    };
    written.into_iter().flat_map(filled).collect()
}
