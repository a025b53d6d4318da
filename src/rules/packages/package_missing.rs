use std::collections::BTreeMap;

use crate::catalogue::{Message, cards};
use crate::facts::packages::{Installed, ListDoes, PackageList, Packages, Requirement};
use crate::facts::{Facts, Process, Role, Variant, VersionSet, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::backends;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role as Place;

use super::PACKAGE_KINDS;

pub(super) const RULE: Rule = Rule { card: &cards::PACKAGE_MISSING, sees: PACKAGE_KINDS, check };

/// The clients of brokers: the scheme, the packages any one of which will do, and the extra.
const BROKERS: [(&str, &[&str], &str); 8] = [
    ("redis", &["redis"], "redis"),
    ("rediss", &["redis"], "redis"),
    ("sentinel", &["redis"], "redis"),
    ("sqs", &["boto3"], "sqs"),
    ("mongodb", &["pymongo"], "mongodb"),
    ("sqla", &["sqlalchemy"], "sqlalchemy"),
    ("sqlalchemy", &["sqlalchemy"], "sqlalchemy"),
    ("zookeeper", &["kazoo"], "zookeeper"),
];

/// The pools that need a package. Their extras are the names.
const POOLS: [&str; 2] = ["eventlet", "gevent"];

/// How a scheduler's name begins, and its package.
const SCHEDULERS: [(&str, &str); 3] = [
    ("django", "django-celery-beat"),
    ("redbeat", "celery-redbeat"),
    ("sqlalchemy_celery_beat", "sqlalchemy-celery-beat"),
];

/// The packages of serializers and ways to compress, as kombu imports them (kombu/serialization.py, kombu/compression.py).
const ENCODERS: [(&str, &[&str], &str); 6] = [
    ("yaml", &["pyyaml"], "yaml"),
    ("msgpack", &["msgpack"], "msgpack"),
    ("auth", &["cryptography"], "auth"),
    ("brotli", &["brotli"], "brotli"),
    ("zstd", &["zstandard"], "zstd"),
    ("zstandard", &["zstandard"], "zstd"),
];

/// The settings that choose one.
const ENCODED: [&str; 5] =
    ["task_serializer", "result_serializer", "event_serializer", "task_compression", "result_compression"];

/// Packages that bring a client along without showing it in their name.
const BRINGS: [(&str, &str); 21] = [
    ("alembic", "sqlalchemy"),
    ("apache-airflow", "sqlalchemy"),
    ("cachecontrol", "msgpack"),
    ("celery-redbeat", "redis"),
    ("celery-singleton", "redis"),
    ("connexion", "pyyaml"),
    ("django-allauth", "cryptography"),
    ("django-ses", "boto3"),
    ("drf-spectacular", "pyyaml"),
    ("flasgger", "pyyaml"),
    ("kubernetes", "pyyaml"),
    ("mongoengine", "pymongo"),
    ("motor", "pymongo"),
    ("paramiko", "cryptography"),
    ("pyopenssl", "cryptography"),
    ("rq", "redis"),
    ("sagemaker", "boto3"),
    ("sqlmodel", "sqlalchemy"),
    ("uvicorn", "pyyaml"),
    ("watchtower", "boto3"),
    ("zappa", "boto3"),
];

/// Something in use, and what it needs.
struct Need {
    at: Text,
    scope: String,
    packages: Vec<&'static str>,
    extra: &'static str,
    /// Whether it holds only under a condition.
    conditional: bool,
    for_tests: bool,
    /// Whether all starts without it, and only what should be sent cannot be put into bytes.
    encodes: bool,
}

fn check(facts: &Facts, findings: &mut Findings) {
    if facts.packages.named("celery").next().is_none() {
        return celery_itself(facts, findings);
    }
    let folders = own_folders(facts);
    let mut by_folder: BTreeMap<&str, Vec<Need>> = BTreeMap::new();
    for need in needs(facts) {
        let path = if folders.is_empty() { "" } else { facts.paths.of(&need.at) };
        let folder = folders.iter().find(|folder| path.starts_with(folder.as_str())).map_or("", String::as_str);
        by_folder.entry(folder).or_default().push(need);
    }
    for (folder, needs) in by_folder {
        if folder.is_empty() {
            say(&facts.packages, needs, findings);
        } else {
            let serves = |list: &&PackageList| {
                let own = folder_of(facts, list);
                own.starts_with(folder) || folder.starts_with(&own)
            };
            let lists = facts.packages.lists.iter().filter(serves).cloned().collect();
            say(&Packages { lists, pythons: Vec::new() }, needs, findings);
        }
    }
}

/// The folder of a list, with its `/`.
fn folder_of(facts: &Facts, list: &PackageList) -> String {
    let path = list.requirements.first().map_or("", |it| facts.paths.of(&it.at));
    path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

/// Folders of which each has the code of an app, and a list of its own that names Celery: what another such folder
/// installs is of no use to them.
fn own_folders(facts: &Facts) -> Vec<String> {
    let lists = facts.packages.installing().filter(|list| list.requirements.iter().any(|it| it.name == "celery"));
    let mut folders: Vec<String> = lists.map(|list| folder_of(facts, list)).collect();
    let makers = || facts.python_code.iter().filter(|file| !file.wiring.apps.is_empty());
    folders.sort_unstable();
    folders.dedup();
    folders.retain(|folder| makers().any(|file| file.path.starts_with(folder.as_str())));
    let is_apart = |one: &String| folders.iter().all(|it| it == one || !it.starts_with(one) && !one.starts_with(it));
    if folders.len() > 1 && folders.iter().all(is_apart) { folders } else { Vec::new() }
}

fn say(packages: &Packages, needs: Vec<Need>, findings: &mut Findings) {
    let Some(list) = packages.named("celery").next() else { return };
    let needs: Vec<Need> = needs.into_iter().filter(|need| !comes_with_an_extra(packages, need)).collect();
    let mut told: Vec<&str> = Vec::new();
    for need in &needs {
        let package = need.packages[0];
        // One package is one thing to mend, however often it is used.
        if told.contains(&package) {
            continue;
        }
        told.push(package);
        let found = &need.at;
        let message: Message = match packages.installed(&need.packages) {
            // A list that has `django-redis` and no `redis` is no lock of everything.
            Installed::No
                if !packages
                    .installing()
                    .flat_map(|list| &list.requirements)
                    .any(|it| it.name.ends_with(&format!("-{package}"))) =>
            {
                match need.encodes {
                    true => cards::PackageMissing::EncoderNotLocked { found, package }.into(),
                    false => cards::PackageMissing::NotLocked { found, package }.into(),
                }
            }
            Installed::NotNamed if !may_bring(packages, need) => match need.encodes {
                true => cards::PackageMissing::EncoderNotNamed { found, package }.into(),
                false => cards::PackageMissing::NotNamed { found, package }.into(),
            },
            _ => continue,
        };
        let of_package = || needs.iter().filter(|other| other.packages[0] == package);
        let finding = findings
            .add(message)
            .at(found)
            .related(&list.at, Place::Cause)
            .uncertain_if(of_package().all(|it| it.conditional))
            .at_most_info_if(of_package().all(|it| it.for_tests));
        for other in of_package() {
            finding.scope(&other.scope);
            if other.at.span() != found.span() {
                finding.related(&other.at, Place::Cause);
            }
        }
    }
}

/// An image that starts Celery, where the one list of packages has nothing that is named after it.
fn celery_itself(facts: &Facts, findings: &mut Findings) {
    let packages = &facts.packages;
    let mut lists = packages.installing();
    let (Some(list), None) = (lists.next(), lists.next()) else { return };
    let may_bring = |it: &Requirement| {
        ["celery", "flower", "airflow", "superset", "nautobot", "kombu"].iter().any(|name| it.name.contains(name))
            || it.extras.iter().any(|extra| extra.as_str().contains("celery"))
            || it.specifiers.is_none()
    };
    if packages.lists.iter().any(|list| list.open) || list.requirements.iter().any(may_bring) {
        return;
    }
    let Some(first) = list.requirements.first() else { return };
    let is_of_python = |variant: &Variant, process: &Process| {
        variant
            .image_of(process)
            .is_some_and(|image| image.base.as_str().contains("python") && image.base_runs_as_root())
    };
    let mut processes = facts.processes().filter(|(variant, process)| is_of_python(variant, process));
    if let Some((_, process)) = processes.next() {
        let found = &process.command.program;
        let message: Message = match list.does {
            ListDoes::Lock => cards::PackageMissing::NotLocked { found, package: "celery" }.into(),
            _ => cards::PackageMissing::NotNamed { found, package: "celery" }.into(),
        };
        findings.add(message).at(found).related(&first.at, Place::Cause).scope(&process.name);
    }
}

/// Whether an extra brings it. One that installs nothing on this Python has a rule of its own.
fn comes_with_an_extra(packages: &Packages, need: &Need) -> bool {
    let of = |extra: &str| packages.has_extra("celery", extra) || packages.has_extra("kombu", extra);
    !need.extra.is_empty() && of(need.extra) || need.extra == "memcache" && of("pymemcache")
}

/// Whether something on the lists is named after the same product, and may bring the client along: `django-redis`.
fn may_bring(packages: &Packages, need: &Need) -> bool {
    packages.installing().flat_map(|list| &list.requirements).any(|it| {
        need.packages.iter().any(|package| {
            let product = package.trim_start_matches("py").trim_end_matches(|c: char| c.is_ascii_digit());
            it.name.contains(product)
        }) || (!need.extra.is_empty() && it.name.contains(need.extra))
            // `gunicorn[gevent]` installs gevent.
            || it.extras.iter().any(|extra| need.packages.contains(&extra.as_str()))
            || BRINGS.iter().any(|(brings, client)| it.name == *brings && need.packages.contains(client))
    })
}

fn needs(facts: &Facts) -> Vec<Need> {
    let mut found = Vec::new();
    for (_, scope) in facts.scopes() {
        let mut add = |said: &crate::facts::Said<'_>, at: Text, packages: Vec<&'static str>, extra: &'static str| {
            if !packages.is_empty() {
                found.push(Need {
                    at,
                    scope: scope.name.clone(),
                    extra,
                    conditional: said.is_conditional(),
                    for_tests: said.is_for_tests(),
                    encodes: ENCODERS.iter().any(|(_, needed, _)| **needed == packages[..]),
                    packages,
                });
            }
        };
        for said in scope.said("result_backend") {
            let Some(alias) = said.text().map(url::parse).and_then(|url| url.scheme_name()) else { continue };
            if let Some(row) = backends::find(alias.as_str()) {
                let in_memory = said.text().is_some_and(|text| text.as_str().starts_with("cache+memory"));
                if !in_memory && !matches!(row.alias, "riak") {
                    let packages =
                        if row.alias == "cache" { memcached(&facts.celery) } else { row.packages().collect() };
                    add(&said, alias, packages, row.extra);
                }
            }
        }
        for said in scope.said("broker_url") {
            let Some(scheme) = said.text().map(url::parse).and_then(|url| url.scheme_name()) else { continue };
            if let Some((_, packages, extra)) = BROKERS.iter().find(|(name, ..)| *name == scheme.as_str()) {
                add(&said, scheme, packages.to_vec(), extra);
            }
        }
        for said in scope.said("worker_pool") {
            let Some(pool) = said.known.whole_text() else { continue };
            if let Some(package) = POOLS.iter().find(|name| **name == pool.as_str()) {
                add(&said, pool.clone(), vec![*package], package);
            }
        }
        for said in ENCODED.iter().flat_map(|setting| scope.said(setting)) {
            let Some(name) = said.known.whole_text() else { continue };
            if let Some((_, packages, extra)) = ENCODERS.iter().find(|(known, ..)| *known == name.as_str()) {
                add(&said, name.clone(), packages.to_vec(), extra);
            }
        }
        for said in scope.said("beat_scheduler") {
            let Some(name) = said.known.whole_text() else { continue };
            add(&said, name.clone(), scheduler(name).into_iter().collect(), "");
        }
    }
    for (variant, process) in facts.processes() {
        // Celery itself has no such sub-command (setup.py of flower, celery.commands). An image that was not built here
        // may bring it along.
        let has_own_image = variant.container_of(process).is_some_and(|container| container.image.is_some());
        let subcommand = process.command.subcommand.as_ref().filter(|_| process.role == Role::Flower && !has_own_image);
        if let Some(at) = subcommand {
            found.push(Need {
                at: at.clone(),
                scope: process.name.clone(),
                packages: vec!["flower"],
                extra: "",
                // What somebody types may run elsewhere.
                conditional: process.kind == Kind::Command,
                for_tests: false,
                encodes: false,
            });
        }
        let of_command = [("--pool", Role::Worker), ("--scheduler", Role::Beat)];
        for (option, role) in of_command.into_iter().filter(|(_, role)| *role == process.role) {
            let Some(word) = process.command.value(option).filter(|word| !word.expands) else { continue };
            let (package, extra) = match role {
                Role::Worker => match POOLS.iter().find(|name| **name == word.as_str()) {
                    Some(pool) => (Some(*pool), *pool),
                    None => (None, ""),
                },
                _ => (scheduler(&word.text), ""),
            };
            if let Some(package) = package {
                let is_shell = process.kind == Kind::Command;
                found.push(Need {
                    at: word.text.clone(),
                    scope: process.name.clone(),
                    packages: vec![package],
                    extra,
                    // What somebody types may run elsewhere.
                    conditional: is_shell,
                    for_tests: false,
                    encodes: false,
                });
            }
        }
    }
    found
}

/// The clients of Memcached: 5.7 uses another than the releases before it (celery/backends/cache.py).
fn memcached(celery: &VersionSet) -> Vec<&'static str> {
    let mut packages = Vec::new();
    if celery.any_in(">=5.7") {
        packages.push("pymemcache");
    }
    if celery.any_in("<5.7") {
        packages.extend(["pylibmc", "python-memcached"]);
    }
    packages
}

/// The package of a scheduler: `django`, `django_celery_beat.schedulers:DatabaseScheduler`, `redbeat.RedBeatScheduler`.
fn scheduler(name: &Text) -> Option<&'static str> {
    let first = name.as_str().split(['.', ':']).next()?;
    let package = SCHEDULERS.iter().find(|(start, _)| *start == first).map(|(_, package)| *package);
    package.or_else(|| (first == "django_celery_beat").then_some("django-celery-beat"))
}
