//! Processes that systemd, Supervisor and init scripts start.

use super::{containers, file_name};
use crate::facts::Piece;
use crate::facts::containers::UserSet;
use crate::facts::copies::Copies;
use crate::facts::daemons::Daemon;
use crate::facts::environment::Environment;
use crate::facts::value::Template;
use crate::intake::Kind;
use crate::read::command_line::{self, CeleryCommand, Started};
use crate::read::env_file::{EnvFile, Variable};
use crate::read::sections::{Entry, Section, Sections};
use crate::read::shell_words::Word;
use crate::read::{Document, supervisord, systemd};
use crate::text::{Text, TextBuilder, order};

/// A daemon with what it starts.
pub(super) struct Found {
    pub(super) daemon: Daemon,
    pub(super) commands: Vec<CeleryCommand>,
    pub(super) environment: Environment,
}

/// The daemons of a deployment.
pub(super) fn gather(pieces: &[Piece], deployment: &[usize], loose: &Environment) -> Vec<Found> {
    let mut found = Vec::new();
    let mut units: Vec<(String, Vec<usize>)> = Vec::new();
    for &index in deployment {
        let piece = &pieces[index];
        match (&piece.document, piece.kind) {
            (Document::Sections(_), Kind::Systemd) => {
                let name = unit_name(&piece.path);
                match units.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, same)) => same.push(index),
                    None => units.push((name, vec![index])),
                }
            }
            (Document::Sections(sections), Kind::Supervisord) => {
                let first = found.len();
                supervised(sections, pieces, loose, &mut found);
                // Terraform, envsubst and their like fill in the variables of a template.
                if [".tpl", ".tmpl", ".template", ".in"].iter().any(|ending| piece.path.ends_with(ending)) {
                    found[first..].iter_mut().flat_map(|it| &mut it.commands).for_each(CeleryCommand::is_filled_in);
                }
            }
            // The file of beat's init script starts no worker, whatever it sets.
            (Document::EnvFile(_), Kind::Celeryd) if file_name(&piece.path).starts_with("celerybeat") => {}
            (Document::EnvFile(file), Kind::Celeryd) => found.extend(of_init_script(file)),
            _ => {}
        }
    }
    for (name, mut same) in units {
        // What a drop-in says comes after what the unit says.
        order::sort_by_key(&mut same, |index| pieces[*index].path.contains(".service.d/"));
        found.extend(unit(&name, &same, pieces, loose));
    }
    found
}

/// Whether a unit of the paste names an env file; it is no init script's then.
pub(super) fn is_named_by_a_unit(file: &Piece, pieces: &[Piece]) -> bool {
    pieces.iter().filter(|piece| piece.kind == Kind::Systemd).any(|piece| match &piece.document {
        Document::Sections(sections) => sections.all("Service", "EnvironmentFile").any(|entry| {
            let path = entry.value.as_str().trim_start_matches('-');
            is_named(path, &file.path)
        }),
        _ => false,
    })
}

/// `celery.service`, also of a drop-in of it.
fn unit_name(path: &str) -> String {
    let folder = path.rsplit('/').nth(1).and_then(|folder| folder.strip_suffix(".d"));
    folder.unwrap_or(file_name(path)).to_owned()
}

fn unit(name: &str, same: &[usize], pieces: &[Piece], loose: &Environment) -> Option<Found> {
    let sections: Vec<&Sections> = same
        .iter()
        .filter_map(|index| match &pieces[*index].document {
            Document::Sections(sections) => Some(sections),
            _ => None,
        })
        .collect();
    let all = |key: &str| -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for entry in sections.iter().flat_map(|it| it.of("Service")).flat_map(|it| &it.entries) {
            match entry.key.as_str() == key {
                // An empty value forgets what was said before.
                true if entry.value.trim().is_empty() => entries.clear(),
                true => entries.push(entry.clone()),
                false => {}
            }
        }
        entries
    };
    let last = |key: &str| all(key).pop().map(|entry| entry.value.trim());
    let environment = environment_of_unit(&all, pieces, loose);
    let known = |name: &str| environment.get(name)?.value.as_ref()?.whole().cloned();
    let mut commands = Vec::new();
    let mut is_privileged = false;
    let mut unreached = None;
    for key in ["ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop"] {
        for entry in all(key) {
            for line in systemd::command_lines(&entry.value, &known) {
                unreached = unreached.or_else(|| containers::unreached(&line.words));
                let mut here = calls(line.words, &environment);
                if key == "ExecStart" {
                    is_privileged |= line.is_privileged && !here.is_empty();
                    here =
                        here.into_iter().map(|command| command.nodes.clone().map_or(command, |nodes| *nodes)).collect();
                } else {
                    // To stop nodes, or to start them again, is no process of its own.
                    here.retain(|command| command.subcommand.as_ref().is_none_or(|name| name.as_str() != "multi"));
                }
                commands.append(&mut here);
            }
        }
    }
    let at = all("ExecStart").pop()?.value;
    let user = last("User").or_else(|| last("DynamicUser").filter(|it| systemd_true(it.as_str())));
    Some(Found {
        daemon: Daemon {
            name: name.strip_suffix(".service").unwrap_or_default().to_owned(),
            at,
            kind: Kind::Systemd,
            user: user.filter(|_| !is_privileged).map(|name| UserSet { name }),
            group: last("Group").map(|name| UserSet { name }),
            is_root_otherwise: is_privileged || is_of_the_system(same, pieces, &sections),
            directory: last("WorkingDirectory").filter(|it| !it.as_str().contains('%')),
            service_type: last("Type"),
            stays_when_done: last("RemainAfterExit").is_some()
                || last("KillMode").is_some()
                // The unit itself, which was not pasted, may say more.
                || same.iter().all(|index| pieces[*index].path.contains(".d/")),
            shows_variables: env_files(&all, pieces).all(|file| file.is_some()) && last("PassEnvironment").is_none(),
            sets: all("Environment").into_iter().map(|entry| entry.value).collect(),
            dropped: env_files(&all, pieces).flatten().flat_map(exported).collect(),
            unreached,
            copies: None,
        },
        commands,
        environment,
    })
}

fn systemd_true(word: &str) -> bool {
    ["1", "yes", "y", "true", "t", "on"].contains(&word.to_ascii_lowercase().as_str())
}

/// Whether a unit is certainly one of the system, which starts as root: a user's own manager has no such targets.
fn is_of_the_system(same: &[usize], pieces: &[Piece], sections: &[&Sections]) -> bool {
    let path = |part: &str| same.iter().any(|index| pieces[*index].path.contains(part));
    if path("systemd/user") {
        return false;
    }
    let targets = || sections.iter().flat_map(|it| it.all("Install", "WantedBy"));
    path("systemd/system")
        || targets().any(|entry| {
            entry.value.as_str().split_whitespace().any(|it| ["multi-user.target", "graphical.target"].contains(&it))
        })
}

/// `Environment=` first; what files say wins over it (systemd.exec, EnvironmentFile=).
fn environment_of_unit(all: &dyn Fn(&str) -> Vec<Entry>, pieces: &[Piece], loose: &Environment) -> Environment {
    // A file that lies beside the unit may be read by the app itself.
    let mut environment = if loose.is_empty() { Environment::default() } else { loose.clone() };
    for entry in all("PassEnvironment") {
        for word in systemd::assignments(&entry.value) {
            environment.set(word.text, None);
        }
    }
    for entry in all("Environment") {
        for word in systemd::assignments(&entry.value) {
            let Some(equals) = word.as_str().find('=') else { continue };
            let value = word.text.slice(equals + 1..word.text.len());
            let name = word.text.slice(0..equals);
            environment.set(name, (!word.expands).then(|| Template::plain(value)));
        }
    }
    for file in env_files(all, pieces) {
        match file {
            Some(file) => environment = environment.overlaid(&of_file(file)),
            None => environment.open = true,
        }
    }
    environment
}

/// The env files that a unit names; `None` for one that was not pasted.
fn env_files<'a>(
    all: &dyn Fn(&str) -> Vec<Entry>,
    pieces: &'a [Piece],
) -> impl Iterator<Item = Option<&'a EnvFile>> + use<'a> {
    all("EnvironmentFile").into_iter().map(|entry| {
        let value = entry.value.trim();
        let path = value.as_str().trim_start_matches('-');
        let mut same = pieces.iter().filter(|piece| is_named(path, &piece.path));
        match &same.next().filter(|_| same.next().is_none())?.document {
            Document::EnvFile(file) => Some(file),
            _ => None,
        }
    })
}

/// What a file sets only with `export`.
fn exported(file: &EnvFile) -> Vec<Text> {
    let is_set = |name: &str| file.variables.iter().any(|it| !it.exported && it.name.as_str() == name);
    let dropped = file.variables.iter().filter(|it| it.exported && it.value.is_some() && !is_set(it.name.as_str()));
    dropped.map(|variable| variable.name.clone()).collect()
}

/// Whether a path is that of a pasted file: of the same name, or of Celery's sample for it (`celery.conf`).
fn is_named(path: &str, pasted: &str) -> bool {
    let (wanted, name) = (file_name(path), file_name(pasted));
    let name = name.trim_end_matches(".example").trim_end_matches(".sample");
    wanted == name || (["celery", "celeryd", "celerybeat"].contains(&wanted) && name == format!("{wanted}.conf"))
}

/// systemd fills in nothing in its env files, and does not know `export`.
fn of_file(file: &EnvFile) -> Environment {
    let mut environment = Environment::default();
    for variable in file.variables.iter().filter(|variable| !variable.exported) {
        if let Some(value) = &variable.value {
            environment.set(variable.name.clone(), Some(Template::plain(value.clone())));
        }
    }
    environment.all_in_env_file();
    environment
}

/// The calls of Celery of a command line that no shell runs.
fn calls(words: Vec<Word>, environment: &Environment) -> Vec<CeleryCommand> {
    let environment = environment.named_in(words.iter().map(|word| &word.text));
    let started = Started { words, environment, ..Started::default() };
    command_line::started_in(started).iter().filter_map(command_line::celery).collect()
}

/// The programs of a configuration of Supervisor.
fn supervised(sections: &Sections, pieces: &[Piece], loose: &Environment, found: &mut Vec<Found>) {
    // Programs in files of their own run under the one supervisord of the paste.
    let mut daemons = pieces.iter().filter(|piece| piece.kind == Kind::Supervisord).filter_map(|piece| {
        let Document::Sections(sections) = &piece.document else { return None };
        sections.of("supervisord").last()
    });
    let main = sections.of("supervisord").last().or_else(|| daemons.next().filter(|_| daemons.next().is_none()));
    let of_main = main.and_then(|main| main.last("user")).filter(|user| user.as_str() == "root");
    // It begins with what supervisord itself was started with.
    let with_variables = |mut environment: Environment, section: &Section| {
        for (name, value) in section.last("environment").map(supervisord::variables).unwrap_or_default() {
            environment.set(name, value.map(Template::plain));
        }
        environment
    };
    let mut of_supervisord = loose.clone();
    of_supervisord.open = true;
    of_supervisord = main.into_iter().fold(of_supervisord, with_variables);
    for section in &sections.list {
        let name = section.name.as_str();
        let Some(colon) = ["program:", "fcgi-program:", "eventlistener:"].iter().find(|kind| name.starts_with(**kind))
        else {
            continue;
        };
        let program = section.name.slice(colon.len()..name.len()).trim();
        let Some(command) = section.last("command") else { continue };
        let environment = with_variables(of_supervisord.clone(), section);
        let words = supervisord::command_words(command, &program);
        let unreached = containers::unreached(&words);
        let commands = calls(words, &environment);
        let set = |section: &Section, key: &str| section.last(key).filter(|it| !it.as_str().contains('%')).cloned();
        let own = section.last("user").map(|user| UserSet { name: user.clone() });
        found.push(Found {
            daemon: Daemon {
                name: program.as_str().to_owned(),
                at: command.clone(),
                kind: Kind::Supervisord,
                user: own.or_else(|| of_main.map(|name| UserSet { name: name.clone() })),
                group: None,
                is_root_otherwise: false,
                directory: set(section, "directory"),
                service_type: None,
                stays_when_done: false,
                shows_variables: false,
                sets: main.into_iter().chain([section]).filter_map(|it| it.last("environment").cloned()).collect(),
                dropped: Vec::new(),
                unreached,
                copies: copies(section),
            },
            commands,
            environment,
        });
    }
}

/// `numprocs`, or none where supervisord does not start the program by itself.
fn copies(section: &Section) -> Option<Copies> {
    let is_off = |it: &&Text| ["false", "no", "off", "0"].contains(&it.as_str().to_ascii_lowercase().as_str());
    if let Some(at) = section.last("autostart").filter(is_off) {
        return Some(Copies { at: at.clone(), most: 0 });
    }
    let number = section.last("numprocs")?;
    Some(Copies { at: number.clone(), most: number.trim().as_str().parse().ok()? })
}

/// The workers that Celery's init script starts with the variables of its file.
fn of_init_script(file: &EnvFile) -> Option<Found> {
    let known = |name: &str| file.get(name).filter(|it| it.references.is_empty())?.value.clone();
    let options = known("CELERYD_OPTS");
    let nodes = known("CELERYD_NODES");
    let first = options.as_ref().or(nodes.as_ref())?;
    // Files of Celery 3 may name programs that we do not see through.
    if ["CELERYD_MULTI", "CELERYD"].iter().any(|name| file.get(name).is_some()) {
        return None;
    }
    let said = |text: &str| Word::plain(Text::pointing_at(first, text));
    let program = known("CELERY_BIN").map_or_else(|| said("celery"), Word::plain);
    let mut words = vec![program, said("multi"), said("start")];
    let split = |text: &Text| -> Vec<Word> {
        let start = text.as_str().as_ptr() as usize;
        let parts = text.as_str().split_whitespace();
        parts
            .map(|part| (part.as_ptr() as usize - start, part.len()))
            .map(|(at, len)| Word::plain(text.slice(at..at + len)))
            .collect()
    };
    words.extend(nodes.as_ref().map(split).unwrap_or_default());
    for (option, name) in [("--app=", "CELERY_APP"), ("--loglevel=", "CELERYD_LOG_LEVEL")] {
        if let Some(value) = known(name).filter(|value| !value.is_empty()) {
            let mut word = TextBuilder::new(&value);
            word.push_decoded(option, &value);
            word.push(&value);
            words.push(Word::plain(word.finish()));
        }
    }
    words.extend(options.as_ref().map(split).unwrap_or_default());
    let command = command_line::celery(&Started { words, ..Started::default() })?;
    let mut environment = Environment::unknown();
    // The script sources the file: what it exports is in the environment.
    for variable in file.variables.iter().filter(|variable| variable.exported) {
        let value = variable.value.as_ref().filter(|_| variable.references.is_empty());
        environment.set(variable.name.clone(), value.map(|text| Template::plain(text.clone())));
    }
    let set = |name: &str| known(name).filter(|value| !value.is_empty()).map(|name| UserSet { name });
    Some(Found {
        daemon: Daemon {
            name: String::new(),
            at: first.clone(),
            kind: Kind::Celeryd,
            user: set("CELERYD_USER"),
            group: set("CELERYD_GROUP"),
            is_root_otherwise: false,
            directory: known("CELERYD_CHDIR"),
            service_type: None,
            stays_when_done: false,
            shows_variables: false,
            sets: names_of(file),
            unreached: None,
            dropped: file.variables.iter().filter(|it| has_blank(it)).map(|it| it.name.clone()).collect(),
            copies: None,
        },
        commands: command.nodes.map(|nodes| *nodes).into_iter().collect(),
        environment,
    })
}

/// The names that a file sets and does not use itself.
fn names_of(file: &EnvFile) -> Vec<Text> {
    let names = file.variables.iter().map(|variable| &variable.name);
    let is_used = |name: &Text| file.variables.iter().any(|it| it.written.as_str().contains(name.as_str()));
    names.filter(|name| !is_used(name)).cloned().collect()
}

/// Whether a blank stands beside the `=`: a shell takes the name for a command then, or the value.
fn has_blank(variable: &Variable) -> bool {
    variable.at.as_str().split_once('=').is_some_and(|(name, value)| {
        name.ends_with([' ', '\t']) || (value.starts_with([' ', '\t']) && !value.trim().is_empty())
    })
}
